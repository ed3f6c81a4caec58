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

/* Nodes that wait for nobody; the first as numbered is the root of a heap. */
struct heap VEC_BODY(size_t);

static void
heap_put(struct heap *h, size_t node)
{
	size_t i = h->n;

	vec_push(h, node);
	for (; i && h->v[(i - 1) / 2] > node; i = (i - 1) / 2)
		h->v[i] = h->v[(i - 1) / 2];
	h->v[i] = node;
}

static size_t
heap_take(struct heap *h)
{
	size_t first = h->v[0], last = h->v[--h->n], i = 0, child;

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n && h->v[child + 1] < h->v[child])
			child++;
		if (h->v[child] >= last)
			break;
		h->v[i] = h->v[child];
		i = child;
	}
	h->v[i] = last;
	return first;
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
	struct heap ready = {0};
	size_t done = 0;

	for (size_t i = 0; i < g->n; i++)
		if ((waits[i] = g->nodes[i].needs.n) == 0)
			heap_put(&ready, i);
	while (ready.n) {
		size_t at = heap_take(&ready);
		const struct graph_node *node = &g->nodes[at];

		placed[at] = 1;
		g->order[done++] = at;
		for (size_t i = 0; i < node->next.n; i++)
			if (--waits[node->next.v[i]] == 0)
				heap_put(&ready, node->next.v[i]);
	}
	if (done < g->n)
		rc = cycle(g, placed, names, f);
	vec_done(&ready);
	free(waits);
	free(placed);
	return rc;
}
