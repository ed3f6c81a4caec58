/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/resolve.h"

#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/label/carry.h"
#include "fleet/sources/precedence.h"

#include <stdlib.h>
#include <string.h>

static int
add_parents(struct session *s, int64_t parent, struct ids *out, struct fault *f)
{
	int found = 1;

	for (int n = 0; parent && found == 1 && n < ITEM_MOST_PARENTS; n++) {
		vec_push(out, parent);
		found = item_parent(s, parent, &parent, f);
	}
	return found < 0 ? -1 : 0;
}

int
resolve_labels(struct session *s, int64_t item, struct ids *out, struct fault *f)
{
	return carry_ids(s, item, CARRY_ALL, out, f);
}

int
resolve_levels(struct session *s, const struct item *i, struct ids *out, struct fault *f)
{
	int64_t scopes[] = {i->cell, i->region, i->cloud, i->project};

	vec_push(out, i->id);
	if (add_parents(s, i->parent, out, f) < 0 || resolve_labels(s, i->id, out, f) < 0)
		return -1;
	for (size_t n = 0; n < sizeof(scopes) / sizeof(*scopes); n++)
		if (scopes[n] && scopes[n] != i->id)
			vec_push(out, scopes[n]);
	return 0;
}

/* ---- gathering candidates ---- */

struct gathering {
	struct resolution *to;
	struct map index; /* key to its place in to->keys */
	const char *only;
	const struct precedence *order;
};

/* The newest candidate to its place among those of its level: this key may have its own order. */
static void
move_up(const struct precedence *order, struct resolved_key *key)
{
	struct candidate *v = key->candidates.v;

	for (size_t i = key->candidates.n - 1; i && v[i - 1].item == v[i].item; i--) {
		struct candidate better = v[i];

		if (precedence_compare(
			order, PRECEDENCE_VARIABLES, key->key, better.source, v[i - 1].source) > 0)
			break;
		v[i] = v[i - 1];
		v[i - 1] = better;
	}
}

static void
add_candidate(struct gathering *g, const char *key, const struct candidate *one)
{
	union map_value *place;
	struct resolved_key *entry;
	int added;

	place = map_put(&g->index, key, &added);
	if (added) {
		place->i = (int64_t)g->to->keys.n;
		entry = vec_add(&g->to->keys);
		entry->key = mem_dup(key);
	}
	entry = &g->to->keys.v[place->i];
	vec_push(&entry->candidates, *one);
	if (precedence_has_exceptions(g->order, PRECEDENCE_VARIABLES))
		move_up(g->order, entry);
}

static void
add_document(struct gathering *g, int64_t item, int64_t source, const char *variables)
{
	struct candidate one = {.item = item, .source = source};
	struct str plain = STR_INIT;
	struct jtext key;
	size_t at = 0;

	if (g->only) {
		one.value = jtext_member(JTEXT(variables), g->only);
		if (one.value.text)
			add_candidate(g, g->only, &one);
		return;
	}
	while (jtext_each(JTEXT(variables), &at, &key, &one.value)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		add_candidate(g, plain.text, &one);
	}
	str_done(&plain);
}

/* One level: its documents, the best source first. Texts are kept for the candidates. */
static int
add_level(struct session *s, struct gathering *g, int64_t item, struct fault *f)
{
	/* hot: each level of each item that is resolved */
	static const char sql[] =
	    "SELECT o.id, d.variables FROM document AS d JOIN source AS o ON o.id = d.id - $1"
	    " WHERE d.id BETWEEN $1 AND $1 + 4095 AND d.variables <> '{}' ORDER BY o.stale, "
	    "o.rank, o.id";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", DOCUMENT_ID(item, 0));

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		char *text = db_text_dup(&rows, 1);

		vec_push(&g->to->texts, text);
		add_document(g, item, db_int(&rows, 0), text);
	}
	db_end(&rows);
	return more;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct resolved_key *)a)->key, ((const struct resolved_key *)b)->key);
}

int
resolve_item(struct session *s, const struct item *i, const char *only, int own,
    struct resolution *out, struct fault *f)
{
	struct gathering g = {.to = out, .only = only, .order = precedence_of(s, f)};
	struct ids levels = {0};
	int status = 0;

	*out = (struct resolution){0};
	if (!g.order)
		return -1;
	if (own)
		vec_push(&levels, i->id);
	else
		status = resolve_levels(s, i, &levels, f);
	for (size_t n = 0; status >= 0 && n < levels.n; n++)
		status = add_level(s, &g, levels.v[n], f);
	vec_sort(&out->keys, by_key);
	vec_done(&levels);
	map_done(&g.index);
	return status < 0 ? -1 : 0;
}

void
resolution_done(struct resolution *r)
{
	for (size_t i = 0; i < r->keys.n; i++) {
		free(r->keys.v[i].key);
		vec_done(&r->keys.v[i].candidates);
	}
	vec_done(&r->keys);
	words_done(&r->texts);
}

void
resolution_to_json(const struct resolution *r, struct str *out)
{
	jtext_open(out);
	for (size_t i = 0; i < r->keys.n; i++) {
		const struct candidate *winner = &r->keys.v[i].candidates.v[0];

		jtext_rawn(out, r->keys.v[i].key, winner->value.text, winner->value.len);
	}
	jtext_close(out);
}
