/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include "fleet/select/vars.h"
#include "io/jpath.h"

#include <string.h>

/* What a path leads to, "-" for nothing, "!" for no path; the value is that of its first key. */
static const char *
led_to(const char *path, const char *value)
{
	static struct str out;
	struct jpath p;
	struct fault f;
	const char *end;

	str_reset(&out);
	if (jpath_init(&p, path, &end, &f) < 0)
		return "!";
	if (*end)
		str_addf(&out, "left %s", end);
	else if (!jpath_get(&p, JTEXT(value), &out))
		str_add(&out, "-");
	jpath_done(&p);
	return out.text;
}

static void
paths(void)
{
	static const char value[] =
	    "{\"a b\":3,\"l\":[{\"s\":10},{\"s\":25},7],\"o\":{\"x\":1,\"y\":[2]}}";
	static const char *const cases[][2] = {{"v", NULL}, {"v.o.x", "1"}, {"v.\"a b\"", "3"},
	    {"v.l[1].s", "25"}, {"v.l[*].s", "[10,25]"}, {"v.l[3]", "-"}, {"v.nope", "-"},
	    {"v.o.*", "[1,[2]]"}, {"v.o.*[0]", "[1,2]"}, {"v.o.x[0]", "1"}, {"v.o.x[1]", "-"},
	    {"v.o.x[*]", "-"}, {"v.l[*].nope", "-"}, {"\"v\".o.x", "1"}, {"", "!"}, {".a", "!"},
	    {"*", "!"}, {"v.", "!"}, {"v[", "!"}, {"v[]", "!"}, {"v[-1]", "!"}, {"v[1", "!"},
	    {"v.\"a", "!"}, {"v..x", "!"}, {"v:1", "left :1"}, {"v[99999999999999999999]", "!"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_text(led_to(cases[i][0], value), cases[i][1] ? cases[i][1] : value,
		    "the path %s", cases[i][0]);
}

/* The cases of MySQL's manual, and what they imply. */
static void
containment(void)
{
	static const struct {
		const char *target, *candidate;
		int holds;
	} cases[] = {{"1", "1", 1}, {"1", "1.0", 1}, {"10", "1e1", 1}, {"1", "\"1\"", 0},
	    {"9007199254740993", "9007199254740992", 0}, {"\"a\"", "\"a\"", 1}, {"null", "null", 1},
	    {"true", "1", 0}, {"[1,2,3]", "2", 1}, {"[1,2,3]", "[3,1]", 1}, {"[1,2]", "[1,4]", 0},
	    {"[[1,2],3]", "1", 1}, {"[[1,2],3]", "[[2]]", 1}, {"1", "[1]", 0}, {"[]", "[]", 1},
	    {"{\"a\":1,\"b\":2}", "{\"a\":1}", 1}, {"{\"a\":1}", "{\"a\":2}", 0},
	    {"{\"a\":{\"c\":[1,2]}}", "{\"a\":{\"c\":2}}", 1}, {"{\"a\":1}", "{}", 1},
	    {"{\"a\":{\"b\":1}}", "{\"b\":1}", 0}, {"[{\"a\":1,\"b\":2}]", "{\"b\":2}", 1},
	    {"{\"a\":1}", "1", 0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(jpath_contains(JTEXT(cases[i].target), JTEXT(cases[i].candidate)),
		    cases[i].holds, "%s in %s", cases[i].candidate, cases[i].target);
}

static int
wide_load(void *ctx, const char *key, struct jtext *out, struct fault *f)
{
	static const char *const known[][2] = {{"os", "\"debian, 12:x\""}, {"ram", "512"},
	    {"odd key", "{\"a\":[{\"b\":\"c\"}]}"}, {"yes", "true"}};

	(void)ctx, (void)f;
	*out = (struct jtext){0};
	for (size_t i = 0; i < 4; i++)
		if (strcmp(known[i][0], key) == 0)
			*out = JTEXT(known[i][1]);
	return 0;
}

static void
terms(void)
{
	static const struct {
		const char *text;
		int holds; /* -1: malformed */
	} cases[] = {{"ram:512", 1}, {"ram:512,yes:true", 1}, {"ram:512,yes:false", 0},
	    {"os:\"debian, 12:x\",ram:512", 1}, {"os:debian", 0}, {"\"odd key\".a[0].b:c", 1},
	    {"\"odd key\".a[*].b:\"c\"", 1}, {"\"odd key\":{\"a\":[{\"b\":\"c\"}]},ram:5", 0},
	    {"\"odd key\":{\"a\":[{\"b\":\"c\"}]},ram:512", 1}, {"none:1", 0}, {"ram", -1},
	    {"", -1}, {"ram:", -1}, {"ram:512,", -1}, {"ram:[1", -1}, {"ram:\"x", -1},
	    {"ram:512 yes:true", 0}, {"ram=512", -1}};
	const struct judge_names names = {.variable = wide_load};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault f;
		struct vars *v = vars_new(cases[i].text, &f);

		is_int(v ? vars_hold(v, &names, &f) : -1, cases[i].holds, "--vars '%s'",
		    cases[i].text);
		vars_free(v);
	}
}

int
main(void)
{
	paths();
	containment();
	terms();
	return tap_end();
}
