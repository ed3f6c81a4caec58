/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators, by their marks or words. Arithmetic is SQLite's: integers stay integers until
 * they overflow into reals, / between integers cuts, and division by zero is NULL.
 */
#include "fleet/expr/function.h"

#include "base/pattern.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL(name)                                                                                 \
	static int name(struct judge *j, const struct value *args, size_t n, struct value *out,    \
	    struct fault *f)

#define UNUSED (void)j, (void)n, (void)f

/* ---- comparing ---- */

#define COMPARISON(name, test)                                                                     \
	CALL(name)                                                                                 \
	{                                                                                          \
		int order;                                                                         \
		UNUSED;                                                                            \
		if (value_compare(&args[0], &args[1], &order, f) < 0)                              \
			return -1;                                                                 \
		*out = VALUE_BOOL(order test 0);                                                   \
		return 0;                                                                          \
	}

COMPARISON(less, <)
COMPARISON(less_or_equal, <=)
COMPARISON(greater, >)
COMPARISON(greater_or_equal, >=)

CALL(equal)
{
	int same;

	UNUSED;
	if (value_equal(&args[0], &args[1], &same, f) < 0)
		return -1;
	*out = VALUE_BOOL(same);
	return 0;
}

CALL(not_equal)
{
	if (equal(j, args, n, out, f) < 0)
		return -1;
	out->i = !out->i;
	return 0;
}

/* NULL bounds are told one by one: 5 between 6 and null is false. */
CALL(between)
{
	int low = 1, high = 1, known = 1;

	UNUSED;
	if (args[0].type == EXPR_NULL)
		return 0;
	if (args[1].type != EXPR_NULL) {
		if (value_compare(&args[0], &args[1], &low, f) < 0)
			return -1;
	} else {
		known = 0;
	}
	if (args[2].type != EXPR_NULL) {
		if (value_compare(&args[2], &args[0], &high, f) < 0)
			return -1;
	} else {
		known = 0;
	}
	if (known || low < 0 || high < 0)
		*out = VALUE_BOOL(low >= 0 && high >= 0);
	return 0;
}

/* Like a chain of or: a hit counts whatever the other elements are. */
CALL(in)
{
	struct fault first, later;
	int same = 0, failed = 0, unknown = 0;

	if (n > 1 && args[0].type == EXPR_NULL)
		return 0;
	for (size_t i = 1; i < n && !same; i++) {
		if (args[i].type == EXPR_NULL)
			unknown = 1;
		else if (value_equal(&args[0], &args[i], &same, failed ? &later : &first) < 0)
			failed = 1;
	}
	if (judge_work(j, n, f) < 0)
		return -1;
	if (failed && !same) {
		*f = first;
		return -1;
	}
	if (same || !unknown)
		*out = VALUE_BOOL(same);
	return 0;
}

/* ---- truth ---- */

CALL(negation)
{
	UNUSED;
	if (args[0].type != EXPR_BOOL)
		return function_wants("not", "true or false", &args[0], f);
	*out = VALUE_BOOL(!args[0].i);
	return 0;
}

CALL(is_null)
{
	UNUSED;
	*out = VALUE_BOOL(args[0].type == EXPR_NULL);
	return 0;
}

CALL(is_true)
{
	UNUSED;
	*out = VALUE_BOOL(args[0].type == EXPR_BOOL && args[0].i);
	return 0;
}

CALL(is_false)
{
	UNUSED;
	*out = VALUE_BOOL(args[0].type == EXPR_BOOL && !args[0].i);
	return 0;
}

/* ---- arithmetic ---- */

static int
want_numbers(const char *mark, const struct value *args, struct fault *f)
{
	return function_want_number(mark, &args[0], f) < 0 ||
		       function_want_number(mark, &args[1], f) < 0
		   ? -1
		   : 0;
}

static int
both_int(const struct value *args)
{
	return args[0].type == EXPR_INT && args[1].type == EXPR_INT;
}

#define ARITHMETIC(name, mark, builtin)                                                            \
	CALL(name)                                                                                 \
	{                                                                                          \
		int64_t whole;                                                                     \
		UNUSED;                                                                            \
		if (want_numbers(#mark, args, f) < 0)                                              \
			return -1;                                                                 \
		if (both_int(args) && !builtin(args[0].i, args[1].i, &whole)) {                    \
			*out = VALUE_INT(whole);                                                   \
			return 0;                                                                  \
		}                                                                                  \
		return value_set_real(out, value_double(&args[0]) mark value_double(&args[1]), f); \
	}

ARITHMETIC(plus, +, __builtin_add_overflow)
ARITHMETIC(minus, -, __builtin_sub_overflow)
ARITHMETIC(times, *, __builtin_mul_overflow)

CALL(divided)
{
	UNUSED;
	if (want_numbers("/", args, f) < 0)
		return -1;
	if (value_double(&args[1]) == 0)
		return 0;
	/* The smallest integer by -1 overflows; the processor would trap. */
	if (both_int(args) && args[1].i != -1) {
		*out = VALUE_INT(args[0].i / args[1].i);
		return 0;
	}
	if (both_int(args) && args[0].i != INT64_MIN) {
		*out = VALUE_INT(-args[0].i);
		return 0;
	}
	return value_set_real(out, value_double(&args[0]) / value_double(&args[1]), f);
}

CALL(rest)
{
	UNUSED;
	if (want_numbers("%", args, f) < 0)
		return -1;
	if (value_double(&args[1]) == 0)
		return 0;
	if (both_int(args)) {
		*out = VALUE_INT(args[1].i == -1 ? 0 : args[0].i % args[1].i);
		return 0;
	}
	return value_set_real(out, fmod(value_double(&args[0]), value_double(&args[1])), f);
}

CALL(sign_minus)
{
	UNUSED;
	if (function_want_number("-", &args[0], f) < 0)
		return -1;
	if (args[0].type == EXPR_INT && args[0].i != INT64_MIN) {
		*out = VALUE_INT(-args[0].i);
		return 0;
	}
	return value_set_real(out, -value_double(&args[0]), f);
}

CALL(sign_plus)
{
	UNUSED;
	if (function_want_number("+", &args[0], f) < 0)
		return -1;
	*out = args[0];
	return 0;
}

/* ---- text ---- */

/* Any value as text: "ram_gb is " || ram_gb. buf is for numbers. */
static struct jtext
text_of(const struct value *v, char buf[40])
{
	switch (v->type) {
	case EXPR_NULL: return (struct jtext){"", 0};
	case EXPR_BOOL: return JTEXT(v->i ? "true" : "false");
	case EXPR_INT: snprintf(buf, 40, "%" PRId64, v->i); return JTEXT(buf);
	case EXPR_REAL: break;
	case EXPR_TEXT:
	case EXPR_JSON: return v->text;
	}
	/* The shortest of the two that reads back as the same number. */
	snprintf(buf, 40, "%.15g", v->d);
	if (strtod(buf, NULL) != v->d)
		snprintf(buf, 40, "%.17g", v->d);
	if (!strpbrk(buf, ".e"))
		memcpy(buf + strlen(buf), ".0", sizeof(".0"));
	return JTEXT(buf);
}

CALL(join)
{
	char left_buf[40], right_buf[40];
	struct jtext left = text_of(&args[0], left_buf), right = text_of(&args[1], right_buf);
	char *text = judge_space(j, left.len + right.len, f);

	(void)n;
	if (!text)
		return -1;
	memcpy(text, left.text, left.len);
	memcpy(text + left.len, right.text, right.len);
	*out = VALUE_TEXT(text, left.len + right.len);
	return judge_work(j, out->text.len, f);
}

CALL(cast_text)
{
	char buf[40];
	struct jtext text = text_of(&args[0], buf);

	(void)n;
	return judge_copy(j, text.text, text.len, out, f);
}

static int
cast_fails(const struct value *v, const char *type, struct fault *f)
{
	char buf[VALUE_DESCRIBED];

	return fault_set(f, FAULT_BAD, "%s is no %s", value_describe(v, buf), type);
}

/* The number that all of a text is, white space around it aside; 0 or -1. */
static int
number_of(struct jtext t, struct value *out)
{
	char digits[64], *end;
	double d;
	struct fault ignored;

	while (t.len && strchr(" \t\r\n", *t.text))
		t.text++, t.len--;
	while (t.len && strchr(" \t\r\n", t.text[t.len - 1]))
		t.len--;
	if (!t.len || t.len >= sizeof(digits))
		return -1;
	memcpy(digits, t.text, t.len);
	digits[t.len] = '\0';
	if (digits[strspn(digits, "0123456789+-.eE")])
		return -1; /* strtod knows hexadecimal numbers, inf and nan; JSON does not */
	d = strtod(digits, &end);
	if (*end || end == digits)
		return -1;
	if (strpbrk(digits, ".eE") || d >= 9223372036854775808.0 || d < -9223372036854775808.0)
		return value_set_real(out, d, &ignored);
	*out = VALUE_INT(strtoll(digits, NULL, 10));
	return 0;
}

static int
cast_number(const struct value *v, const char *type, struct value *out, struct fault *f)
{
	switch (v->type) {
	case EXPR_INT:
	case EXPR_REAL: *out = *v; return 0;
	case EXPR_BOOL: *out = VALUE_INT(v->i); return 0;
	case EXPR_TEXT: return number_of(v->text, out) == 0 ? 0 : cast_fails(v, type, f);
	default: return cast_fails(v, type, f);
	}
}

CALL(cast_integer)
{
	UNUSED;
	if (cast_number(&args[0], "integer", out, f) < 0)
		return -1;
	if (out->type == EXPR_INT)
		return 0;
	if (out->d >= 9223372036854775808.0 || out->d < -9223372036854775808.0)
		return cast_fails(&args[0], "integer", f);
	*out = VALUE_INT((int64_t)out->d);
	return 0;
}

CALL(cast_real)
{
	UNUSED;
	if (cast_number(&args[0], "number", out, f) < 0)
		return -1;
	return value_set_real(out, value_double(out), f);
}

/* ---- patterns ---- */

/* A pattern's length times a text's bounds the time of a match: 256 MB of steps at the most. */
#define PATTERN_LONGEST 256

static int
match(struct judge *j, const struct value *args, const char *name,
    int (*matches)(const char *, size_t, const char *, size_t), struct value *out, struct fault *f)
{
	struct jtext text = args[0].text, pattern = args[1].text;

	if (function_want_text(name, &args[0], f) < 0 || function_want_text(name, &args[1], f) < 0)
		return -1;
	if (pattern.len > PATTERN_LONGEST)
		return fault_set(
		    f, FAULT_BAD, "%s: a pattern of more than %d bytes", name, PATTERN_LONGEST);
	*out = VALUE_BOOL(matches(pattern.text, pattern.len, text.text, text.len));
	return judge_work(j, text.len * (pattern.len + 1), f);
}

CALL(like)
{
	(void)n;
	return match(j, args, "like", pattern_like, out, f);
}

CALL(glob)
{
	(void)n;
	return match(j, args, "glob", pattern_glob, out, f);
}

/* For a pattern that is itself computed; others are compiled once (NODE_REGEXP). */
CALL(regexp)
{
	struct regexp *r;
	int found = -1;

	(void)n;
	if (function_want_text("regexp", &args[0], f) < 0 ||
	    function_want_text("regexp", &args[1], f) < 0)
		return -1;
	r = regexp_new(args[1].text.text, args[1].text.len, f);
	if (r)
		found = regexp_match(r, args[0].text.text, args[0].text.len, f);
	regexp_free(r);
	if (found < 0)
		return -1;
	*out = VALUE_BOOL(found);
	return judge_work(j, args[0].text.len * 16, f);
}

const struct function function_operators[] = {
    {"and", 0, 0, NODE_AND, 1, NULL},
    {"or", 0, 0, NODE_OR, 1, NULL},
    {"not", 0, 0, NODE_CALL, 0, negation},
    {"=", 0, 0, NODE_CALL, 0, equal},
    {"==", 0, 0, NODE_CALL, 0, equal},
    {"!=", 0, 0, NODE_CALL, 0, not_equal},
    {"<>", 0, 0, NODE_CALL, 0, not_equal},
    {"<", 0, 0, NODE_CALL, 0, less},
    {"<=", 0, 0, NODE_CALL, 0, less_or_equal},
    {">", 0, 0, NODE_CALL, 0, greater},
    {">=", 0, 0, NODE_CALL, 0, greater_or_equal},
    {"between", 0, 0, NODE_CALL, 1, between},
    {"in", 0, 0, NODE_CALL, 1, in},
    {"is null", 0, 0, NODE_CALL, 1, is_null},
    {"is true", 0, 0, NODE_CALL, 1, is_true},
    {"is false", 0, 0, NODE_CALL, 1, is_false},
    {"like", 0, 0, NODE_CALL, 0, like},
    {"glob", 0, 0, NODE_CALL, 0, glob},
    {"regexp", 0, 0, NODE_REGEXP, 0, regexp},
    {"+", 0, 0, NODE_CALL, 0, plus},
    {"-", 0, 0, NODE_CALL, 0, minus},
    {"*", 0, 0, NODE_CALL, 0, times},
    {"/", 0, 0, NODE_CALL, 0, divided},
    {"%", 0, 0, NODE_CALL, 0, rest},
    {"||", 0, 0, NODE_CALL, 0, join},
    {"sign -", 0, 0, NODE_CALL, 0, sign_minus},
    {"sign +", 0, 0, NODE_CALL, 0, sign_plus},
    {"cast text", 0, 0, NODE_CALL, 0, cast_text},
    {"cast integer", 0, 0, NODE_CALL, 0, cast_integer},
    {"cast real", 0, 0, NODE_CALL, 0, cast_real},
    {0},
};
