/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "io/jtext.h"
#include "tap.h"

#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct str out;
static struct fault fault;

/* The canonical text, or the words of the fault. */
static const char *
canonical_of(const char *text, size_t len)
{
	str_reset(&out);
	return jtext_canonical(text, len, &out, &fault) == 0 ? out.text : fault.text;
}

static void
canonical(const char *text, const char *wanted, const char *sentence)
{
	is_text(canonical_of(text, strlen(text)), wanted, "%s", sentence);
}

static void
canonical_text(void)
{
	static const struct {
		const char *text, *wanted, *sentence;
	} cases[] = {
	    {" { \"a\" :\t[ 1 , 2 ]\r\n} ", "{\"a\":[1,2]}", "white space goes"},
	    {"{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}", "keys are sorted"},
	    {"{\"b\":{\"d\":1,\"c\":[{\"f\":0,\"e\":0}]},\"a\":2}",
		"{\"a\":2,\"b\":{\"c\":[{\"e\":0,\"f\":0}],\"d\":1}}", "on every level"},
	    {"{\"ab\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"ab\":1}", "shorter keys come first"},
	    {"{\"\xc3\xa9\":1,\"z\":2}", "{\"z\":2,\"\xc3\xa9\":1}", "keys are sorted by bytes"},
	    {"{\"a\\u0022\":1,\"a#\":2}", "{\"a#\":2,\"a\\\"\":1}",
		"keys are sorted as they stand, escapes and all"},
	    {"\"\\u0041\\/\\u00e9\\u20AC\\ud83d\\ude00\"",
		"\"A/\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
		"escapes that are not needed become characters"},
	    {"\"\\u0022\\u005C\\u0008\\u000c\\u000A\\u000d\\u0009\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\"",
		"escapes that have a short form take it"},
	    {"\"\\u001F\\u0001\x7f\"", "\"\\u001f\\u0001\x7f\"", "the others are in lower case"},
	    {"[1.0,-0,1E5,0.10e-3]", "[1.0,-0,1E5,0.10e-3]", "numbers stay as they were written"},
	    {"[9223372036854775807,-9223372036854775808]",
		"[9223372036854775807,-9223372036854775808]", "64-bit integers are kept whole"},
	    {"[1.7976931348623157e308,1e-400]", "[1.7976931348623157e308,1e-400]",
		"so is what a double can hold, or rounds to zero"},
	    {"[true,false,null,{},[]]", "[true,false,null,{},[]]",
		"every other kind of value is kept"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		canonical(cases[i].text, cases[i].wanted, cases[i].sentence);
}

static void
refusals(void)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
	    {"", "column 1: the text ends where a value should be"},
	    {" ", "column 2: the text ends where a value should be"},
	    {"{\"a\":1,}", "column 8: '}' where a key in double quotes should be"},
	    {"[1,]", "column 4: ']' where a value should be"},
	    {"[1 2]", "column 4: '2' where a comma or ']' should be"},
	    {"{\"a\" 1}", "column 6: '1' where a colon should be"},
	    {"{a:1}", "column 2: 'a' where a key in double quotes should be"},
	    {"{\"a\":1]", "column 7: ']' where a comma or '}' should be"},
	    {"{} {}", "column 4: '{' where the end should be"},
	    {"\xff", "column 1: byte 0xff where a value should be"},
	    {"[True]", "column 2: \"True\" is not a JSON value"},
	    {"nulls", "column 1: \"nulls\" is not a JSON value"},
	    {"-", "column 2: the text ends where a digit should be"},
	    {"01", "column 2: '1' where the end should be"},
	    {"1.", "column 3: the text ends where a digit should be"},
	    {"1e+", "column 4: the text ends where a digit should be"},
	    {"+1", "column 1: '+' where a value should be"},
	    {"9223372036854775808",
		"column 1: \"9223372036854775808\" is outside the range of 64-bit integers"},
	    {"[-9223372036854775809]",
		"column 2: \"-9223372036854775809\" is outside the range of 64-bit integers"},
	    {"1e309", "column 1: \"1e309\" is outside the range of doubles"},
	    {"12345678901234567890123456789012345678901234567890",
		"column 1: \"1234567890123456789012345678901234567890...\""
		" is outside the range of 64-bit integers"},
	    {"\"a", "column 3: the text ends inside a string"},
	    {"\"a\\", "column 3: the text ends inside a string"},
	    {"\"a\nb\"", "column 3: control character in a string, not escaped"},
	    {"\"\\x\"", "column 2: unknown escape in a string"},
	    {"\"\\u12g4\"", "column 2: \\u without four hexadecimal digits"},
	    {"\"\\u12", "column 2: \\u without four hexadecimal digits"},
	    {"\"a\\u0000\"", "column 3: \\u0000: NUL in a string"},
	    {"\"\\ud800\"", "column 2: half of a surrogate pair alone"},
	    {"\"\\ud800\\u0041\"", "column 2: half of a surrogate pair alone"},
	    {"\"\\udc00\\ud800\"", "column 2: half of a surrogate pair alone"},
	    {"\"\xc0\xaf\"", "column 2: invalid UTF-8"},
	    {"\"\xe0\x80\x80\"", "column 2: invalid UTF-8"},
	    {"\"\xed\xa0\x80\"", "column 2: invalid UTF-8"},
	    {"\"12345678\xf4\x90\x80\x80\"", "column 10: invalid UTF-8"},
	    {"\"\xe2\x82\"", "column 2: invalid UTF-8"},
	    {"{\"a\":1,\"a\":2}", "column 8: \"a\" is a key twice in one object"},
	    {"{\"a\":1,\"b\":2,\"\\u0061\":3}", "column 14: \"a\" is a key twice in one object"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		is_text(canonical_of(cases[i].text, strlen(cases[i].text)), cases[i].wanted,
		    "refused with its place: %s", cases[i].wanted);
	is_text(canonical_of("\"a\0b\"", 5), "column 3: control character in a string, not escaped",
	    "a NUL byte does not end the text");
}

/* Text beyond len must not be read as part of it: the piece is of an own, exact allocation. */
static void
every_beginning_is_refused(void)
{
	static const char whole[] =
	    "{\"key\":[-1.5e+3,\"\\ud83d\\ude00\xc3\xa9 long plain text\",null]}";
	int refused = 0;

	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		char *piece = mem_resize(NULL, len, 1);

		memcpy(piece, whole, len);
		str_reset(&out);
		str_add(&out, "kept");
		refused +=
		    jtext_canonical(piece, len, &out, &fault) < 0 && !strcmp(out.text, "kept");
		free(piece);
	}
	is_int(
	    refused, sizeof(whole) - 1, "each beginning of a value is refused, out left as it was");
}

static void
depth(void)
{
	char text[2 * (JTEXT_DEEPEST + 1) + 1] = "";

	memset(text, '[', JTEXT_DEEPEST);
	memset(text + JTEXT_DEEPEST, ']', JTEXT_DEEPEST);
	canonical(text, text, "the deepest nesting allowed is fine");
	memset(text, '[', JTEXT_DEEPEST + 1);
	memset(text + JTEXT_DEEPEST + 1, ']', JTEXT_DEEPEST + 1);
	canonical(text, "column 129: nested deeper than 128", "one deeper is refused");
}

static void
long_keys_are_cut_between_characters(void)
{
	static const char key[] = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\xc3\xa9";
	char *text = mem_printf("{\"%s\":1,\"%s\":2}", key, key);

	canonical(text,
	    "column 48: \"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk...\" is a key twice in one "
	    "object",
	    "a long key is cut in a message, but not inside a character");
	free(text);
}

static void
reading(void)
{
	struct jtext o = JTEXT(
	    "{\"a\":{\"x\":\"}\\\"\",\"y\":[1,{\"z\":2}]},\"b\\n\":-3,\"c\":\"\\\\\",\"d\":null}");
	struct jtext key, value;
	struct str keys = STR_INIT;
	size_t at = 0, n = 0;
	char *text;

	for (; jtext_each(o, &at, &key, &value); n++)
		str_addf(&keys, "%.*s ", (int)key.len, key.text);
	is_int(n, 4, "each member is given");
	is_text(keys.text, "a b\\n c d ", "with its key as it stands");
	str_done(&keys);
	ok(jtext_is(jtext_member(jtext_member(o, "a"), "x"), "}\""),
	    "a member of a member is found");
	is_int(
	    jtext_type(jtext_member(o, "b\n")), JTEXT_NUMBER, "a key is looked for as plain text");
	is_int(jtext_type(jtext_member(o, "d")), JTEXT_NULL, "a null is there");
	ok(!jtext_member(o, "e").text && jtext_member(o, "d").text, "what is not there is absent");
	ok(!jtext_member(JTEXT("[1]"), "a").text, "an array has no members");
	text = jtext_plain_dup(jtext_member(o, "c"));
	is_text(text, "\\", "a string is given plain");
	free(text);
	text = jtext_plain_dup(jtext_member(jtext_member(o, "a"), "y"));
	is_text(text, "[1,{\"z\":2}]", "other values as they stand");
	free(text);
	ok(!jtext_plain_dup(jtext_member(o, "e")), "and nothing of what is absent");
	at = 0;
	ok(!jtext_each(JTEXT("{}"), &at, &key, &value), "an empty object has no members");
	at = 0;
	ok(jtext_each(JTEXT("[\"]\",2]"), &at, &key, &value) && !key.text && jtext_is(value, "]"),
	    "an element of an array has no key");
	ok(jtext_each(JTEXT("[\"]\",2]"), &at, &key, &value) && jtext_type(value) == JTEXT_NUMBER &&
		!jtext_each(JTEXT("[\"]\",2]"), &at, &key, &value),
	    "the last element is the last");
	ok(!jtext_is(JTEXT("1"), "1"), "a number is not the string of its digits");
	ok(jtext_same(JTEXT("[1]"), JTEXT("[1]")) && !jtext_same(JTEXT("1"), JTEXT("2")),
	    "pieces are compared by bytes");
	ok(!jtext_same(JTEXT("1"), (struct jtext){0}) &&
		jtext_same((struct jtext){0}, (struct jtext){0}),
	    "absent is only the same as absent");
}

static void
torn_text_is_not_read_beyond(void)
{
	static const char whole[] = "{\"a\":[1,\"x\\\"y\"],\"b\\n\":{\"c\":\"\\u001f\"}}";
	size_t members = 0;

	for (size_t len = 0; len < sizeof(whole); len++) {
		char *piece = mem_resize(NULL, len, 1);
		struct jtext key, value, v = {piece, len};
		struct str plain = STR_INIT;

		memcpy(piece, whole, len);
		for (size_t at = 0; jtext_each(v, &at, &key, &value); members++)
			jtext_plain(value, &plain);
		str_done(&plain);
		free(piece);
	}
	ok(members > 0, "a torn file is walked no further than it goes");
}

static void
writing(void)
{
	str_reset(&out);
	jtext_open(&out);
	jtext_text(&out, "name", "d\"b\n1\x01\xc3\xa9\xff{");
	jtext_text(&out, "note", NULL);
	jtext_int(&out, "n", INT64_MIN);
	jtext_bool(&out, "active", 7);
	jtext_time(&out, "at", 1795435200000);
	jtext_time(&out, "never", 0);
	jtext_raw(&out, "v", "{\"a\":1}");
	jtext_raw(&out, "w", NULL);
	jtext_rawn(&out, "x", "[1]...", 3);
	jtext_key(&out, "o");
	jtext_open(&out);
	jtext_close(&out);
	jtext_close(&out);
	is_text(out.text,
	    "{\"name\":\"d\\\"b\\n1\\u0001\xc3\xa9\xef\xbf\xbd{\",\"n\":-9223372036854775808,"
	    "\"active\":true,\"at\":\"2026-11-23T12:00:00Z\",\"v\":{\"a\":1},\"x\":[1],\"o\":{}}",
	    "members are written with commas, escapes and nothing for what is absent");
}

static const char *
with(const char *object, const char *key, const char *value)
{
	str_reset(&out);
	jtext_with(JTEXT(object), key, JTEXT(value), &out);
	return out.text;
}

static void
changing(void)
{
	static const char o[] = "{\"b\":1,\"d\":[2]}";

	is_text(with(o, "a", "0"), "{\"a\":0,\"b\":1,\"d\":[2]}", "a member is put first");
	is_text(with(o, "c", "0"), "{\"b\":1,\"c\":0,\"d\":[2]}", "or between");
	is_text(with(o, "e\"", "0"), "{\"b\":1,\"d\":[2],\"e\\\"\":0}", "or last, its key escaped");
	is_text(with(o, "b", "\"x\""), "{\"b\":\"x\",\"d\":[2]}", "or replaced");
	is_text(with(o, "b", NULL), "{\"d\":[2]}", "or left out");
	is_text(with(o, "x", NULL), o, "leaving out what is not there changes nothing");
	is_text(with(NULL, "a", "1"), "{\"a\":1}", "no object is an empty one");
	is_text(with("{\"a\":1}", "a", NULL), "{}", "the last member can go");
}

int
main(void)
{
	canonical_text();
	refusals();
	every_beginning_is_refused();
	depth();
	long_keys_are_cut_between_characters();
	reading();
	torn_text_is_not_read_beyond();
	writing();
	changing();
	str_done(&out);
	return tap_end();
}
