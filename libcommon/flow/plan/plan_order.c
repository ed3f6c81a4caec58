/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/plan.h"

#include <inttypes.h>
#include <stdio.h>

#define ID_TEXT 24

static const char *
id_text(int64_t id, char buf[ID_TEXT])
{
	snprintf(buf, ID_TEXT, "%" PRId64, id);
	return buf;
}

/* By id, the place of each item, from 1. */
static void
number(const struct plan *p, struct map *places)
{
	char id[ID_TEXT];

	for (size_t i = 0; i < p->items.n; i++)
		map_put(places, id_text(p->items.v[i].item, id), NULL)->i = (int64_t)i + 1;
}

/* Places instead of ids, and what needs what; out: items that come after others than these. */
static void
link_items(struct plan *p, struct graph *g, char *out)
{
	struct map places = {0};
	char id[ID_TEXT];

	number(p, &places);
	for (size_t i = 0; i < p->items.n; i++) {
		struct ids *after = &p->items.v[i].after;

		for (size_t j = 0; j < after->n; j++) {
			const union map_value *at = map_get(&places, id_text(after->v[j], id));

			if (at)
				graph_need(g, i, (size_t)at->i - 1);
			else
				out[i] = 1;
		}
	}
	map_done(&places);
}

static int
sort(const struct plan *p, struct graph *g, struct fault *f)
{
	const char **names = mem_zero(p->items.n, sizeof(*names));
	int rc;

	for (size_t i = 0; i < p->items.n; i++)
		names[i] = p->items.v[i].ref;
	rc = graph_sort(g, names, f);
	free(names);
	return rc;
}

/* In the new order; at[i] is the new place of i. */
static int64_t
rebuild(struct plan *p, const struct graph *g, char *out)
{
	struct plan_items items = {0};
	int64_t *at = mem_zero(g->n, sizeof(*at)), left = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct graph_node *node = &g->nodes[g->order[i]];
		struct plan_item *item = &p->items.v[g->order[i]];

		item->after.n = 0;
		for (size_t j = 0; j < node->needs.n; j++) {
			if (out[node->needs.v[j]])
				out[g->order[i]] = 1;
			vec_push(&item->after, at[node->needs.v[j]]);
		}
		at[g->order[i]] = (int64_t)items.n;
		if (out[g->order[i]]) {
			plan_item_done(item);
			left++;
		} else {
			vec_push(&items, *item);
		}
	}
	vec_done(&p->items);
	p->items = items;
	free(at);
	return left;
}

int64_t
plan_order(struct plan *p, struct fault *f)
{
	char *out = mem_zero(p->items.n, 1);
	struct graph g;
	int64_t left = -1;

	graph_init(&g, p->items.n);
	link_items(p, &g, out);
	if (sort(p, &g, f) == 0)
		left = rebuild(p, &g, out);
	graph_done(&g);
	free(out);
	return left;
}

/* ---- regions ---- */

/* "dfw" of host:dfw/compute-0001, as many characters as are returned; 0: it is in none. */
static size_t
region_of(const char *ref, const char **name)
{
	const char *end = strrchr(ref, '/');

	*name = strchr(ref, ':') + 1;
	return end ? (size_t)(end - *name) : 0;
}

/* The place of its region among all, by the first item of each. */
static int64_t
region_number(struct map *regions, const char *ref)
{
	const char *name;
	size_t len = region_of(ref, &name);
	char *key = mem_dupn(name, len);
	int added;
	union map_value *value = map_put(regions, key, &added);

	if (added)
		value->i = (int64_t)regions->n - 1;
	free(key);
	return value->i;
}

void
plan_by_region(struct plan *p)
{
	VEC(struct plan_items) by_region = {0};
	struct map regions = {0};
	size_t at = 0;

	for (size_t i = 0; i < p->items.n; i++) {
		size_t region = (size_t)region_number(&regions, p->items.v[i].ref);
		struct plan_items *own =
		    region < by_region.n ? &by_region.v[region] : vec_add(&by_region);

		vec_push(own, p->items.v[i]);
	}
	for (size_t r = 0; r < by_region.n; r++) {
		for (size_t i = 0; i < by_region.v[r].n; i++)
			p->items.v[at++] = by_region.v[r].v[i];
		vec_done(&by_region.v[r]);
	}
	vec_done(&by_region);
	map_done(&regions);
}
