/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "tap.h"

#include <stdlib.h>

static void
growing(void)
{
	struct str s = STR_INIT;
	size_t n = 0;

	str_add(&s, "");
	is_text(s.text, "", "an empty addition makes an empty text");
	str_add(&s, "one");
	str_addc(&s, ' ');
	str_addn(&s, "two and more", 3);
	str_addf(&s, " %d%%%s", 3, "");
	is_text(s.text, "one two 3%", "what is added is appended");
	is_int(s.len, 10, "and counted");
	str_cut(&s, 3);
	is_text(s.text, "one", "a cut leaves the beginning");
	str_reset(&s);
	is_text(s.text, "", "a reset nothing");
	for (; n < 100000; n++)
		str_addc(&s, (char)('a' + n % 26));
	ok(s.len == n && s.text[n - 1] == 'a' + (char)((n - 1) % 26) && !s.text[n],
	    "a long text is whole and ended");
	str_done(&s);
	ok(!s.text && !s.len && !s.room, "done leaves it as new");
}

static void
bytes(void)
{
	struct str s = STR_INIT;

	str_addn(&s, "a\0b", 3);
	ok(s.len == 3 && !memcmp(s.text, "a\0b", 4),
	    "NUL bytes are kept and one more ends the text");
	memcpy(str_space(&s, 2), "cd", 2);
	is_int(s.len, 3, "space is not counted");
	str_grown(&s, 2);
	ok(s.len == 5 && !memcmp(s.text, "a\0bcd", 6), "until it is said to be filled");
	str_done(&s);
}

static void
taking(void)
{
	struct str s = STR_INIT;
	char *text = str_take(&s);

	is_text(text, "", "what is taken is never NULL");
	free(text);
	str_add(&s, "mine");
	text = str_take(&s);
	ok(!s.text && !s.len, "the str is as new");
	is_text(text, "mine", "and the text the taker's");
	free(text);
}

int
main(void)
{
	growing();
	bytes();
	taking();
	return tap_end();
}
