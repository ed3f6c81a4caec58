/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/expr.h"

#include "base/utf8.h"
#include "fleet/expr/node.h"

#include <stdlib.h>
#include <string.h>

/* What is not in quotes is ASCII, as tokens say; all of the text is looked at here. */
static int
check_utf8(const char *text, size_t len, struct fault *f)
{
	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_length(text + at, len - at);
		if (!n)
			return fault_set(f, FAULT_BAD, "byte %zu: invalid UTF-8", at + 1);
	}
	return 0;
}

static int
parse(struct expr *e, const char *text, struct fault *f)
{
	size_t len = strlen(text);

	if (len > EXPR_LONGEST)
		return fault_set(f, FAULT_BAD, "an expression of more than 64 KiB");
	if (check_utf8(text, len, f) < 0)
		return -1;
	return node_parse(e, text, f);
}

struct expr *
expr_new(const char *what, const char *text, struct fault *f)
{
	struct expr *e = mem_zero(1, sizeof(*e));

	e->what = mem_dup(what);
	if (parse(e, text, f) == 0)
		return e;
	fault_within(f, "%s", what);
	expr_free(e);
	return NULL;
}

void
expr_free(struct expr *e)
{
	if (!e)
		return;
	node_free(e->root);
	words_done(&e->variables);
	words_done(&e->attributes);
	words_done(&e->labels);
	free(e->what);
	free(e);
}

const struct words *
expr_variables(const struct expr *e)
{
	return &e->variables;
}

const struct words *
expr_attributes(const struct expr *e)
{
	return &e->attributes;
}

const struct words *
expr_labels(const struct expr *e)
{
	return &e->labels;
}
