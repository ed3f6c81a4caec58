/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that know what a fleet is made of: versions, addresses, times, JSON. */
#include "fleet/expr/function.h"

#include "base/cidr.h"
#include "base/mem.h"
#include "base/version.h"
#include "base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL(name)                                                                                 \
	static int name(struct judge *j, const struct value *args, size_t n, struct value *out,    \
	    struct fault *f)

/* A version is text, or an integer that is a whole one: 22. 5.10 as a number has lost its 0. */
static int
version_text(const struct value *v, char buf[24], struct jtext *out, struct fault *f)
{
	*out = v->text;
	if (v->type == EXPR_INT) {
		snprintf(buf, 24, "%" PRId64, v->i);
		*out = JTEXT(buf);
		return 0;
	}
	return v->type == EXPR_TEXT ? 0 : function_wants("vercmp()", "a version as text", v, f);
}

CALL(vercmp)
{
	struct jtext a, b;
	char buf_a[24], buf_b[24];

	(void)n;
	if (version_text(&args[0], buf_a, &a, f) < 0 || version_text(&args[1], buf_b, &b, f) < 0)
		return -1;
	*out = VALUE_INT(version_compare(a.text, a.len, b.text, b.len));
	return judge_work(j, a.len + b.len, f);
}

/* A short text ended by NUL; -1 if it is too long to be an address or a time. */
static int
short_text(const char *name, const struct value *v, char buf[64], struct fault *f)
{
	if (function_want_text(name, v, f) < 0)
		return -1;
	if (v->text.len >= 64)
		return function_wants(name, "an address or a time", v, f);
	memcpy(buf, v->text.text, v->text.len);
	buf[v->text.len] = '\0';
	return 0;
}

CALL(contains)
{
	char network[64], address[64];
	int found;

	(void)j;
	(void)n;
	if (short_text("cidr_contains()", &args[0], network, f) < 0 ||
	    short_text("cidr_contains()", &args[1], address, f) < 0)
		return -1;
	found = cidr_contains(network, address, f);
	if (found < 0)
		return -1;
	*out = VALUE_BOOL(found);
	return 0;
}

CALL(age)
{
	char text[64];
	int64_t at;

	(void)n;
	if (short_text("age()", &args[0], text, f) < 0)
		return -1;
	if (when_parse(text, 0, &at, f) < 0)
		return fault_within(f, "age()");
	*out = VALUE_INT((judge_now(j) - at) / 1000);
	return 0;
}

CALL(json_length)
{
	struct jtext key, value;
	size_t at = 0;

	(void)n;
	if (args[0].type != EXPR_JSON)
		return function_wants("json_length()", "an array or an object", &args[0], f);
	*out = VALUE_INT(0);
	while (jtext_each(args[0].text, &at, &key, &value))
		out->i++;
	return judge_work(j, args[0].text.len, f);
}

static int
array_has(struct judge *j, const struct value *array, const struct value *wanted, int *found,
    struct fault *f)
{
	struct jtext key, json;
	struct fault ignored;
	size_t at = 0;

	while (!*found && jtext_each(array->text, &at, &key, &json)) {
		struct value element;
		size_t scratch = value_scratch(json);
		char *space = scratch ? judge_space(j, scratch, f) : NULL;

		if (scratch && !space)
			return -1;
		value_from_json(json, &element, space);
		/* An array may hold other types too: they are not the one asked for. */
		if (element.type != EXPR_NULL)
			(void)(value_equal(&element, wanted, found, &ignored) < 0);
	}
	return judge_work(j, array->text.len, f);
}

CALL(json_has)
{
	int found = 0;
	char *key;

	(void)n;
	if (args[0].type != EXPR_JSON)
		return function_wants("json_has()", "an array or an object", &args[0], f);
	if (*args[0].text.text == '[') {
		if (array_has(j, &args[0], &args[1], &found, f) < 0)
			return -1;
	} else {
		if (function_want_text("json_has()", &args[1], f) < 0)
			return -1;
		key = mem_dupn(args[1].text.text, args[1].text.len);
		found = jtext_member(args[0].text, key).text != NULL;
		free(key);
	}
	*out = VALUE_BOOL(found);
	return judge_work(j, args[0].text.len, f);
}

CALL(type_of)
{
	(void)j;
	(void)n;
	(void)f;
	*out = VALUE_TEXT(value_type_name(&args[0]), strlen(value_type_name(&args[0])));
	return 0;
}

const struct function function_fleet[] = {
    {"vercmp", 2, 2, NODE_CALL, 0, vercmp},
    {"cidr_contains", 2, 2, NODE_CALL, 0, contains},
    {"age", 1, 1, NODE_CALL, 0, age},
    {"json_length", 1, 1, NODE_CALL, 0, json_length},
    {"json_has", 2, 2, NODE_CALL, 0, json_has},
    {"typeof", 1, 1, NODE_CALL, 1, type_of},
    {0},
};
