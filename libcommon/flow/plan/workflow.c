/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/workflow.h"

#include "base/near.h"
#include "flow/shelf.h"
#include "io/file.h"

#include <string.h>

#define LARGEST ((size_t)1 << 20)

static const struct shelf shelf = {"CRATON_WORKFLOWS", "workflows", "workflow"};

void
workflow_done(struct workflow *w)
{
	free(w->name);
	free(w->title);
	vec_done(&w->batch.size);
	for (size_t i = 0; i < w->batch.spread.n; i++)
		free(w->batch.spread.v[i].label);
	vec_done(&w->batch.spread);
	for (size_t i = 0; i < w->steps.n; i++)
		step_done(&w->steps.v[i]);
	vec_done(&w->steps);
	graph_done(&w->graph);
	command_done(&w->proof);
	command_done(&w->finally);
	free(w->json);
	*w = (struct workflow){0};
}

int
workflow_open(struct workflow *w, const char *called, char **path,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f)
{
	struct str text = STR_INIT;
	int rc = -1;

	*w = (struct workflow){0};
	*path = shelf_find(&shelf, called, f);
	if (*path && file_read(*path, LARGEST, &text, f) == 0)
		rc = workflow_read(w, *path, text.text, text.len, warn, ctx, f);
	str_done(&text);
	return rc;
}

int
workflow_step(const struct workflow *w, const char *name)
{
	for (size_t i = 0; i < w->steps.n; i++)
		if (w->steps.v[i].name && !strcmp(w->steps.v[i].name, name))
			return (int)i;
	return -1;
}

/* ---- values in templates ---- */

int
workflow_each_value(
    const struct workflow *w, int (*each)(const struct template_part *p, void *ctx), void *ctx)
{
	int rc = 0;

	for (size_t i = 0; i < w->steps.n && rc == 0; i++)
		rc = step_each_value(&w->steps.v[i], each, ctx);
	if (rc == 0)
		rc = templates_each(&w->proof.argv, each, ctx);
	return rc ? rc : templates_each(&w->finally.argv, each, ctx);
}

/* Where a command stands, for what it may use. */
struct place {
	const struct workflow *w;
	const struct yaml_node *node;
	int step; /* outputs of what it needs; -1: of none */
	int own;  /* its own output too */
	int all;  /* outputs of all steps, and the result */
	struct fault *f;
};

/* seen keeps the walk linear: a wide graph has more ways than steps by far. */
static int
reaches(const struct graph *g, size_t step, size_t wanted, char *seen)
{
	const struct graph_node *n = &g->nodes[step];

	if (seen[step]++)
		return 0;
	for (size_t i = 0; i < n->needs.n; i++)
		if (n->needs.v[i] == wanted || reaches(g, n->needs.v[i], wanted, seen))
			return 1;
	return 0;
}

static int
needs(const struct workflow *w, int step, int wanted)
{
	char *seen = mem_zero(w->graph.n, 1);
	int yes = reaches(&w->graph, (size_t)step, (size_t)wanted, seen);

	free(seen);
	return yes;
}

static int
check_output(const struct place *at, const struct template_part *p)
{
	int step = workflow_step(at->w, p->text);
	struct near near = NEAR_INIT(p->text);
	char hint[NEAR_HINT];

	if (step < 0) {
		for (size_t i = 0; i < at->w->steps.n; i++)
			near_offer(&near, at->w->steps.v[i].name);
		return yaml_fault(at->node, at->f, "{%.40s.%.40s}: no step %.40s%s", p->text,
		    p->member, p->text, near_hint(&near, hint));
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

	if (p->kind == TEMPLATE_OUTPUT)
		return check_output(at, p);
	if (p->kind == TEMPLATE_RESULT && !at->all)
		return yaml_fault(at->node, at->f, "{result} is known in finally only");
	return 0;
}

static int
check_step(const struct workflow *w, size_t i, const struct yaml_node *node, struct fault *f)
{
	struct place at = {.w = w, .node = node, .step = (int)i, .f = f};
	const struct step *s = &w->steps.v[i];

	if (templates_each(&s->run.argv, check_value, &at) ||
	    templates_each(&s->with_values, check_value, &at) ||
	    templates_each(&s->verify.argv, check_value, &at))
		return -1;
	at.own = 1;
	return templates_each(&s->undo.argv, check_value, &at);
}

int
workflow_check_values(const struct workflow *w, const struct yaml_node *root, struct fault *f)
{
	const struct yaml_node *steps = yaml_get(root, "steps");
	struct place proof = {.w = w, .node = yaml_get(root, "proof"), .step = -1, .f = f};
	struct place finally = {
	    .w = w, .node = yaml_get(root, "finally"), .step = -1, .all = 1, .f = f};

	for (size_t i = 0; i < w->steps.n; i++)
		if (check_step(w, i, steps->items[i], f) < 0)
			return -1;
	if (templates_each(&w->proof.argv, check_value, &proof) < 0)
		return -1;
	return templates_each(&w->finally.argv, check_value, &finally);
}
