/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values while an expression is judged, and how they compare. Types never mix: integers and
 * reals are both numbers and compare exactly; every other pair of types is a fault that names
 * both sides.
 */
#ifndef FLEET_EXPR_VALUE_H
#define FLEET_EXPR_VALUE_H

#include "fleet/expr/expr.h"
#include "io/jtext.h"

struct value {
	enum expr_type type;
	int64_t i; /* EXPR_BOOL, EXPR_INT */
	double d;  /* EXPR_REAL */
	/* EXPR_TEXT: plain, no NUL in it. EXPR_JSON: canonical. Borrowed; not ended by NUL. */
	struct jtext text;
};

#define VALUE_NULL ((struct value){.type = EXPR_NULL})
#define VALUE_BOOL(truth) ((struct value){.type = EXPR_BOOL, .i = !!(truth)})
#define VALUE_INT(n) ((struct value){.type = EXPR_INT, .i = (n)})
#define VALUE_TEXT(s, n) ((struct value){.type = EXPR_TEXT, .text = {(s), (n)}})

int value_is_number(const struct value *v);
double value_double(const struct value *v); /* of a number */

/* FAULT_BAD unless it is finite: "a number out of range". */
int value_set_real(struct value *v, double d, struct fault *f);

/* "number 512", "text 'n/a'", "boolean true", "array [1,2]"; long ones are cut. */
#define VALUE_DESCRIBED 96
const char *value_describe(const struct value *v, char buf[VALUE_DESCRIBED]);

/* "null", "boolean", "number", "text", "array", "object". */
const char *value_type_name(const struct value *v);

/* Of two values that are not NULL. order: below, at or above 0. Neither orders JSON or booleans. */
int value_compare(const struct value *a, const struct value *b, int *order, struct fault *f);
int value_equal(const struct value *a, const struct value *b, int *equal, struct fault *f);

/* From canonical JSON; a string with escapes in it takes its plain text from scratch. */
void value_from_json(struct jtext json, struct value *out, char *scratch);

/* How much scratch that takes: 0 for most values. */
size_t value_scratch(struct jtext json);

#endif
