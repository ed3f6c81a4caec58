/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/history.h"

#include "base/mem.h"
#include "fleet/item.h"
#include "fleet/log/change_log.h"
#include "fleet/log/undo.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- entries ---- */

static const char sql_entries[] =
    "SELECT t.id, t.at, t.actor, o.name, t.reason FROM txn AS t"
    " LEFT JOIN source AS o ON o.id = t.source"
    " WHERE t.project = $1 AND ($2 IS NULL OR t.actor = $2) AND ($3 IS NULL OR o.name = $3)"
    " AND t.at >= $4 AND ($5 IS NULL OR t.at < $5) ORDER BY t.id DESC";

static const char sql_counts[] =
    "SELECT count(DISTINCT CASE WHEN op = 'create' THEN item END),"
    " count(DISTINCT CASE WHEN op IN ('layer', 'drop') THEN item END),"
    " count(DISTINCT CASE WHEN op = 'remove' THEN item END),"
    " count(DISTINCT CASE WHEN item <> 0 THEN item END) FROM chg WHERE txn = $1";

/* An item made or removed has layers that changed, too: it is not counted twice. */
static int
count_items(struct session *s, struct history_entry *e, struct fault *f)
{
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql_counts, "i", e->id);

	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1) {
		e->created = db_int(&rows, 0);
		e->removed = db_int(&rows, 2);
		e->changed = db_int(&rows, 3) - e->created - e->removed;
	}
	db_end(&rows);
	return found < 0 ? -1 : 0;
}

/* All entries are wanted where nothing is named. */
static int
is_narrow(const struct history_query *q)
{
	return q && (q->items || q->ranked);
}

/*
 * 1, 0 or -1. An import's entry has a row for each item of the fleet, an item has few rows: the
 * + keeps SQLite from walking the entry.
 */
static int
touches(struct session *s, int64_t entry, const struct history_query *q, struct fault *f)
{
	/* hot: each entry, when the log of an item is asked */
	static const char item[] = "SELECT 1 FROM chg WHERE +txn = $1 AND item = $2 LIMIT 1";
	/* hot: each entry, when the log of a source is asked */
	static const char rank[] = "SELECT 1 FROM chg WHERE +txn = $1 AND item = 0 AND source = $2"
				   " AND op = 'rank' LIMIT 1";
	int64_t one;
	int found = 0;

	if (q->ranked)
		found = db_get_int(s->db, &one, f, rank, "ii", entry, q->ranked);
	for (size_t i = 0; q->items && !found && i < q->items->n; i++)
		found = db_get_int(s->db, &one, f, item, "ii", entry, q->items->v[i]);
	return found;
}

static int
is_wanted(struct session *s, const struct history_query *q, const struct history_entry *e,
    struct fault *f)
{
	if (q->reason && (!e->reason || !strstr(e->reason, q->reason)))
		return 0;
	return is_narrow(q) ? touches(s, e->id, q, f) : 1;
}

int
history_each(struct session *s, const struct history_query *q,
    int (*each)(const struct history_entry *e, void *ctx), void *ctx, struct fault *f)
{
	struct db_rows rows;
	int64_t n = 0;
	int more, stop = 0;

	more = db_query(s->db, &rows, f, sql_entries, "issir", s->project, q->actor, q->source,
	    q->since, q->until);
	while (
	    !stop && more >= 0 && (!q->limit || n < q->limit) && (more = db_next(&rows, f)) == 1) {
		struct history_entry e = {.id = db_int(&rows, 0),
		    .at = db_int(&rows, 1),
		    .actor = db_text(&rows, 2),
		    .source = db_text(&rows, 3),
		    .reason = db_text(&rows, 4)};
		int wanted = is_wanted(s, q, &e, f);

		if (wanted < 0 || (wanted && count_items(s, &e, f) < 0))
			more = -1;
		else if (wanted) {
			stop = each(&e, ctx);
			n++;
		}
	}
	db_end(&rows);
	return more < 0 ? -1 : stop;
}

/* ---- rows ---- */

#define ROW_COLUMNS "id, txn, item, source, op, undo"

static int
take_rows(struct db_rows *rows, struct history_rows *out, struct fault *f)
{
	int more;

	while ((more = db_next(rows, f)) == 1)
		vec_push(
		    out, ((struct history_row){db_int(rows, 0), db_int(rows, 1), db_int(rows, 2),
			     db_int(rows, 3), db_text_dup(rows, 4), db_text_dup(rows, 5)}));
	return more;
}

static int
by_row(const void *a, const void *b)
{
	const struct history_row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int
add_rows(struct session *s, const char *sql, int64_t entry, int64_t id, struct history_rows *out,
    struct fault *f)
{
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", entry, id);

	if (more == 0)
		more = take_rows(&rows, out, f);
	db_end(&rows);
	return more;
}

int
history_rows(struct session *s, int64_t entry, const struct history_query *q,
    struct history_rows *out, struct fault *f)
{
	static const char all[] =
	    "SELECT " ROW_COLUMNS " FROM chg WHERE txn = $1 AND $2 = 0 ORDER BY id";
	static const char of_item[] =
	    "SELECT " ROW_COLUMNS " FROM chg WHERE +txn = $1 AND item = $2";
	static const char of_source[] = "SELECT " ROW_COLUMNS " FROM chg WHERE +txn = $1"
					" AND item = 0 AND source = $2 AND op = 'rank'";
	int status = 0;

	if (!is_narrow(q))
		status = add_rows(s, all, entry, 0, out, f);
	else if (q->ranked)
		status = add_rows(s, of_source, entry, q->ranked, out, f);
	for (size_t i = 0; q && q->items && status == 0 && i < q->items->n; i++)
		status = add_rows(s, of_item, entry, q->items->v[i], out, f);
	vec_sort(out, by_row);
	return status;
}

void
history_rows_done(struct history_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		free(rows->v[i].op);
		free(rows->v[i].undo);
	}
	vec_done(rows);
}

int
history_at(struct session *s, int64_t item, int64_t source, int64_t row, struct document *d,
    struct fault *f)
{
	/* hot: each row that is told */
	static const char sql[] = "SELECT undo FROM chg WHERE item = $1 AND source = $2 AND id > $3"
				  " AND op IN ('create', 'layer', 'drop') ORDER BY id DESC";
	struct db_rows rows;
	int there = document_get(s, item, source, d, f), more;

	if (there < 0)
		return -1;
	more = db_query(s->db, &rows, f, sql, "iii", item, source, row);
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		there = !db_is_null(&rows, 0);
		if (there && undo_apply(d, db_jtext(&rows, 0), f) < 0)
			more = -1;
		if (there)
			continue;
		document_done(d);
		document_init(d, item, source);
	}
	db_end(&rows);
	return more < 0 ? -1 : there;
}

int
history_after(struct session *s, const struct history_row *row, struct document *d, struct fault *f)
{
	return history_at(s, row->item, row->source, row->id, d, f) < 0 ? -1 : 0;
}

/* What the next change of rank replaced, or the present one. */
int
history_rank_after(struct session *s, const struct history_row *row, int64_t *rank, struct fault *f)
{
	static const char later[] = "SELECT undo FROM chg WHERE item = 0 AND op = 'rank'"
				    " AND source = $1 AND id > $2 ORDER BY id LIMIT 1";
	static const char present[] = "SELECT rank FROM source WHERE id = $1";
	struct jtext was;
	char *undo = NULL;
	int found = db_get_text(s->db, &undo, f, later, "ii", row->source, row->id);

	*rank = 0;
	if (found == 0)
		found = db_get_int(s->db, rank, f, present, "i", row->source);
	else if (found == 1 && (was = jtext_member(JTEXT(undo), "rank")).text)
		*rank = strtoll(was.text, NULL, 10);
	free(undo);
	return found < 0 ? -1 : 0;
}

int
history_source_after(
    struct session *s, const struct history_row *row, struct str *state, struct fault *f)
{
	static const char later[] = "SELECT undo FROM chg WHERE item = 0 AND op = 'source'"
				    " AND source = $1 AND id > $2 ORDER BY id LIMIT 1";
	struct source present = {0};
	char *undo = NULL;
	int found = db_get_text(s->db, &undo, f, later, "ii", row->source, row->id);

	if (found == 1)
		str_add(state, undo ? undo : "");
	else if (found == 0 && (found = source_get_id(s, row->source, &present, f)) == 1)
		change_source_state(&present, state);
	free(undo);
	source_done(&present);
	return found < 0 ? -1 : 0;
}

/* ---- items that are gone ---- */

/* The last time: an item that came back may be removed again. */
static const char sql_removed[] =
    "SELECT undo FROM chg WHERE item = $1 AND op = 'remove' ORDER BY id DESC LIMIT 1";

int
history_ref(struct session *s, int64_t item, struct str *out, struct fault *f)
{
	struct item i = {0};
	char *undo = NULL, *kind, *name;
	int found = item_get(s, item, &i, f);

	if (found == 1)
		found = ref_text(s, &i, out, f) < 0 ? -1 : 1;
	item_done(&i);
	if (found)
		return found < 0 ? -1 : 0;
	if (db_get_text(s->db, &undo, f, sql_removed, "i", item) < 0)
		return -1;
	kind = jtext_plain_dup(jtext_member(JTEXT(undo), "kind"));
	name = jtext_plain_dup(jtext_member(JTEXT(undo), "name"));
	if (kind && name)
		str_addf(out, "%s:%s", kind, name);
	else
		str_addf(out, "item %" PRId64, item);
	free(undo);
	free(kind);
	free(name);
	return 0;
}

int
history_find_removed(struct session *s, const char *text, struct ids *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT c.item, c.undo FROM chg AS c JOIN txn AS t ON t.id = c.txn"
	    " WHERE c.op = 'remove' AND t.project = $1"
	    " AND NOT EXISTS (SELECT 1 FROM item WHERE id = c.item) ORDER BY c.id";
	const char *colon = strchr(text, ':');
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct jtext undo = db_jtext(&rows, 1);
		char *kind = jtext_plain_dup(jtext_member(undo, "kind"));
		int of_kind = colon && kind && strlen(kind) == (size_t)(colon - text) &&
			      strncmp(kind, text, strlen(kind)) == 0;

		if (jtext_is(jtext_member(undo, "name"), of_kind ? colon + 1 : text))
			vec_push(out, db_int(&rows, 0));
		free(kind);
	}
	db_end(&rows);
	return more;
}
