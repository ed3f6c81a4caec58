/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/node.h"

#include <stdlib.h>

struct node *
node_new(enum node_kind kind)
{
	struct node *n = mem_zero(1, sizeof(*n));

	n->kind = kind;
	n->depth = 1;
	return n;
}

void
node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->args.n; i++)
		node_free(n->args.v[i]);
	vec_done(&n->args);
	for (size_t i = 0; i < n->path.n; i++)
		free(n->path.v[i].key);
	vec_done(&n->path);
	regexp_free(n->regexp);
	free(n->held);
	free(n->name);
	free(n->written);
	free(n);
}

static struct jtext
element(struct jtext array, int64_t index)
{
	struct jtext key, value;
	size_t at = 0;

	if (jtext_type(array) != JTEXT_ARRAY)
		return (struct jtext){0};
	while (jtext_each(array, &at, &key, &value))
		if (index-- == 0)
			return value;
	return (struct jtext){0};
}

struct jtext
node_walk(const struct node *n, struct jtext value)
{
	for (size_t i = 0; i < n->path.n && value.text; i++) {
		const struct node_step *step = &n->path.v[i];

		value = step->key ? jtext_member(value, step->key) : element(value, step->index);
	}
	return value;
}
