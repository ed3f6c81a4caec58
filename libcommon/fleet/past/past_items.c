/* SPDX-License-Identifier: Apache-2.0 */
/* Which items there were, and the native keys that they were known by. */
#include "fleet/past/past_inside.h"

#include "base/mem.h"
#include "fleet/item.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one item ---- */

struct known {
	int64_t source;
	char *key;
};

struct walk {
	struct session *s;
	int64_t item;
	VEC(struct known) keys;
	char *row; /* what the oldest removal since then brings back; NULL: it was not removed */
	int64_t project;
};

static void
forget_keys(struct walk *w)
{
	for (size_t i = 0; i < w->keys.n; i++)
		free(w->keys.v[i].key);
	w->keys.n = 0;
}

static void
walk_done(struct walk *w)
{
	forget_keys(w);
	vec_done(&w->keys);
	free(w->row);
}

static void
drop_key(struct walk *w, int64_t source, struct jtext key)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->keys.n; i++)
		if (w->keys.v[i].source == source && jtext_is(key, w->keys.v[i].key))
			free(w->keys.v[i].key);
		else
			w->keys.v[kept++] = w->keys.v[i];
	w->keys.n = kept;
}

static int
read_keys(struct walk *w, struct fault *f)
{
	static const char sql[] = "SELECT source, key FROM ident WHERE item = $1";
	struct db_rows rows;
	int more = db_query(w->s->db, &rows, f, sql, "i", w->item);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&w->keys, ((struct known){db_int(&rows, 0), db_text_dup(&rows, 1)}));
	db_end(&rows);
	return more;
}

/* [[SOURCE,KEY],...] of a removal. */
static void
take_keys(struct walk *w, struct jtext list)
{
	struct jtext none, pair, source, key;
	size_t at = 0;

	while (jtext_each(list, &at, &none, &pair)) {
		size_t in_pair = 0;

		if (jtext_each(pair, &in_pair, &none, &source) &&
		    jtext_each(pair, &in_pair, &none, &key))
			vec_push(&w->keys,
			    ((struct known){strtoll(source.text, NULL, 10), jtext_plain_dup(key)}));
	}
}

/* Back over one row. */
static void
step(struct walk *w, const char *op, int64_t source, struct jtext undo)
{
	struct jtext tied = jtext_member(undo, "-key"), untied = jtext_member(undo, "key");

	if (strcmp(op, "key") == 0) {
		if (tied.text)
			drop_key(w, source, tied);
		if (untied.text)
			vec_push(&w->keys, ((struct known){source, jtext_plain_dup(untied)}));
		return;
	}
	forget_keys(w);
	if (strcmp(op, "remove") != 0)
		return;
	take_keys(w, jtext_member(undo, "keys"));
	free(w->row);
	w->row = mem_dupn(undo.text, undo.len);
}

static int
walk_back(struct walk *w, int64_t row, struct fault *f)
{
	static const char sql[] =
	    "SELECT c.op, c.source, c.undo, t.project FROM chg AS c JOIN txn AS t ON t.id = c.txn"
	    " WHERE c.item = $1 AND c.id > $2 AND c.op IN ('create', 'remove', 'key')"
	    " ORDER BY c.id DESC";
	struct db_rows rows;
	int more = read_keys(w, f);

	if (more == 0)
		more = db_query(w->s->db, &rows, f, sql, "ii", w->item, row);
	else
		rows = (struct db_rows){0};
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		w->project = db_int(&rows, 3);
		step(w, db_text(&rows, 0), db_int(&rows, 1), db_jtext(&rows, 2));
	}
	db_end(&rows);
	return more;
}

/* Winners are settled later; kind, name and slot are what only the removal knows. */
static int
put_row(struct walk *w, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO past_item (id, project, kind, class, scope, slot, name, named, active,"
	    " retired, created, updated) VALUES ($1, $2, $3, $4, 0, $5, $6, 1, 1, 0, $7, $7)";
	static const char hide[] = "INSERT INTO past_row (id) VALUES ($1)";
	struct jtext row = JTEXT(w->row);
	char *kind = jtext_plain_dup(jtext_member(row, "kind"));
	char *name = jtext_plain_dup(jtext_member(row, "name"));
	char *slot = jtext_plain_dup(jtext_member(row, "slot"));
	struct jtext created = jtext_member(row, "created");
	int status = -1;

	if (!kind || !name || !slot || !created.text)
		fault_set(f, FAULT_SYSTEM, "the change log is damaged: a removal without a row");
	else if (db_run(w->s->db, f, hide, "i", w->item) >= 0 &&
		 db_run(w->s->db, f, sql, "iissssi", w->item, w->project, kind, item_class(kind),
		     slot, name, (int64_t)strtoll(created.text, NULL, 10)) >= 0)
		status = 0;
	free(kind);
	free(name);
	free(slot);
	return status;
}

static int
restore(struct session *s, int64_t item, int64_t row, struct fault *f)
{
	static const char put[] = "INSERT INTO past_ident (source, key, item) VALUES ($1, $2, $3)";
	static const char hide[] = "INSERT INTO past_keyed (id) VALUES ($1)";
	struct walk w = {.s = s, .item = item};
	int status = walk_back(&w, row, f);

	if (status == 0 && db_run(s->db, f, hide, "i", item) < 0)
		status = -1;
	for (size_t i = 0; status == 0 && i < w.keys.n; i++)
		if (db_run(s->db, f, put, "isi", w.keys.v[i].source, w.keys.v[i].key, item) < 0)
			status = -1;
	if (status == 0 && w.row)
		status = put_row(&w, f);
	walk_done(&w);
	return status;
}

/* ---- all ---- */

/* The oldest row since then that made or removed an item tells whether it was there. */
#define FIRST                                                                                      \
	"(SELECT min(id) AS id FROM chg WHERE id > $1 AND op IN ('create', 'remove')"              \
	" GROUP BY item) AS first JOIN chg AS c ON c.id = first.id "

static int
hide_newer(struct db *db, int64_t row, struct fault *f)
{
	static const char rows[] =
	    "INSERT INTO past_row (id) SELECT c.item FROM " FIRST "WHERE c.op = 'create'";
	static const char keys[] = "INSERT INTO past_keyed (id) SELECT id FROM past_row";

	return db_run(db, f, rows, "i", row) < 0 || db_run(db, f, keys, "") < 0 ? -1 : 0;
}

static int
restore_older(struct session *s, int64_t row, struct fault *f)
{
	static const char sql[] = "SELECT c.item FROM " FIRST "WHERE c.op = 'remove' UNION"
				  " SELECT item FROM chg WHERE id > $1 AND op = 'key'"
				  " AND item NOT IN (SELECT id FROM past_row) ORDER BY 1";
	struct ids ids = {0};
	int status = db_get_ids(s->db, &ids, f, sql, "i", row);

	for (size_t i = 0; status == 0 && i < ids.n; i++)
		status = restore(s, ids.v[i], row, f);
	vec_done(&ids);
	return status;
}

/* Items whose layers or whose layers' ranks were others are settled again, from what they are. */
static int
copy_touched(struct db *db, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO past_item SELECT " ITEM_COLUMNS " FROM item AS i WHERE i.id IN"
	    " (SELECT id / 4096 FROM past_layer"
	    "  UNION SELECT d.id / 4096 FROM past_source AS p"
	    "  CROSS JOIN source AS o CROSS JOIN document AS d WHERE o.id = p.id"
	    "  AND (p.rank <> o.rank OR p.stale <> o.stale OR p.settings <> o.settings)"
	    "  AND d.id % 4096 = p.id)"
	    " AND i.id NOT IN (SELECT id FROM past_row)";
	static const char hide[] = "INSERT INTO past_row (id) SELECT id FROM past_item"
				   " WHERE id NOT IN (SELECT id FROM past_row)";

	return db_run(db, f, sql, "") < 0 || db_run(db, f, hide, "") < 0 ? -1 : 0;
}

int
past_items(struct session *s, int64_t row, struct fault *f)
{
	return hide_newer(s->db, row, f) < 0 || restore_older(s, row, f) < 0
		   ? -1
		   : copy_touched(s->db, f);
}
