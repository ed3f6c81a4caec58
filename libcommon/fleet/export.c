/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/export.h"

#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/export_order.h"
#include "fleet/item.h"
#include "fleet/ref.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export
{
	struct session *s;
	int (*line)(void *ctx, struct jtext record, struct fault *f);
	void *ctx;
	struct sources sources; /* by id */
	struct map scopes;      /* refs of clouds, regions, cells and labels' names, by id */
	struct str out;
};

/* The item being exported. */
struct subject {
	struct item item;
	char *ref;
	struct documents layers; /* in the order of their lines */
	VEC(struct ident {
		int64_t source;
		char *key;
	})
	idents;
};

static int
give(struct export *e, struct fault *f)
{
	return e->line(e->ctx, (struct jtext){e->out.text, e->out.len}, f);
}

/* ---- sources ---- */

static int
by_id(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int
give_sources(struct export *e, struct fault *f)
{
	if (source_list(e->s, &e->sources, f) < 0)
		return -1;
	vec_sort(&e->sources, by_id);
	for (size_t i = 0; i < e->sources.n; i++) {
		str_reset(&e->out);
		jtext_open(&e->out);
		jtext_text(&e->out, "kind", "source");
		jtext_text(&e->out, "name", e->sources.v[i].name);
		jtext_int(&e->out, "rank", e->sources.v[i].rank);
		jtext_close(&e->out);
		if (give(e, f) < 0)
			return -1;
	}
	return 0;
}

static const char *
source_name(const struct export *e, int64_t id)
{
	const struct source key = {.id = id};
	const struct source *found = bsearch(&key, e->sources.v, e->sources.n, sizeof(key), by_id);

	return found->name;
}

/* ---- refs ---- */

/* The ref of an item that many are in, looked up once. NULL with a fault. */
static const char *
scope_ref(struct export *e, int64_t id, struct fault *f)
{
	struct str ref = STR_INIT;
	union map_value *known;
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, id);
	known = map_put(&e->scopes, key, &added);
	if (added && ref_of(e->s, id, &ref, f) == 0)
		known->p = str_take(&ref);
	str_done(&ref);
	return known->p;
}

/* ---- one line ---- */

static int
is_key(struct jtext key, const char *name)
{
	return key.len == strlen(name) && memcmp(key.text, name, key.len) == 0;
}

/* References to items are ids in the layer and refs in the line; the name stands in front. */
static int
put_attributes(struct export *e, struct jtext attributes, struct fault *f)
{
	static const char *const places[] = {"cloud", "region", "cell", "parent"};
	const size_t n = sizeof(places) / sizeof(*places);
	struct jtext key, value;
	const char *ref;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		value = jtext_member(attributes, places[i]);
		if (!value.text)
			continue;
		ref = scope_ref(e, strtoll(value.text, NULL, 10), f);
		if (!ref)
			return -1;
		jtext_text(&e->out, places[i], ref);
	}
	while (jtext_each(attributes, &at, &key, &value)) {
		size_t i = 0;

		while (i < n && !is_key(key, places[i]))
			i++;
		if (i < n || is_key(key, "name"))
			continue;
		str_addf(&e->out, ",\"%.*s\":", (int)key.len, key.text);
		str_addn(&e->out, value.text, value.len);
	}
	return 0;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Texts, each JSON already, sorted: ids would come in another order from another file. */
static void
put_list(struct export *e, const char *name, struct words *texts)
{
	vec_sort(texts, by_text);
	if (texts->n) {
		jtext_key(&e->out, name);
		for (size_t i = 0; i < texts->n; i++) {
			str_addc(&e->out, i ? ',' : '[');
			str_add(&e->out, texts->v[i]);
		}
		str_addc(&e->out, ']');
	}
	words_done(texts);
}

static int
put_labels(struct export *e, const struct document *d, struct fault *f)
{
	static const char sql[] = "SELECT name FROM item WHERE id = $1";
	struct words texts = {0};
	int found = 1;

	for (size_t i = 0; found == 1 && i < d->labels.n; i++) {
		struct str text = STR_INIT;
		char *name = NULL;

		found = db_get_text(e->s->db, &name, f, sql, "i", d->labels.v[i]);
		if (found == 1) {
			jtext_put_string(&text, name);
			vec_push(&texts, str_take(&text));
		}
		free(name);
	}
	put_list(e, "labels", &texts);
	return found < 0 ? -1 : 0;
}

static int
put_relations(struct export *e, const struct document *d, struct fault *f)
{
	struct words texts = {0};
	int status = 0;

	for (size_t i = 0; status == 0 && i < d->edges.n; i++) {
		struct str text = STR_INIT, ref = STR_INIT;

		status = ref_of(e->s, d->edges.v[i].dst, &ref, f);
		jtext_open(&text);
		jtext_text(&text, "type", d->edges.v[i].type);
		jtext_text(&text, "to", ref.text);
		jtext_close(&text);
		vec_push(&texts, str_take(&text));
		str_done(&ref);
	}
	put_list(e, "relations", &texts);
	return status;
}

/* What every line begins with. */
static void
open_line(
    struct export *e, const struct subject *it, struct jtext name, int64_t source, const char *key)
{
	str_reset(&e->out);
	jtext_open(&e->out);
	jtext_text(&e->out, "kind", it->item.kind);
	jtext_rawn(&e->out, "name", name.text, name.len);
	jtext_text(&e->out, "ref", it->ref);
	jtext_text(&e->out, "source", source_name(e, source));
	jtext_text(&e->out, "key", key);
}

static int
give_layer(struct export *e, const struct subject *it, const struct document *d, const char *key,
    struct fault *f)
{
	struct jtext attributes = JTEXT(d->attributes);

	open_line(e, it, jtext_member(attributes, "name"), d->source, key);
	if (put_attributes(e, attributes, f) < 0 || put_labels(e, d, f) < 0)
		return -1;
	if (strcmp(d->variables, "{}") != 0)
		jtext_raw(&e->out, "variables", d->variables);
	if (put_relations(e, d, f) < 0)
		return -1;
	jtext_close(&e->out);
	return give(e, f);
}

/* A key more that the source has for the item: after a rename of its own, mostly. */
static int
give_key(
    struct export *e, const struct subject *it, int64_t source, const char *key, struct fault *f)
{
	open_line(e, it, (struct jtext){0}, source, key);
	jtext_close(&e->out);
	return give(e, f);
}

/* ---- the lines of an item ---- */

/* Whether the item was made from this key: it is in its slot, or in the name made for it. */
static int
is_maker(const struct export *e, const struct subject *it, const struct ident *id)
{
	int by_key = item_scoping(it->item.class) == ITEM_BY_KEY;
	char *made = by_key ? mem_printf("%s/%s", source_name(e, id->source), id->key)
			    : mem_printf("%s-%s", it->item.kind, id->key);
	int is = strcmp(made, by_key ? it->item.slot : it->item.name) == 0;

	free(made);
	return is && (by_key || !it->item.named);
}

/* How well a layer's line alone makes the item: the best one has to come first. */
static int
fitness(const struct export *e, const struct subject *it, const struct document *d)
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
arrange(const struct export *e, struct subject *it)
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
static const struct ident *
main_key(const struct export *e, const struct subject *it, int64_t source)
{
	const struct ident *chosen = NULL;

	for (size_t i = 0; i < it->idents.n; i++) {
		const struct ident *id = &it->idents.v[i];

		if (id->source == source && (!chosen || is_maker(e, it, id)))
			chosen = id;
	}
	return chosen;
}

static int
give_layers(struct export *e, const struct subject *it, struct fault *f)
{
	for (size_t n = 0; n < it->layers.n; n++) {
		const struct document *d = &it->layers.v[n];
		const struct ident *key = main_key(e, it, d->source);

		if (give_layer(e, it, d, key ? key->key : NULL, f) < 0)
			return -1;
		for (size_t i = 0; i < it->idents.n; i++)
			if (it->idents.v[i].source == d->source && &it->idents.v[i] != key &&
			    give_key(e, it, d->source, it->idents.v[i].key, f) < 0)
				return -1;
	}
	return 0;
}

static int
read_idents(struct session *s, struct subject *it, struct fault *f)
{
	static const char sql[] =
	    "SELECT source, key FROM ident WHERE item = $1 ORDER BY source, key";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", it->item.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&it->idents, ((struct ident){db_int(&rows, 0), db_text_dup(&rows, 1)}));
	db_end(&rows);
	return more;
}

static void
subject_done(struct subject *it)
{
	item_done(&it->item);
	free(it->ref);
	documents_done(&it->layers);
	for (size_t i = 0; i < it->idents.n; i++)
		free(it->idents.v[i].key);
	vec_done(&it->idents);
}

static int
give_item(struct export *e, int64_t id, struct fault *f)
{
	struct subject it = {0};
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
	subject_done(&it);
	return status;
}

/* ---- the whole ---- */

static void
export_done(struct export *e)
{
	struct map_entry *entry;
	size_t at = 0;

	while ((entry = map_each(&e->scopes, &at)))
		free(entry->value.p);
	map_done(&e->scopes);
	sources_done(&e->sources);
	str_done(&e->out);
}

int
export_all(struct session *s, int (*line)(void *ctx, struct jtext record, struct fault *f),
    void *ctx, struct fault *f)
{
	struct export e = {.s = s, .line = line, .ctx = ctx};
	struct ids ids = {0};
	int status = -1;

	if (db_snapshot(s->db, f) < 0)
		return -1;
	if (give_sources(&e, f) == 0)
		status = export_order(s, &ids, f);
	for (size_t i = 0; status == 0 && i < ids.n; i++)
		status = give_item(&e, ids.v[i], f);
	db_rollback(s->db);
	vec_done(&ids);
	export_done(&e);
	return status;
}
