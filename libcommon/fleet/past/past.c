/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/past/past.h"

#include "base/when.h"
#include "fleet/item.h"
#include "fleet/past/anchor.h"
#include "fleet/past/past_inside.h"
#include "fleet/sources/precedence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- points ---- */

static int
read_point(struct session *s, const char *sql, int64_t n, struct past_point *out, struct fault *f)
{
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "i", n);

	*out = (struct past_point){0};
	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1)
		*out = (struct past_point){db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2)};
	db_end(&rows);
	return found;
}

static int
is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0' && strlen(text) < 19;
}

/*
 * No entry is there for it. Nothing is later than the empty beginning; but where the log was
 * pruned it begins with the anchor, and what was before is not known any more.
 */
static int
before_the_log(struct session *s, const char *when, int64_t entry, int64_t at,
    struct past_point *out, struct fault *f)
{
	struct anchor a;
	char last[WHEN_TEXT], pruned[WHEN_TEXT];
	int found = anchor_get(s, &a, f), status = found < 0 ? -1 : 0;

	if (found == 1 && (entry >= 0 ? entry == a.entry : at >= a.at))
		*out = (struct past_point){a.entry, a.at, 0};
	else if (found == 1 && entry < a.entry)
		status = fault_set(f, FAULT_BAD,
		    "%s: not readable any more: entries up to %" PRId64 " (%s) were pruned at %s",
		    when, a.entry, when_second(a.at, last), when_second(a.pruned, pruned));
	else if (status == 0 && entry > 0)
		status = fault_set(f, FAULT_BAD, "%s: no such entry of the change log", when);
	anchor_done(&a);
	return status;
}

int
past_point(struct session *s, const char *when, struct past_point *out, struct fault *f)
{
	static const char by_entry[] = PAST_POINT "WHERE t.id = $1";
	static const char by_time[] = PAST_POINT "WHERE t.at <= $1 ORDER BY t.id DESC LIMIT 1";
	int64_t n;
	int found;

	if (is_number(when)) {
		n = strtoll(when, NULL, 10);
		found = read_point(s, by_entry, n, out, f);
		return found ? (found < 0 ? -1 : 0) : before_the_log(s, when, n, 0, out, f);
	}
	if (when_parse(when, when_now(), &n, f) < 0)
		return -1;
	found = read_point(s, by_time, n, out, f);
	return found ? (found < 0 ? -1 : 0) : before_the_log(s, when, -1, n, out, f);
}

int
past_now(struct session *s, struct past_point *out, struct fault *f)
{
	static const char sql[] = PAST_POINT "WHERE t.id > $1 ORDER BY t.id DESC LIMIT 1";

	return read_point(s, sql, -1, out, f) < 0 ? -1 : 0;
}

/* ---- tables and views ---- */

/*
 * Of a layer, an item or a source in one of the lists, the table of the same name says what it
 * was; of all others the file does. The columns have the order of ITEM_COLUMNS and the types that
 * they have in the file: SQLite looks up what it joins with such a view by the indexes of both only
 * then.
 */
static const char *const sql_tables[] = {
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_layer (id INTEGER PRIMARY KEY)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_row (id INTEGER PRIMARY KEY)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_keyed (id INTEGER PRIMARY KEY)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_point (row INTEGER PRIMARY KEY, entry INTEGER)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_document (id INTEGER PRIMARY KEY, attributes TEXT, "
    "variables "
    "TEXT)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_label (label INTEGER, item INTEGER, source INTEGER,"
    " PRIMARY KEY (label, item, source)) WITHOUT ROWID",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_relation (src INTEGER, type TEXT, dst INTEGER, "
    "source INTEGER,"
    " PRIMARY KEY (src, type, dst, source)) WITHOUT ROWID",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_ident (source INTEGER, key TEXT, item INTEGER,"
    " PRIMARY KEY (source, key)) WITHOUT ROWID",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_source (id INTEGER PRIMARY KEY, project INTEGER, "
    "name TEXT,"
    " rank INTEGER, seen INTEGER, settings TEXT, stale INTEGER, removed INTEGER, logged INTEGER,"
    " tried INTEGER, trouble TEXT)",
    "CREATE TEMPORARY TABLE IF NOT EXISTS past_item (id INTEGER PRIMARY KEY, project INTEGER, kind "
    "TEXT,"
    " class TEXT, scope INTEGER, slot TEXT, name TEXT, named INTEGER, cloud INTEGER,"
    " region INTEGER, cell INTEGER, parent INTEGER, ip_address TEXT, device_type TEXT,"
    " note TEXT, active INTEGER, more TEXT, retired INTEGER, created INTEGER, updated INTEGER)",
    NULL,
};

static const char *const sql_views[] = {
    "CREATE INDEX past_label_item ON past_label (item, label)",
    "CREATE INDEX past_ident_item ON past_ident (item)",
    "CREATE INDEX past_item_place ON past_item (project, class, scope, slot)",
    "CREATE INDEX past_item_name ON past_item (name)",
    "CREATE INDEX past_item_cell ON past_item (cell)",
    "CREATE INDEX past_item_parent ON past_item (parent)",
    "CREATE TEMP VIEW document AS SELECT id, attributes, variables FROM main.document"
    " WHERE id NOT IN (SELECT id FROM past_layer)"
    " UNION ALL SELECT id, attributes, variables FROM past_document",
    "CREATE TEMP VIEW label AS SELECT label, item, source FROM main.label"
    " WHERE item * 4096 + source NOT IN (SELECT id FROM past_layer)"
    " UNION ALL SELECT label, item, source FROM past_label",
    "CREATE TEMP VIEW relation AS SELECT src, type, dst, source FROM main.relation"
    " WHERE src * 4096 + source NOT IN (SELECT id FROM past_layer)"
    " UNION ALL SELECT src, type, dst, source FROM past_relation",
    "CREATE TEMP VIEW ident AS SELECT source, key, item FROM main.ident"
    " WHERE item NOT IN (SELECT id FROM past_keyed)"
    " UNION ALL SELECT source, key, item FROM past_ident",
    "CREATE TEMP VIEW item AS SELECT " ITEM_COLUMNS " FROM main.item AS i"
    " WHERE i.id NOT IN (SELECT id FROM past_row)"
    " UNION ALL SELECT " ITEM_COLUMNS " FROM past_item AS i",
    "CREATE TEMP VIEW source AS SELECT id, project, name, rank, seen, settings, stale, removed,"
    " logged, tried, trouble FROM past_source",
    "CREATE TEMP VIEW chg AS SELECT id, txn, item, source, op, undo FROM main.chg"
    " WHERE id <= (SELECT row FROM past_point)",
    "CREATE TEMP VIEW txn AS SELECT id, project, at, actor, source, reason, hash FROM main.txn"
    " WHERE id <= (SELECT entry FROM past_point)",
    NULL,
};

static int
run_all(struct db *db, const char *const *sql, struct fault *f)
{
	for (; *sql; sql++)
		if (db_run(db, f, *sql, "") < 0)
			return -1;
	return 0;
}

int
past_go(struct session *s, const struct past_point *to, struct fault *f)
{
	static const char point[] = "INSERT INTO past_point (row, entry) VALUES ($1, $2)";

	if (db_hold(s->db, f) < 0 || run_all(s->db, sql_tables, f) < 0 ||
	    db_run(s->db, f, point, "ii", to->row, to->entry) < 0)
		return -1;
	if (past_layers(s, to->row, f) < 0 || past_sources(s, to->row, f) < 0 ||
	    past_items(s, to->row, f) < 0)
		return -1;
	precedence_forget(s);
	return run_all(s->db, sql_views, f) < 0 ? -1 : past_settle(s, f);
}

int
past_enter(struct session *s, const char *when, struct fault *f)
{
	struct past_point to;

	if (!when)
		return 0;
	return past_point(s, when, &to, f) < 0 ? -1 : past_go(s, &to, f);
}
