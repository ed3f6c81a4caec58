/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/workflow.h"

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
	command_done(&w->before);
	command_done(&w->after);
	windows_done(&w->windows);
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

static int64_t
command_time(const struct command *c)
{
	return c->argv.n ? c->timeout : 0;
}

int64_t
workflow_item_time(const struct workflow *w)
{
	int64_t sum = 2 * command_time(&w->proof) + command_time(&w->finally);

	if (w->item_limit)
		return w->item_limit;
	for (size_t i = 0; i < w->steps.n; i++)
		sum += w->steps.v[i].run.timeout + command_time(&w->steps.v[i].verify);
	return sum;
}

int
workflow_step(const struct workflow *w, const char *name)
{
	for (size_t i = 0; i < w->steps.n; i++)
		if (w->steps.v[i].name && !strcmp(w->steps.v[i].name, name))
			return (int)i;
	return -1;
}

const char *
workflow_step_name(const struct workflow *w, int64_t step)
{
	static const struct {
		int64_t step;
		const char *name;
	} names[] = {
	    {STEP_PROOF_BEFORE, "proof-before"},
	    {STEP_PROOF_AFTER, "proof-after"},
	    {STEP_FINALLY, "finally"},
	    {STEP_RUN_BEFORE, "before"},
	    {STEP_RUN_AFTER, "after"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].step == step)
			return names[i].name;
	return w->steps.v[step].name;
}

char *
workflow_chain(const struct workflow *w, size_t from)
{
	const struct graph *g = &w->graph;
	char *in = mem_zero(g->n, 1);

	in[from] = 1;
	for (size_t i = 0; i < g->n; i++) {
		const struct graph_node *node = &g->nodes[g->order[i]];

		for (size_t j = 0; j < node->needs.n; j++)
			if (in[node->needs.v[j]])
				in[g->order[i]] = 1;
	}
	return in;
}

int
workflow_each_value(
    const struct workflow *w, int (*each)(const struct template_part *p, void *ctx), void *ctx)
{
	const struct templates *const all[] = {
	    &w->proof.argv, &w->finally.argv, &w->before.argv, &w->after.argv};
	int rc = 0;

	for (size_t i = 0; i < w->steps.n && rc == 0; i++)
		rc = step_each_value(&w->steps.v[i], each, ctx);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && rc == 0; i++)
		rc = templates_each(all[i], each, ctx);
	return rc;
}

static int
is_after_identity(const struct workflow *w, size_t step)
{
	int is = 0;

	for (size_t i = 0; i < w->steps.n && !is; i++)
		if (w->steps.v[i].action && !strcmp(w->steps.v[i].action, "identity")) {
			char *chain = workflow_chain(w, i);

			is = i != step && chain[step];
			free(chain);
		}
	return is;
}

const struct step *
workflow_unproved(const struct workflow *w)
{
	for (size_t i = 0; i < w->steps.n; i++)
		if (w->steps.v[i].irreversible && !is_after_identity(w, i))
			return &w->steps.v[i];
	return NULL;
}
