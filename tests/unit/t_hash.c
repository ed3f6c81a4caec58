/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "tap.h"

/* The examples of FIPS 180-2, appendix B, and the hash of nothing. */
static const char of_nothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char of_abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char of_a_million[] =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void
known_answers(void)
{
	char text[HASH_TEXT];
	struct hash h;

	hash_init(&h);
	is_text(hash_end(&h, text), of_nothing, "nothing has a hash");
	hash_init(&h);
	hash_add(&h, "abc", 3);
	is_text(hash_end(&h, text), of_abc, "the standard's short example comes out");
	hash_init(&h);
	for (int i = 0; i < 100000; i++)
		hash_add(&h, "aaaaaaaaaa", 10);
	is_text(hash_end(&h, text), of_a_million, "and its long one, in pieces");
}

static void
base64(void)
{
	char text[HASH_BASE64];
	struct hash h;

	hash_init(&h);
	hash_add(&h, "abc", 3);
	is_text(hash_end_base64(&h, text),
	    "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "the same bytes in base64");
}

static const char *
of_two(const char *a, const char *b, char text[HASH_TEXT])
{
	struct hash h;

	hash_init(&h);
	hash_add_text(&h, a);
	hash_add_text(&h, b);
	return hash_end(&h, text);
}

static void
strings_keep_their_borders(void)
{
	char a[HASH_TEXT], b[HASH_TEXT];

	ok(!strcmp(of_two("ab", "c", a), of_two("ab", "c", b)), "the same strings hash the same");
	ok(strcmp(of_two("ab", "c", a), of_two("a", "bc", b)) != 0,
	    "another border is another hash");
	ok(strcmp(of_two("", "a", a), of_two(NULL, "a", b)) != 0, "absent is not empty");
}

int
main(void)
{
	known_answers();
	base64();
	strings_keep_their_borders();
	return tap_end();
}
