/* SPDX-License-Identifier: Apache-2.0 */
/* fsck_log: the change log walked back, every entry's hash made again. */
#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/log/change_log.h"
#include "fleet/log/fsck.h"
#include "fleet/log/history.h"
#include "fleet/log/undo.h"
#include "fleet/past/anchor.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * unwound: layers as they were before the entries walked so far, where those touched them; the
 * text is the undo that makes the layer from nothing. midway: content after single rows of the
 * entry at hand, for layers that it touched more than once.
 */
static const char *const sql_tables[] = {
    "CREATE TEMPORARY TABLE IF NOT EXISTS unwound (id INTEGER PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS midway (row INTEGER PRIMARY KEY, content TEXT NOT NULL)",
    "DELETE FROM unwound",
    "DELETE FROM midway",
};

static int
make_tables(struct db *db, struct fault *f)
{
	for (size_t i = 0; i < sizeof(sql_tables) / sizeof(*sql_tables); i++)
		if (db_run(db, f, sql_tables[i], "") < 0)
			return -1;
	return 0;
}

/* ---- content on its way back ---- */

static int
restore(struct db *db, const char *sql, int64_t id, struct document *d, struct fault *f)
{
	struct db_rows rows;
	int found = db_query(db, &rows, f, sql, "i", id);

	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1 && undo_apply(d, db_jtext(&rows, 0), f) < 0)
		found = -1;
	db_end(&rows);
	return found;
}

static int
keep(struct db *db, const char *sql, int64_t id, const struct document *d, struct fault *f)
{
	struct document nothing;
	struct str content = STR_INIT;
	int64_t n;

	document_init(&nothing, d->item, d->source);
	undo_write(d, &nothing, &content);
	n = db_run(db, f, sql, "is", id, content.text);
	document_done(&nothing);
	str_done(&content);
	return n < 0 ? -1 : 0;
}

/* The layer as the last row of those not yet walked left it. */
static int
content_now(struct fsck *k, int64_t item, int64_t source, struct document *d, struct fault *f)
{
	static const char sql[] = "SELECT content FROM unwound WHERE id = $1";
	int found;

	document_init(d, item, source);
	found = restore(k->s->db, sql, DOCUMENT_ID(item, source), d, f);
	if (found)
		return found;
	document_done(d);
	return document_get(k->s, item, source, d, f);
}

/*
 * Turns it back over one row and puts it away for the entries before. Where there was nothing
 * before, that is put away as well: an item that came back may have been without that layer.
 */
static int
unwind(struct fsck *k, struct document *d, const char *undo, struct fault *f)
{
	static const char put[] = "INSERT INTO unwound (id, content) VALUES ($1, $2)"
				  " ON CONFLICT (id) DO UPDATE SET content = excluded.content";
	int64_t item = d->item, source = d->source, id = DOCUMENT_ID(item, source);

	if (!undo) {
		document_done(d);
		document_init(d, item, source);
	} else if (undo_apply(d, JTEXT(undo), f) < 0) {
		fsck_say(k, "log: a row of layer %" PRId64 ": no undo text", id);
	}
	return keep(k->s->db, put, id, d, f);
}

static int
has_content(const struct history_row *row)
{
	return strcmp(row->op, "create") == 0 || strcmp(row->op, "layer") == 0;
}

static int
content_of_row(struct fsck *k, const struct history_row *row, struct document *d, struct fault *f)
{
	if (has_content(row))
		return content_now(k, row->item, row->source, d, f);
	document_init(d, row->item, row->source);
	return 0;
}

/* ---- one entry ---- */

struct entry {
	int64_t id, project, at, source;
	char *actor, *reason, *hash, *before;
	struct hash made;
	struct str touched; /* the first few items, for the message */
	int n;
};

static void
entry_done(struct entry *e)
{
	free(e->actor);
	free(e->reason);
	free(e->hash);
	free(e->before);
	str_done(&e->touched);
}

static void
take_row(struct history_row *row, const struct db_rows *rows)
{
	*row = (struct history_row){db_int(rows, 0), db_int(rows, 1), db_int(rows, 2),
	    db_int(rows, 3), db_text_dup(rows, 4), db_text_dup(rows, 5)};
}

static void
drop_row(struct history_row *row)
{
	free(row->op);
	free(row->undo);
}

static int
note_step(struct fsck *k, const struct history_row *row, struct fault *f)
{
	static const char put[] = "INSERT INTO midway (row, content) VALUES ($1, $2)";
	struct document d;
	int status = content_of_row(k, row, &d, f);

	if (status >= 0)
		status = keep(k->s->db, put, row->id, &d, f);
	if (status >= 0)
		status = unwind(k, &d, row->undo, f);
	document_done(&d);
	return status;
}

/*
 * An entry is hashed in the order it was written, but turned back in the other. Where it
 * touched a layer more than once, the content in between is found first.
 */
static int
note_steps(struct fsck *k, const struct entry *e, struct fault *f)
{
	static const char sql[] =
	    "SELECT c.id, c.txn, c.item, c.source, c.op, c.undo FROM (SELECT item, source FROM chg"
	    " WHERE txn = $1 AND op IN ('create', 'layer', 'drop')"
	    " GROUP BY item, source HAVING count(*) > 1) AS m JOIN chg AS c"
	    " ON c.txn = $1 AND c.item = m.item AND c.source = m.source"
	    " WHERE c.op IN ('create', 'layer', 'drop') ORDER BY c.id DESC";
	struct db_rows rows;
	int more;

	if (db_run(k->s->db, f, "DELETE FROM midway", "") < 0)
		return -1;
	more = db_query(k->s->db, &rows, f, sql, "i", e->id);
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct history_row row;

		take_row(&row, &rows);
		if (note_step(k, &row, f) < 0)
			more = -1;
		drop_row(&row);
	}
	db_end(&rows);
	return more;
}

static void
note_touched(struct fsck *k, struct entry *e, const struct history_row *row)
{
	struct fault ignored; /* a name for a message: without it the entry is still named */
	struct source source = {0};

	if (e->n++ > 3)
		return;
	if (e->touched.len)
		str_add(&e->touched, ", ");
	if (e->n > 3)
		str_add(&e->touched, "...");
	else if (row->item)
		history_ref(k->s, row->item, &e->touched, &ignored);
	else if (source_get_id(k->s, row->source, &source, &ignored) == 1)
		str_addf(&e->touched, "%ssource %s",
		    strcmp(row->op, "rank") == 0 ? "the rank of " : "", source.name);
	source_done(&source);
}

static int
hash_more(struct fsck *k, struct entry *e, const struct history_row *row, struct fault *f)
{
	struct str more = STR_INIT;
	int found = fsck_more(k, row, &more, f);

	if (found == 1)
		change_hash_more(&e->made, more.text);
	str_done(&more);
	return found < 0 ? -1 : 0;
}

/* Rows that changed a layer; the others are about an item, or a source. */
static int
is_layer(const struct history_row *row)
{
	return has_content(row) || strcmp(row->op, "drop") == 0;
}

static int
hash_row(struct fsck *k, struct entry *e, const struct history_row *row, struct fault *f)
{
	static const char sql[] = "SELECT content FROM midway WHERE row = $1";
	struct document d;
	int stepped, status;

	k->rows++;
	note_touched(k, e, row);
	document_init(&d, row->item, row->source);
	stepped = restore(k->s->db, sql, row->id, &d, f);
	if (!stepped) {
		document_done(&d);
		stepped = content_of_row(k, row, &d, f) < 0 ? -1 : 0;
	}
	if (stepped >= 0)
		change_hash_row(
		    &e->made, row->op, row->item, row->source, has_content(row) ? &d : NULL);
	status = stepped < 0 ? -1 : hash_more(k, e, row, f);
	if (status == 0 && is_layer(row) && !stepped)
		status = unwind(k, &d, row->undo, f);
	document_done(&d);
	return status;
}

static int
hash_rows(struct fsck *k, struct entry *e, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, txn, item, source, op, undo FROM chg WHERE txn = $1 ORDER BY id";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "i", e->id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct history_row row;

		take_row(&row, &rows);
		if (hash_row(k, e, &row, f) < 0)
			more = -1;
		drop_row(&row);
	}
	db_end(&rows);
	return more;
}

static int
check_entry(struct fsck *k, struct entry *e, struct fault *f)
{
	char made[HASH_TEXT];

	k->entries++;
	change_hash_head(&e->made, e->before, e->project, e->at, e->actor, e->source, e->reason);
	if (note_steps(k, e, f) < 0 || hash_rows(k, e, f) < 0)
		return -1;
	if (strcmp(hash_end(&e->made, made), e->hash) != 0)
		fsck_say(k,
		    "log entry %" PRId64 ": its hash is not that of what it wrote;"
		    " damaged is the entry, or what it last touched: %s",
		    e->id, e->touched.len ? e->touched.text : "nothing");
	return 0;
}

/* ---- the whole log ---- */

/* After the oldest entry nothing may be left, or a layer was there before the log began. */
static int
check_rest(struct fsck *k, struct fault *f)
{
	static const char sql[] = "SELECT id / 4096 FROM unwound WHERE content <> '{}' ORDER BY id";
	struct db_rows rows;
	struct str ref = STR_INIT;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		str_reset(&ref);
		if (history_ref(k->s, db_int(&rows, 0), &ref, f) < 0)
			more = -1;
		else
			fsck_say(k, "%s: the log has no beginning of its layer", ref.text);
	}
	db_end(&rows);
	str_done(&ref);
	return more;
}

int
fsck_log(struct fsck *k, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, project, at, coalesce(source, 0), actor, reason, hash, coalesce((SELECT "
	    "hash"
	    " FROM txn AS b WHERE b.id < t.id ORDER BY b.id DESC LIMIT 1), '')"
	    " FROM txn AS t ORDER BY id DESC";
	struct db_rows rows = {0};
	struct anchor anchor = {0};
	int more = -1;

	if (make_tables(k->s->db, f) < 0 || anchor_get(k->s, &anchor, f) < 0)
		goto out;
	k->pruned = anchor.hash != NULL;
	more = db_query(k->s->db, &rows, f, sql, "");
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct entry e = {.id = db_int(&rows, 0),
		    .project = db_int(&rows, 1),
		    .at = db_int(&rows, 2),
		    .source = db_int(&rows, 3),
		    .actor = db_text_dup(&rows, 4),
		    .reason = db_text_dup(&rows, 5),
		    .hash = db_text_dup(&rows, 6),
		    .before = db_text_dup(&rows, 7)};

		/* The oldest entry is chained to what was pruned. */
		if (!*e.before && anchor.hash) {
			free(e.before);
			e.before = mem_dup(anchor.hash);
		}

		if (check_entry(k, &e, f) < 0)
			more = -1;
		entry_done(&e);
	}
out:
	db_end(&rows);
	anchor_done(&anchor);
	if (more < 0)
		return -1;
	/* What a log that was pruned does not know, its anchor does. */
	if (k->pruned)
		return 0;
	return check_rest(k, f) < 0 || fsck_ranks(k, f) < 0 || fsck_sources(k, f) < 0
		   ? -1
		   : fsck_keys(k, f);
}
