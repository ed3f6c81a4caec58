/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a row of the log says besides a layer: native keys, what was removed, ranks; and whether
 * there are keys and ranks that it says nothing of.
 */
#include "fleet/log/fsck.h"
#include "fleet/log/history.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * An item that was removed and came back has several lives. Of each the keys at its end are
 * known: in the row that removed it, [[SOURCE,KEY],...], or in the table.
 */
struct life {
	int64_t item, source;
	int64_t from, to; /* rows: the removal before, 0: none; the removal after, INT64_MAX */
};

static int
find_life(
    struct fsck *k, int64_t item, int64_t source, int64_t row, struct life *out, struct fault *f)
{
	static const char before[] =
	    "SELECT coalesce(max(id), 0) FROM chg WHERE item = $1 AND id < $2 AND op = 'remove'";
	static const char after[] =
	    "SELECT id FROM chg WHERE item = $1 AND id > $2 AND op = 'remove' ORDER BY id LIMIT 1";

	*out = (struct life){.item = item, .source = source, .to = INT64_MAX};
	return db_get_int(k->s->db, &out->from, f, before, "ii", item, row) < 0 ||
		       db_get_int(k->s->db, &out->to, f, after, "ii", item, row) < 0
		   ? -1
		   : 0;
}

static int
removed_keys(struct fsck *k, const struct life *l, struct words *out, struct fault *f)
{
	static const char sql[] = "SELECT undo FROM chg WHERE id = $1";
	struct jtext none, pair, id, key;
	char *undo = NULL;
	size_t at = 0;
	int found = db_get_text(k->s->db, &undo, f, sql, "i", l->to);

	while (found == 1 && jtext_each(jtext_member(JTEXT(undo), "keys"), &at, &none, &pair)) {
		size_t in_pair = 0;

		if (jtext_each(pair, &in_pair, &none, &id) &&
		    jtext_each(pair, &in_pair, &none, &key) &&
		    strtoll(id.text, NULL, 10) == l->source)
			vec_push(out, jtext_plain_dup(key));
	}
	free(undo);
	return found < 0 ? -1 : 0;
}

/* The keys at the end of a life. */
static int
last_keys(struct fsck *k, const struct life *l, struct words *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT key FROM ident WHERE item = $1 AND source = $2 ORDER BY key";
	struct db_rows rows;
	int more;

	if (l->to != INT64_MAX)
		return removed_keys(k, l, out, f);
	more = db_query(k->s->db, &rows, f, sql, "ii", l->item, l->source);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		words_add(out, db_text(&rows, 0));
	db_end(&rows);
	return more;
}

/* The keys that were tied to the item in that life, or untied: each has a row of its own. */
static int
later_keys(
    struct fsck *k, const struct life *l, const char *member, struct words *out, struct fault *f)
{
	static const char sql[] = "SELECT undo FROM chg WHERE item = $1 AND source = $2"
				  " AND op = 'key' AND id BETWEEN $3 AND $4";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "iiii", l->item, l->source, l->from, l->to);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		char *key = jtext_plain_dup(jtext_member(db_jtext(&rows, 0), member));

		if (key)
			vec_push(out, key);
	}
	db_end(&rows);
	return more;
}

/* Those that no row tied: the one that the item was made with. */
static int
first_keys(struct fsck *k, const struct life *l, struct words *out, struct fault *f)
{
	struct words keys = {0}, tied = {0};
	int status = -1;

	if (last_keys(k, l, &keys, f) == 0 && later_keys(k, l, "key", &keys, f) == 0 &&
	    later_keys(k, l, "-key", &tied, f) == 0)
		status = 0;
	words_sort(&keys);
	for (size_t i = 0; status == 0 && i < keys.n; i++)
		if (!words_have(&tied, keys.v[i]) && !words_have(out, keys.v[i]))
			words_add(out, keys.v[i]);
	words_done(&keys);
	words_done(&tied);
	return status;
}

static int
first_key(struct fsck *k, const struct history_row *row, char **out, struct fault *f)
{
	struct words first = {0};
	struct life l;
	int status = find_life(k, row->item, row->source, row->id, &l, f);

	if (status == 0)
		status = first_keys(k, &l, &first, f);
	*out = first.n ? mem_dup(first.v[0]) : NULL;
	words_done(&first);
	return status;
}

/* Whether the item has a key, or lost it again by a row of its own. */
static int
has_key(struct fsck *k, const struct history_row *row, const char *key, struct fault *f)
{
	struct words keys = {0};
	struct life l;
	int status = find_life(k, row->item, row->source, row->id, &l, f);

	if (status == 0)
		status = last_keys(k, &l, &keys, f);
	if (status == 0)
		status = later_keys(k, &l, "key", &keys, f);
	if (status == 0)
		status = words_have(&keys, key);
	words_done(&keys);
	return status;
}

/* ---- what is in a row besides a layer: see change_hash_more ---- */

static int
more_of_create(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f)
{
	char *key = NULL;
	int status = first_key(k, row, &key, f);

	str_add(out, key ? key : "");
	free(key);
	return status;
}

static int
more_of_key(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f)
{
	struct jtext undo = JTEXT(row->undo), tied = jtext_member(undo, "-key");
	char *key = jtext_plain_dup(tied.text ? tied : jtext_member(undo, "key"));
	int found = tied.text ? has_key(k, row, key, f) : 1;

	if (found == 0)
		fsck_say(k, "log row %" PRId64 ": the key \"%s\" that it tied is gone", row->id,
		    key ? key : "");
	str_add(out, key ? key : "");
	free(key);
	return found < 0 ? -1 : 0;
}

static int
more_of_undo(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f)
{
	(void)k;
	(void)f;
	str_add(out, row->undo ? row->undo : "");
	return 0;
}

static int
more_of_rank(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f)
{
	int64_t rank;
	int status = history_rank_after(k->s, row, &rank, f);

	str_addf(out, "%" PRId64, rank);
	return status;
}

static int
more_of_source(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f)
{
	return history_source_after(k->s, row, out, f);
}

int
fsck_more(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f)
{
	static const struct {
		const char *op;
		int (*more)(struct fsck *k, const struct history_row *row, struct str *out,
		    struct fault *f);
	} table[] = {{"create", more_of_create}, {"key", more_of_key}, {"remove", more_of_undo},
	    {"rank", more_of_rank}, {"source", more_of_source}, {"apart", more_of_undo}};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].op, row->op) == 0) {
			str_reset(out);
			return table[i].more(k, row, out, f) < 0 ? -1 : 1;
		}
	return 0;
}

/* ---- what the log does not know ---- */

/* A source that made the item may have done so with a key; all others are in the log. */
static int
check_unknown(struct fsck *k, int64_t item, int64_t source, size_t made, struct fault *f)
{
	struct words first = {0};
	struct str ref = STR_INIT;
	struct life l;
	int status = find_life(k, item, source, INT64_MAX, &l, f);

	if (status == 0)
		status = first_keys(k, &l, &first, f);
	if (status == 0 && first.n > made) {
		status = history_ref(k->s, item, &ref, f);
		fsck_say(
		    k, "%s: a key that the change log does not know: %s", ref.text, first.v[made]);
	}
	words_done(&first);
	str_done(&ref);
	return status;
}

int
fsck_keys(struct fsck *k, struct fault *f)
{
	static const char sql[] =
	    "SELECT DISTINCT d.item, d.source, (SELECT count(*) FROM chg AS c WHERE c.item = d.item"
	    " AND c.source = d.source AND c.op = 'create') FROM ident AS d";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (check_unknown(
			k, db_int(&rows, 0), db_int(&rows, 1), (size_t)db_int(&rows, 2), f) < 0)
			more = -1;
	db_end(&rows);
	return more;
}

/* A source was made with the rank of its name; the log has all that came after. */
int
fsck_ranks(struct fsck *k, struct fault *f)
{
	static const char sql[] =
	    "SELECT o.name, coalesce((SELECT jmember(c.undo, 'rank') FROM chg AS c WHERE c.item = 0"
	    " AND c.op = 'rank' AND c.source = o.id ORDER BY c.id LIMIT 1), o.rank)"
	    " FROM source AS o ORDER BY o.id";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (db_int(&rows, 1) != source_default_rank(db_text(&rows, 0)))
			fsck_say(k, "source %s: the log does not tell how it got its rank",
			    db_text(&rows, 0));
	db_end(&rows);
	return more;
}

/* The log tells of each source before the first word of it. */
int
fsck_sources(struct fsck *k, struct fault *f)
{
	static const char sql[] =
	    "SELECT o.name FROM source AS o WHERE o.logged = 0 AND (o.removed <> 0 OR o.stale <> 0"
	    " OR o.settings <> '{}' OR EXISTS (SELECT 1 FROM chg AS c WHERE c.source = o.id))"
	    " ORDER BY o.id";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		fsck_say(k, "source %s: the log does not tell of it", db_text(&rows, 0));
	db_end(&rows);
	return more;
}
