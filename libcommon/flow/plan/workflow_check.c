/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a workflow say of each other: values, expressions, and ways back. */
#include "flow/plan/workflow.h"

#include "base/near.h"
#include "fleet/expr/expr.h"

#include <stdio.h>
#include <stdlib.h>

/* Where a command stands, for what it may use. */
struct place {
	const struct workflow *w;
	const struct yaml_node *node;
	int step;    /* outputs of what it needs; -1: of none */
	int own;     /* its own output too */
	int all;     /* outputs of all steps, and the result */
	int is_item; /* there is an item */
	struct fault *f;
};

static int
needs(const struct workflow *w, int step, int wanted)
{
	char *chain = workflow_chain(w, (size_t)wanted);
	int yes = step != wanted && chain[step];

	free(chain);
	return yes;
}

int
workflow_no_step(const struct workflow *w, const struct yaml_node *n, const char *what,
    const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	char hint[NEAR_HINT];

	for (size_t i = 0; i < w->steps.n; i++)
		near_offer(&near, w->steps.v[i].name);
	return yaml_fault(n, f, "%sno step %.80s%s", what, name, near_hint(&near, hint));
}

static int
check_output(const struct place *at, const struct template_part *p)
{
	int step = workflow_step(at->w, p->text);
	char what[128];

	if (step < 0) {
		snprintf(what, sizeof(what), "{%.40s.%.40s}: ", p->text, p->member);
		return workflow_no_step(at->w, at->node, what, p->text, at->f);
	}
	if (at->all || (at->own && step == at->step) ||
	    (at->step >= 0 && needs(at->w, at->step, step)))
		return 0;
	return yaml_fault(at->node, at->f, "{%s.%.40s}: %s has not ended when this starts%s%s",
	    p->text, p->member, p->text, at->step >= 0 ? "; needs: would say so, in " : "",
	    at->step >= 0 ? at->w->steps.v[at->step].name : "");
}

static int
check_value(const struct template_part *p, void *ctx)
{
	const struct place *at = ctx;

	if (p->kind == TEMPLATE_RESULT && !at->all)
		return yaml_fault(at->node, at->f, "{result} is known in finally and after only");
	if (p->kind == TEMPLATE_EACH && (at->step < 0 || !at->w->steps.v[at->step].each.n))
		return yaml_fault(at->node, at->f, "{each} is known in a step with for_each only");
	if (!at->is_item && p->kind != TEMPLATE_KEY && p->kind != TEMPLATE_RESULT)
		return yaml_fault(at->node, at->f,
		    "before and after are about the run, and no item has a value here");
	return p->kind == TEMPLATE_OUTPUT ? check_output(at, p) : 0;
}

/* A name in an expression that is a step's stands for what that step printed. */
static int
check_when(const struct place *at, const struct step *s)
{
	struct expr *e = s->when ? expr_new(s->name, s->when, at->f) : NULL;
	int rc = s->when && !e ? -1 : 0;

	for (size_t i = 0; e && rc == 0 && i < expr_variables(e)->n; i++) {
		const char *name = expr_variables(e)->v[i];
		int step = workflow_step(at->w, name);

		if (step >= 0 && !needs(at->w, at->step, step))
			rc = yaml_fault(yaml_get(at->node, "when"), at->f,
			    "%s has not ended when this starts; needs: would say so", name);
	}
	expr_free(e);
	return rc;
}

static int
check_step(const struct workflow *w, size_t i, const struct yaml_node *node, struct fault *f)
{
	struct place at = {.w = w, .node = node, .step = (int)i, .is_item = 1, .f = f};
	const struct step *s = &w->steps.v[i];
	struct template elements = s->each;
	const struct templates each = {.v = &elements, .n = 1};

	if (templates_each(&each, check_value, &at) ||
	    templates_each(&s->run.argv, check_value, &at) ||
	    templates_each(&s->with_values, check_value, &at) ||
	    templates_each(&s->verify.argv, check_value, &at) || check_when(&at, s) < 0)
		return -1;
	at.own = 1;
	return templates_each(&s->undo.argv, check_value, &at);
}

int
workflow_check_values(const struct workflow *w, const struct yaml_node *root, struct fault *f)
{
	const struct yaml_node *steps = yaml_get(root, "steps");
	const struct {
		const char *key;
		const struct command *command;
		int is_item, all;
	} beside[] = {
	    {"proof", &w->proof, 1, 0},
	    {"finally", &w->finally, 1, 1},
	    {"before", &w->before, 0, 0},
	    {"after", &w->after, 0, 1},
	};

	for (size_t i = 0; i < w->steps.n; i++)
		if (check_step(w, i, steps->items[i], f) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
		struct place at = {.w = w,
		    .node = yaml_get(root, beside[i].key),
		    .step = -1,
		    .is_item = beside[i].is_item,
		    .all = beside[i].all,
		    .f = f};

		if (templates_each(&beside[i].command->argv, check_value, &at) < 0)
			return -1;
	}
	return 0;
}

/* ---- retry.from ---- */

/* Of what lies between there and here, and beside it; what comes after here has not run. */
static int
check_way(
    const struct workflow *w, size_t from, size_t to, const struct yaml_node *n, struct fault *f)
{
	char *again = workflow_chain(w, from), *later = workflow_chain(w, to);
	int rc = 0;

	for (size_t i = 0; i < w->steps.n && rc == 0; i++) {
		const struct step *s = &w->steps.v[i];

		if (again[i] && !later[i] && !s->idempotent && !s->undo.argv.n && !s->rerun)
			rc = yaml_fault(n, f,
			    "step %s would be run again, and is not idempotent; undo: or rerun: "
			    "true would allow it",
			    s->name);
	}
	free(again);
	free(later);
	return rc;
}

int
workflow_check_returns(const struct workflow *w, const struct yaml_node *root, struct fault *f)
{
	const struct yaml_node *steps = yaml_get(root, "steps");

	for (size_t i = 0; i < w->steps.n; i++) {
		const char *from = w->steps.v[i].retry.from;
		const struct yaml_node *n =
		    from ? yaml_get(yaml_get(steps->items[i], "retry"), "from") : NULL;
		int step = from ? workflow_step(w, from) : -1;

		if (!from)
			continue;
		if (step < 0)
			return workflow_no_step(w, n, "", from, f);
		if (!needs(w, (int)i, step))
			return yaml_fault(n, f, "%s does not need %s, so it cannot go back there",
			    w->steps.v[i].name, from);
		if (check_way(w, (size_t)step, i, n, f) < 0)
			return -1;
	}
	return 0;
}
