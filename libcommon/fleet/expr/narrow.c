/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/narrow.h"

#include "fleet/expr/function.h"
#include "fleet/expr/node.h"

#include <string.h>

/* item.kind = '...', either way round: the text, or NULL. */
static const char *
kind_asked(const struct node *n)
{
	const struct node *left, *right;

	if (n->kind != NODE_CALL || n->args.n != 2 || *n->function->name != '=')
		return NULL;
	left = n->args.v[0];
	right = n->args.v[1];
	if (left->kind == NODE_VALUE) {
		left = n->args.v[1];
		right = n->args.v[0];
	}
	if (left->kind != NODE_ATTRIBUTE || left->path.n || strcmp(left->name, "kind") != 0 ||
	    right->kind != NODE_VALUE || right->value.type != EXPR_TEXT)
		return NULL;
	return right->held;
}

static void
narrow(const struct node *n, struct selector *to)
{
	const char *kind = kind_asked(n);

	if (kind)
		selector_add_kind(to, kind);
	if (n->kind == NODE_HAS)
		selector_add_label(to, n->name);
	for (size_t i = 0; n->kind == NODE_AND && i < n->args.n; i++)
		narrow(n->args.v[i], to);
}

void
expr_narrow(const struct expr *e, struct selector *to)
{
	narrow(e->root, to);
}
