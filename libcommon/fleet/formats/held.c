/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/held.h"

#include "base/mem.h"

#include <stdlib.h>

static void
item_done(struct held_item *item)
{
	for (size_t i = 0; i < item->edges.n; i++) {
		free(item->edges.v[i].type);
		free(item->edges.v[i].to);
		free(item->edges.v[i].about);
	}
	vec_done(&item->edges);
	free(item->key);
	free(item->text);
}

void
held_done(struct held *h)
{
	for (size_t i = 0; i < h->items.n; i++)
		item_done(&h->items.v[i]);
	vec_done(&h->items);
	map_done(&h->index);
}

static struct held_item *
item_of(struct held *h, const char *key, unsigned long line)
{
	int added;
	union map_value *at = map_put(&h->index, key, &added);

	if (added) {
		struct held_item *item = vec_add(&h->items);

		at->i = (int64_t)h->items.n - 1;
		item->key = mem_dup(key);
		item->line = line;
	}
	return &h->items.v[at->i];
}

int
held_add(struct held *h, const char *key, struct jtext record, unsigned long line, struct fault *f)
{
	struct held_item *item = item_of(h, key, line);

	if (item->text)
		return fault_set(
		    f, FAULT_BAD, "%.80s a second time, first in line %lu", key, item->line);
	item->text = mem_dupn(record.text, record.len);
	item->len = record.len;
	item->line = line;
	return 0;
}

void
held_relate(struct held *h, const char *from, const char *type, const char *to, struct jtext about,
    unsigned long line)
{
	struct held_item *item = item_of(h, from, line);
	struct held_edge edge = {mem_dup(type), mem_dup(to), NULL, line};

	if (about.text)
		edge.about = mem_dupn(about.text, about.len);
	vec_push(&item->edges, edge);
}

struct jtext
held_record(const struct held_item *item)
{
	return (struct jtext){item->text, item->len};
}

void
held_put_edges(struct draft *d, const struct held_item *item, const char *source)
{
	struct str all = STR_INIT;

	for (size_t i = 0; i < item->edges.n; i++) {
		const struct held_edge *edge = &item->edges.v[i];
		struct jtext old = {all.text, all.len};
		struct str with = STR_INIT;
		char *key;

		draft_relate(d, edge->type, source, edge->to);
		if (!edge->about)
			continue;
		key = mem_printf("%s/%s", edge->type, edge->to);
		jtext_with(old.len ? old : (struct jtext){0}, key, JTEXT(edge->about), &with);
		str_done(&all);
		all = with;
		free(key);
	}
	if (all.len)
		draft_attribute(
		    d, "source", "relation_attributes", (struct jtext){all.text, all.len});
	str_done(&all);
}
