/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/bulk/export.h"

#include "base/mem.h"
#include "fleet/bulk/export_line.h"
#include "fleet/bulk/export_order.h"
#include "fleet/ref.h"

#include <stdlib.h>
#include <string.h>

/* ---- sources ---- */

static int
give_sources(struct export_run *e, struct fault *f)
{
	if (source_list(e->s, &e->sources, f) < 0)
		return -1;
	vec_sort(&e->sources, export_by_id);
	for (size_t i = 0; i < e->sources.n; i++)
		if (export_source(e, &e->sources.v[i], f) < 0)
			return -1;
	return 0;
}

/* ---- the lines of an item ---- */

/* Whether the item was made from this key: it is in its slot, or in the name made for it. */
static int
is_maker(const struct export_run *e, const struct export_item *it, const struct export_ident *id)
{
	int by_key = item_scoping(it->item.class) == ITEM_BY_KEY;
	char *made = by_key ? mem_printf("%s/%s", export_source_name(e, id->source), id->key)
			    : mem_printf("%s-%s", it->item.kind, id->key);
	int is = strcmp(made, by_key ? it->item.slot : it->item.name) == 0;

	free(made);
	return is && (by_key || !it->item.named);
}

/* How well a layer's line alone makes the item: the best one has to come first. */
static int
fitness(const struct export_run *e, const struct export_item *it, const struct document *d)
{
	static const char *const parts[] = {"region", "cell", "parent", "name"};
	int points = 0;

	for (size_t i = 0; i < it->idents.n; i++)
		if (it->idents.v[i].source == d->source)
			points |= is_maker(e, it, &it->idents.v[i]) ? 16 : 1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (jtext_member(JTEXT(d->attributes), parts[i]).text)
			points |= i < 3 ? 4 : 2;
	return points;
}

/* Moves the fittest layer to the front; the others stay in the order of their ranks. */
static void
arrange(const struct export_run *e, struct export_item *it)
{
	struct document best;
	size_t at = 0;
	int most = -1;

	for (size_t i = 0; i < it->layers.n; i++) {
		int points = fitness(e, it, &it->layers.v[i]);

		if (points > most) {
			most = points;
			at = i;
		}
	}
	if (at == 0)
		return;
	best = it->layers.v[at];
	memmove(&it->layers.v[1], &it->layers.v[0], at * sizeof(best));
	it->layers.v[0] = best;
}

/* The key for a layer's own line: the one that the item was made from, else the first. */
static const struct export_ident *
main_key(const struct export_run *e, const struct export_item *it, int64_t source)
{
	const struct export_ident *chosen = NULL;

	for (size_t i = 0; i < it->idents.n; i++) {
		const struct export_ident *id = &it->idents.v[i];

		if (id->source == source && (!chosen || is_maker(e, it, id)))
			chosen = id;
	}
	return chosen;
}

static int
give_layers(struct export_run *e, const struct export_item *it, struct fault *f)
{
	for (size_t n = 0; n < it->layers.n; n++) {
		const struct document *d = &it->layers.v[n];
		const struct export_ident *key = main_key(e, it, d->source);

		if (export_layer(e, it, d, key ? key->key : NULL, f) < 0)
			return -1;
		for (size_t i = 0; i < it->idents.n; i++)
			if (it->idents.v[i].source == d->source && &it->idents.v[i] != key &&
			    export_key(e, it, d->source, it->idents.v[i].key, f) < 0)
				return -1;
	}
	return 0;
}

static int
read_idents(struct session *s, struct export_item *it, struct fault *f)
{
	static const char sql[] =
	    "SELECT source, key FROM ident WHERE item = $1 ORDER BY source, key";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", it->item.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(
		    &it->idents, ((struct export_ident){db_int(&rows, 0), db_text_dup(&rows, 1)}));
	db_end(&rows);
	return more;
}

static void
export_item_done(struct export_item *it)
{
	item_done(&it->item);
	free(it->ref);
	documents_done(&it->layers);
	for (size_t i = 0; i < it->idents.n; i++)
		free(it->idents.v[i].key);
	vec_done(&it->idents);
}

static int
give_item(struct export_run *e, int64_t id, struct fault *f)
{
	struct export_item it = {0};
	struct str ref = STR_INIT;
	int status = -1;

	if (item_get(e->s, id, &it.item, f) != 1 || ref_text(e->s, &it.item, &ref, f) < 0)
		goto out;
	it.ref = str_take(&ref);
	if (document_list(e->s, id, &it.layers, f) < 0 || read_idents(e->s, &it, f) < 0)
		goto out;
	arrange(e, &it);
	status = give_layers(e, &it, f);
out:
	str_done(&ref);
	export_item_done(&it);
	return status;
}

/* ---- the whole ---- */

static void
export_done(struct export_run *e)
{
	struct map_entry *entry;
	size_t at = 0;

	while ((entry = map_each(&e->places, &at)))
		free(entry->value.p);
	map_done(&e->places);
	sources_done(&e->sources);
	str_done(&e->out);
}

int
export_items(struct session *s, const struct ids *items,
    int (*line)(void *ctx, struct jtext record, struct fault *f), void *ctx, struct fault *f)
{
	struct export_run e = {.s = s, .line = line, .ctx = ctx};
	int status = give_sources(&e, f);

	for (size_t i = 0; status == 0 && i < items->n; i++)
		status = give_item(&e, items->v[i], f);
	export_done(&e);
	return status;
}

int
export_all(struct session *s, int (*line)(void *ctx, struct jtext record, struct fault *f),
    void *ctx, struct fault *f)
{
	struct ids ids = {0};
	int status = -1;

	if (db_snapshot(s->db, f) < 0)
		return -1;
	if (export_order(s, &ids, f) == 0)
		status = export_items(s, &ids, line, ctx, f);
	db_rollback(s->db);
	vec_done(&ids);
	return status;
}
