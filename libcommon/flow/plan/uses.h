/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of an item a plan rests on: the labels that spread and protect, the variables,
 * attributes and labels that templates and expressions use, and its place. Frozen when the
 * plan is made, compared when the item is admitted. A canonical JSON object:
 *
 *	{"attributes":{"active":true,"name":"db1","ref":"host:dfw/db1","region":"dfw",...},
 *	 "labels":{"cabinet":["a12"]},"variables":{"ram_gb":512}}
 *
 * and "expected", the expression of the check whose finding it is for, if that has one.
 * Without a value there is no member. A label's values are sorted; a bare label's value is "".
 */
#ifndef FLOW_USES_H
#define FLOW_USES_H

#include "fleet/item.h"
#include "flow/plan/workflow.h"
#include "io/jtext.h"

/* Items with this label, with or without a value, are in no plan. */
#define USES_PROTECT "craton/protect"

/* The names wanted, each once, sorted. */
struct uses {
	struct words attributes, labels, variables;
};

/* All that a workflow needs. where: an expression that chose the items, or NULL. */
int uses_init(struct uses *u, const struct workflow *w, const char *where, struct fault *f);
void uses_done(struct uses *u);

/* Wants what a template names: for templates_each, uses being a struct uses. */
int uses_want(const struct template_part *p, void *uses);

/* Appends the present values of an item. */
int uses_of(struct session *s, const struct uses *u, const struct item *i, struct str *out,
    struct fault *f);

/* Adds what a finding's check expects; what is there, or NULL. To be freed. */
void uses_expect(struct str *uses, const char *expected);
char *uses_expected(struct jtext uses);

/* The value of an attribute or variable, or the values of a label; {NULL, 0}: none. */
struct jtext uses_attribute(struct jtext uses, const char *name);
struct jtext uses_variable(struct jtext uses, const char *name);
struct jtext uses_label(struct jtext uses, const char *key);

/* The first difference in words, "label cabinet: a12, was a11"; returns 1, or 0 for none. */
int uses_differ(struct jtext was, struct jtext is, struct str *why);

#endif
