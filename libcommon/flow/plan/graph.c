/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/graph.h"

#include "base/str.h"

void
graph_init(struct graph *g, size_t n)
{
	*g = (struct graph){.n = n};
	g->nodes = mem_zero(n, sizeof(*g->nodes));
	g->order = mem_zero(n, sizeof(*g->order));
}

void
graph_done(struct graph *g)
{
	for (size_t i = 0; i < g->n; i++) {
		vec_done(&g->nodes[i].needs);
		vec_done(&g->nodes[i].next);
	}
	free(g->nodes);
	free(g->order);
	*g = (struct graph){0};
}

void
graph_need(struct graph *g, size_t node, size_t need)
{
	struct graph_node *n = &g->nodes[node];

	for (size_t i = 0; i < n->needs.n; i++)
		if (n->needs.v[i] == need)
			return;
	vec_push(&n->needs, need);
	vec_push(&g->nodes[need].next, node);
}

/* The next node, as numbered, that waits for nobody; g->n if there is none. */
static size_t
first_free(const struct graph *g, const size_t *waits, const int *placed)
{
	size_t i = 0;

	while (i < g->n && (placed[i] || waits[i]))
		i++;
	return i;
}

/*
 * Each node that is not placed waits for another one that is not: going from need to need
 * ends in a cycle. seen[i] is the place of i on the way, from 1.
 */
static int
cycle(const struct graph *g, const int *placed, const char *const *names, struct fault *f)
{
	VEC(size_t) way = {0};
	size_t *seen = mem_zero(g->n, sizeof(*seen)), at = 0;
	struct str text = STR_INIT;

	while (placed[at])
		at++;
	while (!seen[at]) {
		const struct graph_node *n = &g->nodes[at];
		size_t next = 0;

		vec_push(&way, at);
		seen[at] = way.n;
		while (placed[n->needs.v[next]])
			next++;
		at = n->needs.v[next];
	}
	for (size_t i = seen[at] - 1; i < way.n; i++)
		str_addf(&text, "%s needs ", names[way.v[i]]);
	str_addf(&text, "%s", names[at]);
	fault_set(f, FAULT_BAD, "a cycle: %s", text.text);
	str_done(&text);
	vec_done(&way);
	free(seen);
	return -1;
}

int
graph_sort(struct graph *g, const char *const *names, struct fault *f)
{
	size_t *waits = mem_zero(g->n, sizeof(*waits));
	int *placed = mem_zero(g->n, sizeof(*placed)), rc = 0;

	for (size_t i = 0; i < g->n; i++)
		waits[i] = g->nodes[i].needs.n;
	for (size_t done = 0; done < g->n; done++) {
		size_t at = first_free(g, waits, placed);

		if (at == g->n) {
			rc = cycle(g, placed, names, f);
			break;
		}
		placed[at] = 1;
		g->order[done] = at;
		for (size_t i = 0; i < g->nodes[at].next.n; i++)
			waits[g->nodes[at].next.v[i]]--;
	}
	free(waits);
	free(placed);
	return rc;
}
