/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "base/pattern.h"
#include "base/regexp.h"
#include "base/when.h"
#include "tap.h"

#include <stdlib.h>

static const struct {
	char language; /* l, g or r */
	const char *pattern, *text;
	int matches;
} cases[] = {
    {'l', "", "", 1},
    {'l', "", "a", 0},
    {'l', "%", "", 1},
    {'l', "a%c", "abbc", 1},
    {'l', "a%c", "abbcd", 0},
    {'l', "a%b%c", "a-b-b-c", 1},
    {'l', "%ab", "aab", 1},
    {'l', "_", "\xc3\xbc", 1},
    {'l', "__", "\xc3\xbc", 0},
    {'l', "A", "a", 0},
    {'l', "[a]*", "[a]*", 1},
    {'g', "*", "", 1},
    {'g', "h?st*", "host-1", 1},
    {'g', "h?st*", "hst", 0},
    {'g', "[a-c]", "b", 1},
    {'g', "[^a-c]", "b", 0},
    {'g', "[^a-c]x", "dx", 1},
    {'g', "[]x]", "]", 1},
    {'g', "[a-]", "-", 1},
    {'g', "[\xc3\xa0-\xc3\xbc]", "\xc3\xa9", 1},
    {'g', "[a", "a", 0},
    {'g', "x[", "x[", 0},
    {'g', "%_", "%_", 1},
    {'r', "^h\\d+$", "h12", 1},
    {'r', "^h\\d+$", "xh12", 0},
    {'r', "b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 1},
    {'r', "(?<=a)b$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 1},
    {'r', "^b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 0},
    {'r', "\xc3\xbc$", "\xc3\xa4\xc3\xb6\xc3\xbc", 1},
    {'r', "(?i)ABC", "xabcx", 1},
    {'r', "x*", "", 1},
    {'r', "a{0}$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1},
};

static int
match(char language, const char *pattern, const char *text)
{
	size_t pattern_len = strlen(pattern), len = strlen(text);
	struct fault f;
	struct regexp *r;
	int found;

	if (language == 'l')
		return pattern_like(pattern, pattern_len, text, len);
	if (language == 'g')
		return pattern_glob(pattern, pattern_len, text, len);
	r = regexp_new(pattern, pattern_len, &f);
	found = r ? regexp_match(r, text, len, &f) : -2;
	regexp_free(r);
	return found;
}

static void
test_hostile(void)
{
	static const char stars[] = "%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b";
	char *many = mem_zero(1000001, 1), *brackets = mem_zero(2001, 1);
	int64_t start = when_boot();
	struct fault f;
	struct regexp *r;

	memset(many, 'a', 1000000);
	is_int(match('l', stars, many), 0, "many stars take no exponential time");
	r = regexp_new("(a+)+[bc]$", 10, &f);
	is_int(regexp_match(r, many, 1000000, &f), -1, "a pattern that backtracks is stopped");
	is_text(f.text, "a regular expression backtracks too much", "and the fault says so");
	regexp_free(r);
	ok(when_boot() - start < 5000, "all of it soon");
	memset(brackets, '(', 2000);
	ok(!regexp_new(brackets, 2000, &f), "a pattern of 2,000 bytes is refused");
	ok(!regexp_new(brackets, 1000, &f), "1,000 open brackets are refused");
	r = regexp_new("a", 1, &f);
	is_int(regexp_match(r, "\xff\xfe", 2, &f), -1, "a text that is no UTF-8 is refused");
	regexp_free(r);
	free(many);
	free(brackets);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(match(cases[i].language, cases[i].pattern, cases[i].text), cases[i].matches,
		    "%c '%s' and '%s'", cases[i].language, cases[i].pattern, cases[i].text);
	test_hostile();
	return tap_end();
}
