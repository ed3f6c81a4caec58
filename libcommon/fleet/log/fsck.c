/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/fsck.h"

#include "base/mem.h"
#include "fleet/item.h"
#include "fleet/log/history.h"
#include "fleet/place.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
fsck_say(struct fsck *k, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	k->faults++;
	k->each(text, k->ctx);
}

/* ---- the file ---- */

static void
say_file(const char *message, void *ctx)
{
	fsck_say(ctx, "file: %s", message);
}

int
fsck_file(struct fsck *k, struct fault *f)
{
	return db_check_file(k->s->db, say_file, k, f);
}

/* ---- the tables ---- */

/* A fault for each row; its first column is an item, the second a text or NULL. */
static const struct {
	const char *sql;
	const char *words;
} rules[] = {
    {"SELECT d.id / 4096, o.name FROM document AS d LEFT JOIN source AS o ON o.id = d.id % 4096"
     " WHERE NOT EXISTS (SELECT 1 FROM item WHERE id = d.id / 4096)",
	"a layer of an item that is not there, by source"},
    {"SELECT l.item, o.name FROM label AS l LEFT JOIN source AS o ON o.id = l.source"
     " WHERE NOT EXISTS (SELECT 1 FROM document WHERE id = l.item * 4096 + l.source)",
	"a label without a layer, by source"},
    {"SELECT r.src, o.name FROM relation AS r LEFT JOIN source AS o ON o.id = r.source"
     " WHERE NOT EXISTS (SELECT 1 FROM document WHERE id = r.src * 4096 + r.source)",
	"a relation without a layer, by source"},
    {"SELECT id, kind FROM item WHERE class <> 'project' AND retired = 0"
     " AND NOT EXISTS (SELECT 1 FROM document WHERE id BETWEEN item.id * 4096"
     " AND item.id * 4096 + 4095)",
	"alive, but no source speaks of it; kind"},
    {"SELECT id, kind FROM item WHERE retired > 0 AND EXISTS (SELECT 1 FROM document"
     " WHERE id BETWEEN item.id * 4096 AND item.id * 4096 + 4095)",
	"retired, but a source speaks of it; kind"},
    {"SELECT d.id / 4096, o.name FROM document AS d LEFT JOIN source AS o ON o.id = d.id % 4096"
     " WHERE NOT EXISTS (SELECT 1 FROM chg WHERE item = d.id / 4096 AND source = d.id % 4096)"
     " AND NOT EXISTS (SELECT 1 FROM anchor)",
	"a layer that the change log does not know, by source"},
    {"SELECT i.id, i.kind FROM item AS i JOIN chg AS c ON c.item = i.id AND c.op = 'create'"
     " JOIN txn AS t ON t.id = c.txn WHERE t.project <> i.project OR t.at < i.created"
     /* An item that came back was made before: the log tells, as far as it goes back. */
     " OR (t.at > i.created AND NOT EXISTS (SELECT 1 FROM anchor)"
     " AND NOT EXISTS (SELECT 1 FROM chg AS r WHERE r.item = i.id AND r.op = 'remove'))",
	"not of the project and the time of the entry that made it; kind"},
    {"SELECT a.one, i.kind FROM apart AS a JOIN item AS i ON i.id = a.one WHERE NOT EXISTS"
     " (SELECT 1 FROM chg AS c WHERE c.item = a.one AND c.op = 'apart')",
	"kept apart from another, but the log does not know it; kind"},
    {"SELECT i.id, i.kind FROM item AS i JOIN (SELECT c.item, max(t.at) AS at FROM chg AS c"
     " JOIN txn AS t ON t.id = c.txn WHERE c.op IN ('create', 'layer', 'drop')"
     " GROUP BY c.item) AS l ON l.item = i.id WHERE l.at <> i.updated",
	"not updated when the log says; kind"},
};

static int
check_rule(struct fsck *k, const char *sql, const char *words, struct fault *f)
{
	struct db_rows rows;
	struct str ref = STR_INIT;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		const char *word = db_text(&rows, 1);

		str_reset(&ref);
		if (history_ref(k->s, db_int(&rows, 0), &ref, f) < 0)
			more = -1;
		else
			fsck_say(k, "%s: %s %s", ref.text, words, word ? word : "unknown");
	}
	db_end(&rows);
	str_done(&ref);
	return more;
}

static int
check_foreign_keys(struct fsck *k, struct fault *f)
{
	struct db_rows rows;
	int more = db_query_once(k->s->db, &rows, f, "PRAGMA foreign_key_check", "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		fsck_say(k, "table %s, row %" PRId64 ": points into table %s at nothing",
		    db_text(&rows, 0), db_int(&rows, 1), db_text(&rows, 2));
	db_end(&rows);
	return more;
}

int
fsck_tables(struct fsck *k, struct fault *f)
{
	int status = check_foreign_keys(k, f);

	for (size_t i = 0; status >= 0 && i < sizeof(rules) / sizeof(*rules); i++)
		status = check_rule(k, rules[i].sql, rules[i].words, f);
	return status;
}

/* ---- winners ---- */

static int
differs(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) != 0 : a != b;
}

/* The column of the row that is not what the layers make it; NULL if all are. */
static const char *
wrong_column(const struct item *is, const struct item *right)
{
	const struct {
		const char *name;
		int wrong;
	} columns[] = {
	    {"class", differs(is->class, item_class(is->kind))},
	    {"name", differs(is->name, right->name)},
	    {"named", is->named != right->named},
	    {"slot", differs(is->slot, right->slot)},
	    {"scope", is->scope != right->scope},
	    {"cloud", is->cloud != right->cloud},
	    {"region", is->region != right->region},
	    {"cell", is->cell != right->cell},
	    {"parent", is->parent != right->parent},
	    {"ip_address", differs(is->ip_address, right->ip_address)},
	    {"device_type", differs(is->device_type, right->device_type)},
	    {"note", differs(is->note, right->note)},
	    {"active", is->active != right->active},
	    {"other attributes", differs(is->more, right->more)},
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (columns[i].wrong)
			return columns[i].name;
	return NULL;
}

/* A retired item is what it was, and that since it was last touched. */
static int
check_times(struct fsck *k, const struct item *i, const char *ref, struct fault *f)
{
	int64_t row, at;
	int known = history_settled(k->s, i->id, &row, &at, f);

	if (known < 0)
		return -1;
	if (!known)
		at = k->pruned || strcmp(i->class, "project") != 0 ? i->updated : i->created;
	if (i->updated != at)
		fsck_say(k, "%s: its time of change is not that of the log", ref);
	else if (i->retired && i->retired != at)
		fsck_say(k, "%s: its time of retirement is not that of the log", ref);
	return 0;
}

static int
check_item(struct fsck *k, int64_t id, struct fault *f)
{
	struct item is = {0}, right = {0};
	struct documents docs = {0};
	struct str ref = STR_INIT;
	const char *wrong = NULL;
	int status = -1;

	if (item_get(k->s, id, &is, f) != 1 || item_get(k->s, id, &right, f) != 1 ||
	    document_list(k->s, id, &docs, f) < 0 || history_ref(k->s, id, &ref, f) < 0)
		goto out;
	status = 0;
	k->items++;
	k->layers += (int64_t)docs.n;
	if (docs.n && place_settle(k->s, &right, &docs, f) < 0) {
		status = f->kind == FAULT_BAD ? 0 : -1;
		if (status == 0)
			fsck_say(k, "%s: %s", ref.text, f->text);
	} else if (docs.n) {
		wrong = wrong_column(&is, &right);
	}
	if (wrong)
		fsck_say(k, "%s: its %s is not what its sources say", ref.text, wrong);
	status = status < 0 ? -1 : check_times(k, &is, ref.text, f);
	if (status == 0)
		status = fsck_item_marks(k, &is, &docs, ref.text, f);
out:
	item_done(&is);
	item_done(&right);
	documents_done(&docs);
	str_done(&ref);
	return status;
}

int
fsck_winners(struct fsck *k, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, "SELECT id FROM item ORDER BY id", "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (check_item(k, db_int(&rows, 0), f) < 0)
			more = -1;
	db_end(&rows);
	return more;
}

/* ---- the whole ---- */

int
fsck_run(struct fsck *k, struct fault *f)
{
	static int (*const parts[])(struct fsck *, struct fault *) = {fsck_file, fsck_tables,
	    fsck_log, fsck_anchor, fsck_winners, fsck_marks, fsck_dictionary};
	int status = 0;

	/* Other verbs keep temporary tables in memory; here they may be as large as the file. */
	if (db_run(k->s->db, f, "PRAGMA temp_store = FILE", "") < 0 || db_snapshot(k->s->db, f) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < sizeof(parts) / sizeof(*parts); i++)
		status = parts[i](k, f) < 0 ? -1 : 0;
	db_rollback(k->s->db);
	if (status < 0 && k->faults) {
		/* What is broken badly cannot be read to its end: that is an answer, too. */
		fsck_say(k, "the check ended early: %s", f->text);
		status = 0;
	}
	return status;
}
