/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/change_log.h"

#include "base/mem.h"
#include "base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The entry before: its hash is chained into this one, its time comes before this one's. */
static int
last_entry(struct db *db, int64_t *at, char **hash, struct fault *f)
{
	static const char sql[] = "SELECT at, hash FROM txn ORDER BY id DESC LIMIT 1";
	struct db_rows rows;
	int found = db_query(db, &rows, f, sql, "");

	if (found == 0)
		found = db_next(&rows, f);
	*at = found == 1 ? db_int(&rows, 0) : 0;
	*hash = found == 1 ? db_text_dup(&rows, 1) : mem_dup("");
	db_end(&rows);
	return found;
}

void
change_hash_head(struct hash *h, const char *before, int64_t project, int64_t at, const char *actor,
    int64_t source, const char *reason)
{
	char numbers[72];

	hash_init(h);
	hash_add_text(h, before);
	snprintf(numbers, sizeof(numbers), "%" PRId64 " %" PRId64 " %" PRId64, project, at, source);
	hash_add_text(h, numbers);
	hash_add_text(h, actor);
	hash_add_text(h, reason);
}

void
change_hash_row(
    struct hash *h, const char *op, int64_t item, int64_t source, const struct document *d)
{
	char numbers[48];

	hash_add_text(h, op);
	snprintf(numbers, sizeof(numbers), "%" PRId64 " %" PRId64, item, source);
	hash_add_text(h, numbers);
	if (d)
		document_hash(d, h);
}

void
change_hash_more(struct hash *h, const char *text)
{
	hash_add_text(h, text);
}

int
change_enter(struct change *c, struct fault *f)
{
	static const char sql[] = "INSERT INTO txn (project, at, actor, source, reason, hash)"
				  " VALUES ($1, $2, $3, $4, $5, '')";
	int64_t last, now = when_now();
	char *before;
	int status = -1;

	if (c->txn)
		return 0;
	if (last_entry(c->s->db, &last, &before, f) < 0)
		goto out;
	/* A clock stepped back cannot reorder history. */
	c->at = now > last ? now : last + 1;
	if (db_run(c->s->db, f, sql, "iisrs", c->s->project, c->at, c->s->actor, c->entry_source,
		c->s->reason) < 0)
		goto out;
	c->txn = db_last_id(c->s->db);
	change_hash_head(
	    &c->hash, before, c->s->project, c->at, c->s->actor, c->entry_source, c->s->reason);
	status = 0;
out:
	free(before);
	return status;
}

int
change_log_row(struct change *c, const char *op, int64_t item, int64_t source,
    const struct document *d, const char *undo, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO chg (txn, item, source, op, undo) VALUES ($1, $2, $3, $4, $5)";

	if (change_enter(c, f) < 0 || change_tell_source(c, source, f) < 0)
		return -1;
	change_hash_row(&c->hash, op, item, source, d);
	return db_run(c->s->db, f, sql, "iiiss", c->txn, item, source, op, undo) < 0 ? -1 : 0;
}
