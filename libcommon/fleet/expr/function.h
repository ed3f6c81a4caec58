/* SPDX-License-Identifier: Apache-2.0 */
/* What an expression can call: functions by name, operators by their mark or words. */
#ifndef FLEET_EXPR_FUNCTION_H
#define FLEET_EXPR_FUNCTION_H

#include "fleet/expr/judge.h"
#include "fleet/expr/node.h"

#define FUNCTION_MANY 100

struct function {
	const char *name;
	unsigned char min, max; /* arguments */
	enum node_kind kind;
	int sees_null; /* else one NULL argument makes the result NULL, uncalled */
	int (*call)(struct judge *j, const struct value *args, size_t n, struct value *out,
	    struct fault *f);
};

/* Each table ends with a name of NULL. */
extern const struct function function_operators[]; /* names no user can write as a call */
extern const struct function function_names[];     /* what the parser turns into other nodes */
extern const struct function function_numbers[];
extern const struct function function_texts[];
extern const struct function function_fleet[];

/* The operator of that name: it must be there. */
const struct function *function_operator(const char *name);

/* The function of that name in any case, or NULL with the near miss in f, without a place. */
const struct function *function_find(const char *name, struct fault *f);

/* FAULT_BAD "length() wants text, not number 5". */
int function_wants(const char *name, const char *wanted, const struct value *got, struct fault *f);
int function_want_text(const char *name, const struct value *v, struct fault *f);
int function_want_int(const char *name, const struct value *v, struct fault *f);
int function_want_number(const char *name, const struct value *v, struct fault *f);

#endif
