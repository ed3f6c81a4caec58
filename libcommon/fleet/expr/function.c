/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/function.h"

#include "base/near.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct function function_names[] = {
    {"coalesce", 2, FUNCTION_MANY, NODE_COALESCE, 0, NULL},
    {"ifnull", 2, 2, NODE_COALESCE, 0, NULL},
    {"iif", 3, 3, NODE_CASE, 0, NULL},
    {"label", 1, 1, NODE_LABEL, 0, NULL},
    {"labels", 1, 1, NODE_LABELS, 0, NULL},
    {"has", 1, 1, NODE_HAS, 0, NULL},
    {0},
};

static const struct function *const tables[] = {
    function_names, function_texts, function_numbers, function_fleet};

const struct function *
function_find(const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	char hint[NEAR_HINT];

	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct function *fn = tables[t]; fn->name; fn++) {
			if (strcasecmp(fn->name, name) == 0)
				return fn;
			near_offer(&near, fn->name);
		}
	fault_set(f, FAULT_BAD, "unknown function %s%s", name, near_hint(&near, hint));
	return NULL;
}

const struct function *
function_operator(const char *name)
{
	const struct function *fn = function_operators;

	while (fn->name && strcmp(fn->name, name) != 0)
		fn++;
	if (!fn->name)
		abort();
	return fn;
}

int
function_wants(const char *name, const char *wanted, const struct value *got, struct fault *f)
{
	char buf[VALUE_DESCRIBED];

	return fault_set(
	    f, FAULT_BAD, "%s wants %s, not %s", name, wanted, value_describe(got, buf));
}

int
function_want_text(const char *name, const struct value *v, struct fault *f)
{
	return v->type == EXPR_TEXT ? 0 : function_wants(name, "text", v, f);
}

int
function_want_int(const char *name, const struct value *v, struct fault *f)
{
	return v->type == EXPR_INT ? 0 : function_wants(name, "a whole number", v, f);
}

int
function_want_number(const char *name, const struct value *v, struct fault *f)
{
	return value_is_number(v) ? 0 : function_wants(name, "a number", v, f);
}
