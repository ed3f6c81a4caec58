/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of numbers, and those that choose among values. */
#include "fleet/expr/function.h"

#include <math.h>

#define CALL(name)                                                                                 \
	static int name(struct judge *j, const struct value *args, size_t n, struct value *out,    \
	    struct fault *f)

CALL(absolute)
{
	(void)j;
	(void)n;
	if (function_want_number("abs()", &args[0], f) < 0)
		return -1;
	*out = args[0];
	if (out->type == EXPR_INT && out->i == INT64_MIN)
		return value_set_real(out, 9223372036854775808.0, f);
	if (out->type == EXPR_INT)
		out->i = out->i < 0 ? -out->i : out->i;
	else
		out->d = fabs(out->d);
	return 0;
}

/* Half away from zero. Beyond 15 digits there is nothing left to round in a double. */
CALL(rounded)
{
	int64_t digits = n > 1 ? args[1].i : 0;
	double scale;

	(void)j;
	if (function_want_number("round()", &args[0], f) < 0 ||
	    (n > 1 && function_want_int("round()", &args[1], f) < 0))
		return -1;
	*out = args[0];
	if (args[0].type == EXPR_INT || digits > 15 || fabs(args[0].d) >= 1e15)
		return 0;
	scale = pow(10, digits < 0 ? 0 : (double)digits);
	return value_set_real(out, round(args[0].d * scale) / scale, f);
}

static int
extreme(struct judge *j, const struct value *args, size_t n, int sign, struct value *out,
    struct fault *f)
{
	const struct value *best = &args[0];
	int order;

	for (size_t i = 1; i < n; i++) {
		if (value_compare(&args[i], best, &order, f) < 0)
			return -1;
		if (order * sign > 0)
			best = &args[i];
	}
	*out = *best;
	return judge_work(j, n, f);
}

CALL(smallest)
{
	return extreme(j, args, n, -1, out, f);
}

CALL(largest)
{
	return extreme(j, args, n, 1, out, f);
}

CALL(null_if)
{
	int same = 0;

	(void)j;
	(void)n;
	if (args[0].type != EXPR_NULL && args[1].type != EXPR_NULL &&
	    value_equal(&args[0], &args[1], &same, f) < 0)
		return -1;
	*out = same ? VALUE_NULL : args[0];
	return 0;
}

const struct function function_numbers[] = {
    {"abs", 1, 1, NODE_CALL, 0, absolute},
    {"round", 1, 2, NODE_CALL, 0, rounded},
    {"min", 2, FUNCTION_MANY, NODE_CALL, 0, smallest},
    {"max", 2, FUNCTION_MANY, NODE_CALL, 0, largest},
    {"nullif", 2, 2, NODE_CALL, 1, null_if},
    {0},
};
