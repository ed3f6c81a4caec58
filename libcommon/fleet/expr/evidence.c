/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/evidence.h"

#include "fleet/expr/judge.h"
#include "fleet/expr/node.h"

#include <inttypes.h>
#include <string.h>

static void
add_member(struct str *object, const char *key, struct jtext value)
{
	struct str next = STR_INIT;

	if (!value.text || value.len > EVIDENCE_LONGEST)
		return;
	jtext_with((struct jtext){object->text, object->len}, key, value, &next);
	str_done(object);
	*object = next;
}

/* facts.os.name, disks[0].size */
static void
add_variable(const struct node *n, const struct expr_subject *subject, struct str *object)
{
	struct jtext whole = jtext_member(JTEXT(subject->variables), n->name);
	struct str name = STR_INIT;

	str_add(&name, n->name);
	for (size_t i = 0; i < n->path.n; i++) {
		if (n->path.v[i].key)
			str_addf(&name, ".%s", n->path.v[i].key);
		else
			str_addf(&name, "[%" PRId64 "]", n->path.v[i].index);
	}
	if (whole.text)
		add_member(object, name.text, node_walk(n, whole));
	str_done(&name);
}

static void
add_attribute(const struct node *n, const struct expr_subject *subject, struct str *object)
{
	struct jtext whole = jtext_member(JTEXT(subject->attributes), n->name);
	char *name = mem_printf("item.%s", n->name);

	if (whole.text)
		add_member(object, name, node_walk(n, whole));
	free(name);
}

static void
add_label(const struct node *n, const struct expr_subject *subject, struct str *object)
{
	struct str list = STR_INIT;
	const char *value;
	char *name = mem_printf("label.%s", n->name);
	size_t found = 0;

	for (size_t i = 0; i < subject->labels.n; i++) {
		if (!judge_label_is(subject->labels.v[i], n->name, &value))
			continue;
		str_addc(&list, found++ ? ',' : '[');
		jtext_put_string(&list, value);
	}
	if (found)
		str_addc(&list, ']');
	if (found == 1)
		add_member(object, name, (struct jtext){list.text + 1, list.len - 2});
	else if (found)
		add_member(object, name, (struct jtext){list.text, list.len});
	str_done(&list);
	free(name);
}

static void
add_all(const struct node *n, const struct expr_subject *subject, struct str *object)
{
	switch (n->kind) {
	case NODE_VARIABLE: add_variable(n, subject, object); break;
	case NODE_ATTRIBUTE: add_attribute(n, subject, object); break;
	case NODE_LABEL:
	case NODE_LABELS:
	case NODE_HAS: add_label(n, subject, object); break;
	default: break;
	}
	for (size_t i = 0; i < n->args.n; i++)
		add_all(n->args.v[i], subject, object);
}

void
evidence_add(const struct expr *e, const struct expr_subject *subject, struct str *object)
{
	if (!object->len)
		str_add(object, "{}");
	add_all(e->root, subject, object);
}
