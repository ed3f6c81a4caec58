/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of mongoexport: lines, or one array (--jsonArray). Extended JSON is unwrapped in
 * its three dialects (canonical and relaxed version 2, legacy version 1):
 *
 *	$oid $uuid $symbol                       the text
 *	$numberInt $numberLong $numberDouble $numberDecimal   the number; NaN and Infinity texts
 *	$date                                    RFC 3339, whichever way it is written
 *	$undefined                               nothing
 *	$binary $regularExpression $regex $timestamp $code $minKey $maxKey   as they are
 *
 * _id is the record's key; where it is an object, its JSON is. Other fields mean what a column
 * of that name means (column.h); the name is that of the first of name, hostname, host and fqdn
 * that is there, unless --map says.
 */
#include "fleet/formats/column.h"
#include "fleet/formats/format.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/when.h"

#include <stdlib.h>
#include <string.h>

/* ---- extended JSON ---- */

static void unwrap(struct jtext value, struct str *out);

static void
put_raw(struct jtext value, struct str *out)
{
	str_addn(out, value.text, value.len);
}

static void
put_null(struct jtext value, struct str *out)
{
	(void)value;
	str_add(out, "null");
}

/* A text that is a number becomes one; "NaN" stays a text. */
static void
put_number(struct jtext value, struct str *out)
{
	char *plain = jtext_plain_dup(value);
	struct fault why;
	size_t before = out->len;

	if (jtext_canonical(plain, strlen(plain), out, &why) == 0 &&
	    strchr("-0123456789", out->text[before]) == NULL)
		str_cut(out, before);
	if (out->len == before)
		put_raw(value, out);
	free(plain);
}

/* What RFC 3339 can write: the years 1 to 9999. */
#define DATE_MIN (-62135596800000)
#define DATE_MAX 253402300799999

/* Milliseconds since 1970, as a number, {"$numberLong":"..."}, or a text already. */
static void
put_date(struct jtext value, struct str *out)
{
	struct jtext within = jtext_member(value, "$numberLong");
	char *plain = jtext_plain_dup(within.text ? within : value), text[WHEN_TEXT];
	struct fault why;
	int64_t ms;

	if ((within.text || jtext_type(value) == JTEXT_NUMBER) &&
	    num_int(plain, DATE_MIN, DATE_MAX, &ms, &why) == 0)
		jtext_put_string(out, when_text(ms, text));
	else
		unwrap(value, out);
	free(plain);
}

/* An object with this one key is what put makes of its value. */
static const struct wrapper {
	const char *key;
	void (*put)(struct jtext value, struct str *out);
} wrappers[] = {
    {"$oid", put_raw},
    {"$uuid", put_raw},
    {"$symbol", put_raw},
    {"$numberInt", put_number},
    {"$numberLong", put_number},
    {"$numberDouble", put_number},
    {"$numberDecimal", put_number},
    {"$date", put_date},
    {"$undefined", put_null},
};

static int
put_wrapped(struct jtext object, struct str *out)
{
	struct jtext key, value, more;
	size_t at = 0;

	if (!jtext_each(object, &at, &key, &value) || jtext_each(object, &at, &more, &more))
		return 0;
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(*wrappers); i++)
		if (strlen(wrappers[i].key) == key.len &&
		    memcmp(wrappers[i].key, key.text, key.len) == 0) {
			wrappers[i].put(value, out);
			return 1;
		}
	return 0;
}

/* Appends a value with all that is wrapped in it unwrapped. */
static void
unwrap(struct jtext value, struct str *out)
{
	enum jtext_type type = jtext_type(value);
	struct jtext key, each;
	size_t at = 0, n = 0;

	if (type == JTEXT_OBJECT && put_wrapped(value, out))
		return;
	if (type != JTEXT_OBJECT && type != JTEXT_ARRAY) {
		put_raw(value, out);
		return;
	}
	str_addc(out, type == JTEXT_OBJECT ? '{' : '[');
	while (jtext_each(value, &at, &key, &each)) {
		if (n++)
			str_addc(out, ',');
		if (type == JTEXT_OBJECT)
			str_addf(out, "\"%.*s\":", (int)key.len, key.text);
		unwrap(each, out);
	}
	str_addc(out, type == JTEXT_OBJECT ? '}' : ']');
}

/* ---- documents ---- */

static int
is_document(struct jtext first)
{
	return jtext_member(jtext_member(first, "_id"), "$oid").text != NULL;
}

/* Which field names the item; NULL: what --map says, or none. */
static const char *
name_field(struct jtext document)
{
	static const char *const names[] = {"name", "hostname", "host", "fqdn"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!draft_is_empty(jtext_member(document, names[i])))
			return names[i];
	return NULL;
}

static int
is_mapped(const struct words *map, const char *meaning)
{
	for (size_t i = 0; map && i < map->n; i++) {
		const char *equals = strrchr(map->v[i], '=');

		if (equals && strcmp(equals + 1, meaning) == 0)
			return 1;
	}
	return 0;
}

static int
put_field(struct format_run *run, const char *field, const char *name, struct jtext value,
    struct fault *f)
{
	struct draft *d = run->state;
	struct column c = {0};
	const char *meaning = name && strcmp(field, name) == 0 ? "name"
			      : strcmp(field, "_id") == 0      ? "key"
							       : field;
	int result = column_read(&c, meaning, meaning == field ? run->map : NULL, f);
	struct str text = STR_INIT;

	/* a key of several fields: their JSON */
	if (strcmp(meaning, "key") == 0 && jtext_type(value) == JTEXT_OBJECT) {
		char *object = mem_dupn(value.text, value.len);

		jtext_put_string(&text, object);
		free(object);
		value = (struct jtext){text.text, text.len};
	}
	if (result == 0)
		result = column_put_value(d, &c, value, f);
	column_done(&c);
	str_done(&text);
	return result;
}

static int
put_fields(struct format_run *run, struct jtext document, struct fault *f)
{
	const char *name = is_mapped(run->map, "name") ? NULL : name_field(document);
	struct str field = STR_INIT;
	struct jtext key, value;
	size_t at = 0;
	int result = 0;

	while (result == 0 && jtext_each(document, &at, &key, &value)) {
		str_reset(&field);
		jtext_plain(key, &field);
		result = put_field(run, field.text, name, value, f);
	}
	str_done(&field);
	return result;
}

static int
translate(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	struct str plain = STR_INIT;
	struct jtext document;
	int result = -1;

	unwrap(record, &plain);
	document = (struct jtext){plain.text, plain.len};
	if (jtext_type(document) != JTEXT_OBJECT) {
		fault_set(f, FAULT_BAD, "not a document");
		goto out;
	}
	if (jtext_member(document, "kind").text || is_mapped(run->map, "kind"))
		draft_start_open(run->state);
	else
		draft_start(run->state, "host");
	if (put_fields(run, document, f) == 0)
		result = draft_emit(run->state, run, line, f);
out:
	str_done(&plain);
	return result;
}

const struct format format_mongo = {
    .name = "mongoexport",
    .about = "documents of mongoexport; --map says what a field means",
    .detect = is_document,
    .start = draft_run_start,
    .end = draft_run_end,
    .record = translate,
    .takes_map = 1,
};
