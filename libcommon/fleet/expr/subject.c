/* SPDX-License-Identifier: Apache-2.0 */
/* Names out of a subject held in memory: an example of a definition, or an item read whole. */
#include "fleet/expr/judge.h"
#include "fleet/expr/node.h"

#include <stdlib.h>
#include <string.h>

void
expr_value_done(struct expr_value *v)
{
	free(v->text);
	*v = (struct expr_value){0};
}

void
expr_subject_done(struct expr_subject *subject)
{
	free(subject->variables);
	free(subject->attributes);
	words_done(&subject->labels);
	*subject = (struct expr_subject){0};
}

static int
subject_variable(void *ctx, const char *key, struct jtext *out, struct fault *f)
{
	const struct expr_subject *subject = ctx;

	(void)f;
	*out = jtext_member(JTEXT(subject->variables), key);
	return 0;
}

static int
subject_attribute(void *ctx, const char *name, struct jtext *out, struct fault *f)
{
	const struct expr_subject *subject = ctx;

	(void)f;
	*out = jtext_member(JTEXT(subject->attributes), name);
	return 0;
}

static int
subject_labels(void *ctx, const char *key, const struct words **out, struct fault *f)
{
	const struct expr_subject *subject = ctx;

	(void)key;
	(void)f;
	*out = &subject->labels;
	return 0;
}

static struct judge_names
names_of(const struct expr_subject *subject)
{
	/* The functions above only read. */
	return (struct judge_names){
	    subject_variable, subject_attribute, subject_labels, (void *)(uintptr_t)subject};
}

int
judge_value(struct judge *j, const struct expr *e, const struct expr_subject *subject,
    struct expr_value *out, struct fault *f)
{
	struct judge_names names = names_of(subject);
	struct value v;

	if (judge_run(j, e, &names, &v, f) < 0)
		return -1;
	*out = (struct expr_value){.type = v.type, .i = v.i, .d = v.d};
	if (v.type == EXPR_TEXT || v.type == EXPR_JSON)
		out->text = mem_dupn(v.text.text, v.text.len);
	return 0;
}

int
judge_truth(struct judge *j, const struct expr *e, const struct expr_subject *subject,
    enum expr_truth *out, struct fault *f)
{
	struct judge_names names = names_of(subject);

	return judge_run_truth(j, e, &names, out, f);
}

/* ---- what has no value ---- */

static int
has_value(struct jtext v)
{
	return v.text && jtext_type(v) != JTEXT_NULL;
}

static struct jtext
value_of(const struct node *n, const struct expr_subject *subject)
{
	const char *object = n->kind == NODE_ATTRIBUTE ? subject->attributes : subject->variables;

	return node_walk(n, jtext_member(JTEXT(object), n->name));
}

static const char *
missing(const struct node *n, const struct expr_subject *subject)
{
	const char *name = NULL;

	if (n->written && !has_value(value_of(n, subject)))
		return n->written;
	for (size_t i = 0; i < n->args.n && !name; i++)
		name = missing(n->args.v[i], subject);
	return name;
}

const char *
judge_missing(const struct expr *e, const struct expr_subject *subject)
{
	const char *name = missing(e->root, subject);

	return name ? name : "";
}
