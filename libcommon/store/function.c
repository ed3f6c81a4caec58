/* SPDX-License-Identifier: Apache-2.0 */
#include "store/function.h"

#include "base/cidr.h"
#include "base/regexp.h"
#include "base/version.h"
#include "base/when.h"
#include "io/jtext.h"

#include <sqlite3.h>

/* A NULL argument makes the result NULL: the functions are not asked. */
static int
any_null(int argc, sqlite3_value **argv)
{
	for (int i = 0; i < argc; i++)
		if (sqlite3_value_type(argv[i]) == SQLITE_NULL)
			return 1;
	return 0;
}

static struct jtext
text_of(sqlite3_value *v)
{
	const char *text = (const char *)sqlite3_value_text(v);

	return (struct jtext){text ? text : "", (size_t)sqlite3_value_bytes(v)};
}

static void
fails(sqlite3_context *context, const char *name, const struct fault *f)
{
	char *words = sqlite3_mprintf("%s(): %s", name, f->text);

	sqlite3_result_error(context, words ? words : f->text, -1);
	sqlite3_free(words);
}

static void
jmember(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct jtext found;

	if (any_null(argc, argv))
		return;
	found = jtext_member(text_of(argv[0]), text_of(argv[1]).text);
	if (found.text)
		sqlite3_result_text64(
		    context, found.text, found.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void
contested(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct str keys = STR_INIT;

	if (any_null(argc, argv))
		return;
	jtext_contested(text_of(argv[0]), text_of(argv[1]), &keys);
	sqlite3_result_text64(context, keys.text, keys.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	str_done(&keys);
}

static void
free_regexp(void *r)
{
	regexp_free(r);
}

/* "text REGEXP pattern" is regexp(pattern, text). A constant pattern is compiled once. */
static void
regexp(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct regexp *r = sqlite3_get_auxdata(context, 0), *made = NULL;
	struct jtext text, pattern;
	struct fault f;
	int found;

	if (any_null(argc, argv))
		return;
	pattern = text_of(argv[0]);
	text = text_of(argv[1]);
	if (!r)
		r = made = regexp_new(pattern.text, pattern.len, &f);
	found = r ? regexp_match(r, text.text, text.len, &f) : -1;
	if (found < 0)
		fails(context, "regexp", &f);
	else
		sqlite3_result_int(context, found);
	if (made)
		sqlite3_set_auxdata(context, 0, made, free_regexp);
}

static void
vercmp(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct jtext a, b;

	if (any_null(argc, argv))
		return;
	a = text_of(argv[0]);
	b = text_of(argv[1]);
	sqlite3_result_int(context, version_compare(a.text, a.len, b.text, b.len));
}

static void
contains(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct fault f;
	int found;

	if (any_null(argc, argv))
		return;
	found = cidr_contains(text_of(argv[0]).text, text_of(argv[1]).text, &f);
	if (found < 0)
		fails(context, "cidr_contains", &f);
	else
		sqlite3_result_int(context, found);
}

static void
age(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct fault f;
	int64_t at;

	if (any_null(argc, argv))
		return;
	if (when_parse(text_of(argv[0]).text, 0, &at, &f) < 0)
		fails(context, "age", &f);
	else
		sqlite3_result_int64(context, (when_now() - at) / 1000);
}

static void
moment(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	char buf[WHEN_TEXT];

	if (!any_null(argc, argv))
		sqlite3_result_text(
		    context, when_text(sqlite3_value_int64(argv[0]), buf), -1, SQLITE_TRANSIENT);
}

#define SAME SQLITE_DETERMINISTIC /* for the same arguments, within a statement and without */

static const struct function {
	const char *name;
	int nargs, flags;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    {"jmember", 2, SAME, jmember},
    {"contested", 2, SAME, contested},
    {"regexp", 2, SAME, regexp},
    {"vercmp", 2, SAME, vercmp},
    {"cidr_contains", 2, SAME, contains},
    {"age", 1, 0, age},
    {"moment", 1, SAME, moment},
};

int
function_register(void *native)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions) && code == SQLITE_OK; i++)
		code = sqlite3_create_function_v2(native, functions[i].name, functions[i].nargs,
		    SQLITE_UTF8 | SQLITE_INNOCUOUS | functions[i].flags, NULL, functions[i].call,
		    NULL, NULL, NULL);
	return code;
}
