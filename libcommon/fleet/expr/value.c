/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
value_is_number(const struct value *v)
{
	return v->type == EXPR_INT || v->type == EXPR_REAL;
}

double
value_double(const struct value *v)
{
	return v->type == EXPR_INT ? (double)v->i : v->d;
}

int
value_set_real(struct value *v, double d, struct fault *f)
{
	if (!isfinite(d))
		return fault_set(f, FAULT_BAD, "a number out of range");
	*v = (struct value){.type = EXPR_REAL, .d = d};
	return 0;
}

/* ---- words ---- */

static int
is_array(const struct value *v)
{
	return v->text.len && *v->text.text == '[';
}

const char *
value_type_name(const struct value *v)
{
	switch (v->type) {
	case EXPR_NULL: return "null";
	case EXPR_BOOL: return "boolean";
	case EXPR_INT:
	case EXPR_REAL: return "number";
	case EXPR_TEXT: return "text";
	case EXPR_JSON: break;
	}
	return is_array(v) ? "array" : "object";
}

/* How many of the first max bytes are whole characters. */
static int
shown(struct jtext t, size_t max)
{
	size_t n = t.len < max ? t.len : max;

	while (n < t.len && n && ((unsigned char)t.text[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

const char *
value_describe(const struct value *v, char buf[VALUE_DESCRIBED])
{
	const char *name = value_type_name(v), *quote = v->type == EXPR_TEXT ? "'" : "";
	int n = shown(v->text, 60);

	switch (v->type) {
	case EXPR_NULL: return "null";
	case EXPR_BOOL:
		snprintf(buf, VALUE_DESCRIBED, "%s %s", name, v->i ? "true" : "false");
		break;
	case EXPR_INT: snprintf(buf, VALUE_DESCRIBED, "%s %" PRId64, name, v->i); break;
	case EXPR_REAL: snprintf(buf, VALUE_DESCRIBED, "%s %.15g", name, v->d); break;
	case EXPR_TEXT:
	case EXPR_JSON:
		snprintf(buf, VALUE_DESCRIBED, "%s %s%.*s%s%s", name, quote, n, v->text.text,
		    (size_t)n < v->text.len ? "..." : "", quote);
		break;
	}
	return buf;
}

/* ---- comparing ---- */

static int
different_types(const struct value *a, const struct value *b, struct fault *f)
{
	char left[VALUE_DESCRIBED], right[VALUE_DESCRIBED];

	return fault_set(
	    f, FAULT_BAD, "compares %s with %s", value_describe(a, left), value_describe(b, right));
}

/* A double holds no integer above 2^53 exactly; long double does on the machines there are. */
_Static_assert(__LDBL_MANT_DIG__ >= 64, "comparing numbers wants 64 bits of mantissa");

static int
compare_numbers(const struct value *a, const struct value *b)
{
	long double x = a->type == EXPR_INT ? (long double)a->i : (long double)a->d;
	long double y = b->type == EXPR_INT ? (long double)b->i : (long double)b->d;

	return (x > y) - (x < y);
}

static int
compare_texts(struct jtext a, struct jtext b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.text, b.text, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

int
value_compare(const struct value *a, const struct value *b, int *order, struct fault *f)
{
	if (value_is_number(a) && value_is_number(b)) {
		*order = compare_numbers(a, b);
		return 0;
	}
	if (strcmp(value_type_name(a), value_type_name(b)) != 0)
		return different_types(a, b, f);
	if (a->type != EXPR_TEXT)
		return fault_set(
		    f, FAULT_BAD, "%ss have no order; compare them by = or !=", value_type_name(a));
	*order = compare_texts(a->text, b->text);
	return 0;
}

int
value_equal(const struct value *a, const struct value *b, int *equal, struct fault *f)
{
	int order;

	if (strcmp(value_type_name(a), value_type_name(b)) != 0)
		return different_types(a, b, f);
	switch (a->type) {
	case EXPR_BOOL: *equal = a->i == b->i; return 0;
	case EXPR_JSON: *equal = compare_texts(a->text, b->text) == 0; return 0;
	default: break;
	}
	if (value_compare(a, b, &order, f) < 0)
		return -1;
	*equal = order == 0;
	return 0;
}

/* ---- from JSON ---- */

size_t
value_scratch(struct jtext json)
{
	if (jtext_type(json) == JTEXT_STRING && memchr(json.text, '\\', json.len))
		return json.len;
	return 0;
}

/* Canonical numbers fit: what does not was refused on the way in. */
static void
number(struct jtext json, struct value *out)
{
	char digits[400];
	size_t n = json.len < sizeof(digits) ? json.len : sizeof(digits) - 1;

	memcpy(digits, json.text, n);
	digits[n] = '\0';
	if (strpbrk(digits, ".eE"))
		*out = (struct value){.type = EXPR_REAL, .d = strtod(digits, NULL)};
	else
		*out = VALUE_INT(strtoll(digits, NULL, 10));
}

static void
string(struct jtext json, struct value *out, char *scratch)
{
	struct str plain = STR_INIT;

	*out = VALUE_TEXT(json.text + 1, json.len - 2);
	if (!value_scratch(json))
		return;
	jtext_plain(json, &plain);
	memcpy(scratch, plain.text, plain.len);
	*out = VALUE_TEXT(scratch, plain.len);
	str_done(&plain);
}

void
value_from_json(struct jtext json, struct value *out, char *scratch)
{
	*out = VALUE_NULL;
	if (!json.text)
		return;
	switch (jtext_type(json)) {
	case JTEXT_NULL: break;
	case JTEXT_FALSE:
	case JTEXT_TRUE: *out = VALUE_BOOL(jtext_type(json) == JTEXT_TRUE); break;
	case JTEXT_NUMBER: number(json, out); break;
	case JTEXT_STRING: string(json, out, scratch); break;
	case JTEXT_ARRAY:
	case JTEXT_OBJECT: *out = (struct value){.type = EXPR_JSON, .text = json}; break;
	}
}
