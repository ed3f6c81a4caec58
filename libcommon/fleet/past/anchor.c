/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/past/anchor.h"

#include "base/mem.h"
#include "base/when.h"
#include "fleet/document.h"
#include "fleet/past/past_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int
anchor_get(struct session *s, struct anchor *out, struct fault *f)
{
	static const char sql[] = "SELECT entry, at, pruned, hash, state, actor, reason, seal"
				  " FROM anchor ORDER BY entry DESC LIMIT 1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "");

	*out = (struct anchor){0};
	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1)
		*out = (struct anchor){db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
		    db_text_dup(&rows, 3), db_text_dup(&rows, 4), db_text_dup(&rows, 5),
		    db_text_dup(&rows, 6), db_text_dup(&rows, 7)};
	db_end(&rows);
	return found;
}

void
anchor_done(struct anchor *a)
{
	free(a->hash);
	free(a->state);
	free(a->actor);
	free(a->reason);
	free(a->seal);
	*a = (struct anchor){0};
}

/* ---- hashes ---- */

void
anchor_seal(const struct anchor *a, const char *before, char out[HASH_TEXT])
{
	struct hash h;
	char numbers[72];

	hash_init(&h);
	hash_add_text(&h, before);
	snprintf(numbers, sizeof(numbers), "%" PRId64 " %" PRId64 " %" PRId64, a->entry, a->at,
	    a->pruned);
	hash_add_text(&h, numbers);
	hash_add_text(&h, a->hash);
	hash_add_text(&h, a->state);
	hash_add_text(&h, a->actor);
	hash_add_text(&h, a->reason);
	hash_end(&h, out);
}

/* Every column of every row, as text. */
static int
hash_rows(struct session *s, const char *sql, struct hash *h, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		for (int i = 0; i < db_columns(&rows); i++)
			hash_add_text(h, db_text(&rows, i));
	db_end(&rows);
	return more;
}

static int
hash_layers(struct session *s, struct hash *h, struct fault *f)
{
	static const char sql[] = "SELECT id FROM document ORDER BY id";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		int64_t id = db_int(&rows, 0);
		struct document d;

		more = document_get(s, DOCUMENT_ITEM(id), DOCUMENT_SOURCE(id), &d, f);
		hash_add_text(h, db_text(&rows, 0));
		document_hash(&d, h);
		document_done(&d);
	}
	db_end(&rows);
	return more;
}

int
anchor_state(struct session *s, char out[HASH_TEXT], struct fault *f)
{
	static const char items[] = "SELECT id, project, kind, created FROM item ORDER BY id";
	static const char keys[] = "SELECT source, key, item FROM ident ORDER BY source, key";
	static const char ranks[] = "SELECT id, project, name, rank FROM source"
				    " WHERE id IN (SELECT id % 4096 FROM document) ORDER BY id";
	struct hash h;

	hash_init(&h);
	if (hash_rows(s, items, &h, f) < 0 || hash_layers(s, &h, f) < 0 ||
	    hash_rows(s, keys, &h, f) < 0 || hash_rows(s, ranks, &h, f) < 0)
		return -1;
	hash_end(&h, out);
	return 0;
}

/* ---- pruning ---- */

/* Others cannot write meanwhile: s holds the lock. */
static int
state_at(const struct session_options *base, const struct past_point *at, char out[HASH_TEXT],
    struct fault *f)
{
	struct session s = {0};
	int status = session_open(&s, base, DB_READ, f);

	if (status == 0)
		status = past_go(&s, at, f);
	if (status == 0)
		status = anchor_state(&s, out, f);
	session_close(&s);
	return status;
}

static int
put_anchor(struct session *s, const struct anchor *a, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO anchor (entry, at, hash, state, pruned, actor, reason, seal)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	static const char rows[] = "DELETE FROM chg WHERE txn <= $1";
	static const char entries[] = "DELETE FROM txn WHERE id <= $1";

	if (db_run(s->db, f, sql, "iississs", a->entry, a->at, a->hash, a->state, a->pruned,
		a->actor, a->reason, a->seal) < 0)
		return -1;
	return db_run(s->db, f, rows, "i", a->entry) < 0 ||
		       db_run(s->db, f, entries, "i", a->entry) < 0
		   ? -1
		   : 0;
}

static int
prune_to(struct session *s, const struct session_options *base, const struct past_point *to,
    struct fault *f)
{
	static const char hash[] = "SELECT hash FROM txn WHERE id = $1";
	struct anchor a = {.entry = to->entry, .at = to->at, .pruned = when_now()};
	struct anchor before;
	char state[HASH_TEXT], seal[HASH_TEXT];
	int status = -1;

	if (anchor_get(s, &before, f) < 0 ||
	    db_get_text(s->db, &a.hash, f, hash, "i", to->entry) < 0 ||
	    state_at(base, to, state, f) < 0)
		goto out;
	a.state = mem_dup(state);
	a.actor = mem_dup(s->actor);
	a.reason = mem_dup(s->reason);
	anchor_seal(&a, before.seal ? before.seal : "", seal);
	a.seal = mem_dup(seal);
	status = put_anchor(s, &a, f);
out:
	anchor_done(&a);
	anchor_done(&before);
	return status;
}

/* The newest entry stays: what comes next is chained to it, and is numbered after it. */
static int
keep_newest(struct session *s, struct past_point *to, struct fault *f)
{
	static const char sql[] = PAST_POINT "WHERE t.id < (SELECT max(id) FROM txn)"
					     " AND t.id <= $1 ORDER BY t.id DESC LIMIT 1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "i", to->entry);

	*to = (struct past_point){0};
	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1)
		*to = (struct past_point){db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2)};
	db_end(&rows);
	return found;
}

int
anchor_prune(struct session *s, const struct session_options *base, struct past_point *to, int dry,
    int64_t *gone, struct fault *f)
{
	static const char count[] = "SELECT count(*) FROM txn WHERE id <= $1";
	int status, found;

	*gone = 0;
	if (db_begin(s->db, f) < 0)
		return -1;
	found = keep_newest(s, to, f);
	status = found < 0 ? -1 : 0;
	if (found == 1)
		status = db_get_int(s->db, gone, f, count, "i", to->entry) < 0 ? -1 : 0;
	if (status == 0 && *gone && !dry)
		status = prune_to(s, base, to, f);
	if (status == 0 && !dry)
		return db_commit(s->db, f);
	db_rollback(s->db);
	return status;
}
