/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/conflict.h"

#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/sources/mark.h"
#include "fleet/sources/settings.h"

#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

struct asking {
	struct session *s;
	const struct conflict_query *q;
	int (*each)(void *ctx, int64_t item, const struct resolved_key *key, struct fault *f);
	void *ctx;
};

/* Most items have no conflict, and need not be resolved to know it: 1, 0 or -1. */
static int
is_contested(struct session *s, int64_t item, struct fault *f)
{
	/* hot: each item of which several sources speak */
	static const char sql[] =
	    "SELECT attributes, variables FROM document WHERE id BETWEEN $1 AND $2";
	struct words texts = {0};
	struct str keys = STR_INIT;
	struct db_rows rows;
	size_t n = 0;
	int more =
	    db_query(s->db, &rows, f, sql, "ii", DOCUMENT_ID(item, 0), DOCUMENT_ID(item, 4095));

	while (more >= 0 && !n && (more = db_next(&rows, f)) == 1) {
		for (size_t i = 0; !n && i < texts.n; i++)
			n = jtext_contested(
			    JTEXT(texts.v[i]), db_jtext(&rows, (int)(i % 2)), &keys);
		words_add(&texts, db_text(&rows, 0));
		words_add(&texts, db_text(&rows, 1));
	}
	db_end(&rows);
	words_done(&texts);
	str_done(&keys);
	return more < 0 ? -1 : n > 0;
}

static int
is_wanted(const struct conflict_query *q, const struct resolved_key *key)
{
	int differ = 0, says = !q->source;

	if (q->key && !settings_match(JTEXT(q->key), key->key))
		return 0;
	for (size_t i = 0; i < key->candidates.n; i++) {
		differ |= !jtext_same(key->candidates.v[0].value, key->candidates.v[i].value);
		says |= key->candidates.v[i].source == q->source;
	}
	return differ && says;
}

static int
give(const struct asking *a, int64_t item, const struct resolution *r, struct fault *f)
{
	for (size_t i = 0; i < r->keys.n; i++)
		if (is_wanted(a->q, &r->keys.v[i]) && a->each(a->ctx, item, &r->keys.v[i], f) < 0)
			return -1;
	return 0;
}

static int
ask(const struct asking *a, int64_t id, struct fault *f)
{
	struct resolution attributes = {0}, variables = {0};
	struct item i = {0};
	int status = item_get(a->s, id, &i, f) == 1 ? 0 : -1;

	if (status == 0)
		status = resolve_attributes(a->s, id, NULL, &attributes, f);
	if (status == 0)
		status = resolve_item(a->s, &i, NULL, 1, &variables, f);
	if (status == 0)
		status = give(a, id, &attributes, f);
	if (status == 0)
		status = give(a, id, &variables, f);
	resolution_done(&attributes);
	resolution_done(&variables);
	item_done(&i);
	return status;
}

int
conflict_each(struct session *s, const struct conflict_query *q,
    int (*each)(void *ctx, int64_t item, const struct resolved_key *key, struct fault *f),
    void *ctx, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.id FROM item AS i JOIN (SELECT id / 4096 AS item FROM document"
	    " GROUP BY id / 4096 HAVING count(*) > 1) AS d ON d.item = i.id"
	    " WHERE i.project = $1 ORDER BY i.id";
	const struct asking a = {s, q, each, ctx};
	struct ids items = {0};
	int status = db_get_ids(s->db, &items, f, sql, "i", s->project);

	if (q->items)
		ids_intersect(&items, q->items);
	for (size_t n = 0; status == 0 && n < items.n; n++) {
		int contested = is_contested(s, items.v[n], f);

		status = contested < 0 ? -1 : contested ? ask(&a, items.v[n], f) : 0;
	}
	vec_done(&items);
	return status;
}

/* ---- twins ---- */

/* Whether each two of them were said to be two: 1, 0 or -1. */
static int
are_apart(struct session *s, const struct ids *items, struct fault *f)
{
	static const char sql[] = "SELECT 1 FROM apart WHERE one = $1 AND other = $2";
	int64_t one;
	int apart = 1;

	for (size_t a = 0; apart == 1 && a < items->n; a++)
		for (size_t b = a + 1; apart == 1 && b < items->n; b++)
			apart = db_get_int(s->db, &one, f, sql, "ii", items->v[a], items->v[b]);
	return apart;
}

static int
is_asked(const struct conflict_query *q, const struct twins *t)
{
	char *sort = mem_dupn(t->mark, (size_t)(strchr(t->mark, ':') - t->mark));
	int asked = !q->items && !q->source;

	for (size_t i = 0; q->items && i < t->items.n; i++)
		asked |= !q->source && ids_have(q->items, t->items.v[i]);
	asked = asked && (!q->key || settings_match(JTEXT(q->key), sort));
	free(sort);
	return asked;
}

static int
give_twins(struct session *s, const struct conflict_query *q, struct twins *t,
    int (*each)(void *ctx, const struct twins *twins, struct fault *f), void *ctx, struct fault *f)
{
	int apart = mark_find(s, t->mark, &t->items, f) < 0 ? -1 : 0;

	if (apart == 0 && t->items.n < 2)
		return 0;
	if (apart == 0)
		apart = are_apart(s, &t->items, f);
	return apart < 0 ? -1 : apart || !is_asked(q, t) ? 0 : each(ctx, t, f);
}

int
conflict_twins(struct session *s, const struct conflict_query *q,
    int (*each)(void *ctx, const struct twins *twins, struct fault *f), void *ctx, struct fault *f)
{
	static const char sql[] =
	    "SELECT value FROM mark GROUP BY value HAVING min(item) < max(item) ORDER BY value";
	struct words patterns = {0};
	struct db_rows rows;
	int more = mark_placeholders(s, &patterns, f);

	if (more == 0)
		more = db_query(s->db, &rows, f, sql, "");
	else
		rows = (struct db_rows){0};
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct twins t = {.mark = db_text(&rows, 0)};

		if (!mark_is_placeholder(t.mark, &patterns) &&
		    give_twins(s, q, &t, each, ctx, f) < 0)
			more = -1;
		vec_done(&t.items);
	}
	db_end(&rows);
	words_done(&patterns);
	return more;
}
