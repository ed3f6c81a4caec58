/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels by rule. A label with an attribute "rule", an expression, is carried by every item of
 * the project for which that is true, besides those that a source puts it on. Nothing of it is
 * stored: membership is what the expression says when somebody looks. A rule sees attributes,
 * variables and the labels that sources give, never labels by rule nor what those carry, so that
 * rules cannot go in circles.
 *
 * The rules of a project are kept with the session and read again when the change log has a
 * newer entry. Being an attribute, a rule has a source, blame, undo and a place in exports like any
 * other.
 */
#ifndef FLEET_LABEL_RULE_H
#define FLEET_LABEL_RULE_H

#include "base/vec.h"
#include "fleet/expr/expr.h"
#include "fleet/session.h"

#define RULE_ATTRIBUTE "rule"

struct rule {
	int64_t label;
	char *name; /* the label's text */
	char *text;
	struct expr *expr; /* NULL: the text is no expression, see wrong */
	char *wrong;
	unsigned long doubts; /* items that it could not be told for, since rules_doubts */
	char *doubt;          /* the first of them, and why */
};

/* Sorted by name. The list is the session's: good until a rule is asked for the next time. */
struct rule_list VEC_BODY(struct rule);
int rules_get(struct session *s, const struct rule_list **out, struct fault *f);

/* The rule of a label: NULL if it has none. 0 or -1. */
int rules_find(struct session *s, int64_t label, const struct rule **out, struct fault *f);

/*
 * Whether a rule holds for an item: 1, 0. -1 with FAULT_BAD where it cannot be told, because
 * types do not fit or the text is no expression: such an item does not carry the label, and who
 * depends on it should say why. rule is one of rules_get.
 */
int rule_holds(struct session *s, const struct rule *rule, int64_t item, struct fault *f);

/* The same for lists and sheets: what cannot be told is 0, and kept for rules_doubts. */
int rule_shows(struct session *s, const struct rule *rule, int64_t item, struct fault *f);

/* The living items of a rule, ascending; with doubts as in rule_shows. */
int rule_members(struct session *s, const struct rule *rule, struct ids *out, struct fault *f);

/* What an expression would say as a rule; FAULT_BAD without the item's ref. */
int rule_try(
    struct session *s, const struct expr *e, int64_t item, enum expr_truth *out, struct fault *f);

/* All living items that carry a label, whoever says so, ascending. */
int rule_carriers(struct session *s, int64_t label, struct ids *out, struct fault *f);

/* Tells, and forgets, what rule_shows could not: a sentence for each rule. */
void rules_doubts(struct session *s, void (*tell)(const char *text, void *ctx), void *ctx);

/* What is kept with the session; for session.c and for changes that are taken back. */
void rules_forget(struct session *s);

/* FAULT_BAD if a text cannot be a rule: no expression. what begins the message. */
int rule_check_text(const char *what, const char *text, struct fault *f);

#endif
