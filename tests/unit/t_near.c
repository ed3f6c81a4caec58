/* SPDX-License-Identifier: Apache-2.0 */
#include "base/near.h"
#include "tap.h"

static const char *
nearest(const char *word)
{
	static const char *const known[] = {"region", "reason", "cell", "cloud", "ip_address", "q"};
	struct near near = NEAR_INIT(word);

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		near_offer(&near, known[i]);
	return near.best;
}

static void
hint_for_a_long_word(void)
{
	static const char word[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct near near = NEAR_INIT(word);

	near_offer(&near, word);
	ok(!near.best, "no word of 65 letters is near another");
}

int
main(void)
{
	struct near near = NEAR_INIT("regoin");
	char hint[NEAR_HINT];

	is_text(nearest("regin"), "region", "a missing letter is near");
	is_text(nearest("regioon"), "region", "so is one too many");
	is_text(nearest("regiom"), "region", "a wrong one");
	is_text(nearest("regoin"), "region", "two that are swapped");
	is_text(nearest("REGION"), "region", "and another case");
	is_text(nearest("resion"), "region", "of two near ones the first that is nearest wins");
	is_text(nearest("ipaddres"), "ip_address", "a longer word may have more wrong");
	is_text(nearest("clod"), "cloud", "a third of the letters at most");
	is_text(nearest("database"), NULL, "what is too far is not near");
	is_text(nearest("x"), NULL, "one letter must be right");
	is_text(nearest(""), NULL, "nothing is near to nothing");
	hint_for_a_long_word();
	is_text(near_hint(&near, hint), "", "without a near miss there is no hint");
	near_offer(&near, "region");
	is_text(near_hint(&near, hint), "; did you mean \"region\"?", "with one there is");
	return tap_end();
}
