/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry touched, and which later entries touched the same. */
#include "fleet/log/revert_inside.h"

#include "fleet/log/merge.h"
#include "fleet/log/undo.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- layers ---- */

static struct revert_layer *
layer_of(struct revert *r, int64_t item, int64_t source)
{
	union map_value *place;
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, DOCUMENT_ID(item, source));
	place = map_put(&r->index, key, &added);
	if (added) {
		place->i = (int64_t)r->layers.n;
		*vec_add(&r->layers) = (struct revert_layer){.item = item, .source = source};
	}
	return &r->layers.v[place->i];
}

void
revert_done(struct revert *r)
{
	for (size_t i = 0; i < r->layers.n; i++) {
		document_done(&r->layers.v[i].old);
		document_done(&r->layers.v[i].new);
	}
	vec_done(&r->layers);
	map_done(&r->index);
	history_rows_done(&r->rows);
}

static int
is_layer_op(const char *op)
{
	return !strcmp(op, "layer") || !strcmp(op, "drop") || !strcmp(op, "create");
}

int
revert_is_of_sources(const struct revert *r)
{
	for (size_t i = 0; i < r->rows.n; i++)
		if (strcmp(r->rows.v[i].op, "source") != 0 && strcmp(r->rows.v[i].op, "rank") != 0)
			return 0;
	return 1;
}

int
revert_has_edge(const struct document *d, const struct edge *e)
{
	for (size_t i = 0; i < d->edges.n; i++)
		if (d->edges.v[i].dst == e->dst && strcmp(d->edges.v[i].type, e->type) == 0)
			return 1;
	return 0;
}

/* ---- the same values ---- */

static int
differ_at(const char *a, const char *b, const char *key)
{
	return !jtext_same(jtext_member(JTEXT(a), key), jtext_member(JTEXT(b), key));
}

/* Whether there is a key whose value differs between old and new, and between before and after. */
static int
share_keys(const char *old, const char *new, const char *before, const char *after)
{
	const char *const sides[] = {old, new};
	struct jtext key, value;
	struct str plain = STR_INIT;
	int found = 0;

	for (int i = 0; !found && i < 2; i++)
		for (size_t at = 0; !found && jtext_each(JTEXT(sides[i]), &at, &key, &value);) {
			str_reset(&plain);
			jtext_plain(key, &plain);
			found =
			    differ_at(old, new, plain.text) && differ_at(before, after, plain.text);
		}
	str_done(&plain);
	return found;
}

static int
differ_in(const struct ids *a, const struct ids *b, int64_t id)
{
	return ids_have(a, id) != ids_have(b, id);
}

static int
share_labels(
    const struct revert_layer *l, const struct document *before, const struct document *after)
{
	const struct ids *const sides[] = {&l->old.labels, &l->new.labels};

	for (int i = 0; i < 2; i++)
		for (size_t n = 0; n < sides[i]->n; n++)
			if (differ_in(&l->old.labels, &l->new.labels, sides[i]->v[n]) &&
			    differ_in(&before->labels, &after->labels, sides[i]->v[n]))
				return 1;
	return 0;
}

static int
share_edges(
    const struct revert_layer *l, const struct document *before, const struct document *after)
{
	const struct edges *const sides[] = {&l->old.edges, &l->new.edges};

	for (int i = 0; i < 2; i++)
		for (size_t n = 0; n < sides[i]->n; n++) {
			const struct edge *e = &sides[i]->v[n];

			if (revert_has_edge(&l->old, e) != revert_has_edge(&l->new, e) &&
			    revert_has_edge(before, e) != revert_has_edge(after, e))
				return 1;
		}
	return 0;
}

static int
shares(const struct revert_layer *l, const struct document *before, const struct document *after,
    int made)
{
	/* What an entry took away as a whole, and another one made anew. */
	if (l->was && !l->is && made)
		return 1;
	return share_keys(
		   l->old.attributes, l->new.attributes, before->attributes, after->attributes) ||
	       share_keys(
		   l->old.variables, l->new.variables, before->variables, after->variables) ||
	       share_labels(l, before, after) || share_edges(l, before, after);
}

/* One later row of a layer: after is the layer behind it, and is turned to what was before. */
static int
look_at_row(struct revert *r, const struct revert_layer *l, const struct db_rows *row,
    struct document *after, struct fault *f)
{
	struct document before;
	int made = db_is_null(row, 1), status = 0;

	document_init(&before, l->item, l->source);
	if (!made) {
		struct str all = STR_INIT;

		undo_write(after, &before, &all);
		status = undo_apply(&before, JTEXT(all.text), f);
		str_done(&all);
		if (status == 0)
			status = undo_apply(&before, db_jtext(row, 1), f);
	}
	if (status == 0 && shares(l, &before, after, made))
		vec_push(r->later, db_int(row, 0));
	document_done(after);
	*after = before;
	return status;
}

static int
look_at_layer(struct revert *r, const struct revert_layer *l, struct fault *f)
{
	static const char sql[] = "SELECT txn, undo FROM chg WHERE item = $1 AND source = $2"
				  " AND id > $3 AND op IN ('create', 'layer', 'drop')"
				  " ORDER BY id DESC";
	struct session *s = r->c->s;
	struct document after;
	struct db_rows rows;
	int more = document_get(s, l->item, l->source, &after, f);

	if (more >= 0)
		more = db_query(s->db, &rows, f, sql, "iii", l->item, l->source, l->row);
	else
		rows = (struct db_rows){0};
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		more = look_at_row(r, l, &rows, &after, f) < 0 ? -1 : 1;
	db_end(&rows);
	document_done(&after);
	return more < 0 ? -1 : 0;
}

/* ---- items, keys, ranks ---- */

static int
add_later(struct revert *r, const char *sql, int64_t id, int64_t row, struct fault *f)
{
	return db_get_ids(r->c->s->db, r->later, f, sql, "iii", id, row, r->entry);
}

/*
 * An item that goes must be as the entry left it, and nothing may be in it or point at it but
 * what goes along.
 */
static int
look_at_create(struct revert *r, const struct history_row *row, struct fault *f)
{
	static const char same[] = "SELECT txn FROM chg WHERE item = $1 AND id > $2 AND txn > $3";
	static const char near[] =
	    "SELECT c.txn FROM chg AS c WHERE c.id > $2 AND c.txn > $3 AND c.item IN"
	    " (SELECT id FROM item WHERE cloud = $1 OR region = $1 OR cell = $1 OR parent = $1"
	    "  UNION SELECT item FROM label WHERE label = $1"
	    "  UNION SELECT src FROM relation WHERE dst = $1)";

	return add_later(r, same, row->item, row->id, f) < 0
		   ? -1
		   : add_later(r, near, row->item, row->id, f);
}

static int
look_at_item(struct revert *r, const struct history_row *row, struct fault *f)
{
	static const char sql[] = "SELECT txn FROM chg WHERE item = $1 AND id > $2 AND txn > $3"
				  " AND op IN ('create', 'remove', 'key')";

	return add_later(r, sql, row->item, row->id, f);
}

static int
look_at_source(struct revert *r, const struct history_row *row, struct fault *f)
{
	static const char sql[] = "SELECT txn FROM chg WHERE item = 0 AND source = $1 AND id > $2"
				  " AND txn > $3 AND op = $4";

	return db_get_ids(
	    r->c->s->db, r->later, f, sql, "iiis", row->source, row->id, r->entry, row->op);
}

/* A source that goes takes nothing along: whatever was said in its name since is in the way. */
static int
look_at_naming(struct revert *r, const struct history_row *row, struct fault *f)
{
	static const char sql[] = "SELECT txn FROM chg WHERE source = $1 AND id > $2 AND txn > $3";

	return revert_is_of_sources(r) ? add_later(r, sql, row->source, row->id, f) : 0;
}

/* The same pair, said to be two or not. */
static int
look_at_apart(struct revert *r, const struct history_row *row, struct fault *f)
{
	static const char sql[] =
	    "SELECT txn, undo FROM chg WHERE item = $1 AND id > $2 AND txn > $3 AND op = 'apart'";
	int said;
	int64_t other = merge_other(row->undo, &said);
	struct db_rows rows;
	int more = db_query(r->c->s->db, &rows, f, sql, "iii", row->item, row->id, r->entry);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (merge_other(db_text(&rows, 1), &said) == other)
			vec_push(r->later, db_int(&rows, 0));
	db_end(&rows);
	return more < 0 ? -1 : look_at_item(r, row, f);
}

static void
note_layer(struct revert *r, const struct history_row *row)
{
	struct revert_layer *l = layer_of(r, row->item, row->source);

	if (!l->first)
		l->first = row->id;
	l->row = row->id;
}

static int
look_at_one(struct revert *r, const struct history_row *row, struct fault *f)
{
	if (is_layer_op(row->op))
		note_layer(r, row);
	if (strcmp(row->op, "create") == 0)
		return look_at_create(r, row, f);
	if (strcmp(row->op, "source") == 0 && !row->undo)
		return look_at_naming(r, row, f);
	if (strcmp(row->op, "apart") == 0)
		return look_at_apart(r, row, f);
	if (strcmp(row->op, "rank") == 0 || strcmp(row->op, "source") == 0)
		return look_at_source(r, row, f);
	return is_layer_op(row->op) ? 0 : look_at_item(r, row, f);
}

int
revert_look(struct revert *r, struct fault *f)
{
	int status = 0;

	for (size_t i = 0; status == 0 && i < r->rows.n; i++)
		status = look_at_one(r, &r->rows.v[i], f);
	for (size_t i = 0; status == 0 && i < r->layers.n; i++) {
		struct revert_layer *l = &r->layers.v[i];

		l->was = history_at(r->c->s, l->item, l->source, l->first - 1, &l->old, f);
		l->is =
		    l->was < 0 ? -1 : history_at(r->c->s, l->item, l->source, l->row, &l->new, f);
		status = l->is < 0 ? -1 : look_at_layer(r, l, f);
	}
	ids_tidy(r->later);
	return status;
}
