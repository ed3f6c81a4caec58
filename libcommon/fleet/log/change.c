/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/change.h"

#include "fleet/log/change_inside.h"
#include "fleet/log/change_log.h"
#include "fleet/log/undo.h"
#include "fleet/sources/precedence.h"

/* ---- the entry ---- */

int
change_begin(struct change *c, struct session *s, int64_t source, struct fault *f)
{
	*c = (struct change){.s = s, .source = source, .entry_source = source};
	precedence_forget(s); /* what was read before the lock may be old */
	return db_begin(s->db, f);
}

static void
forget_known(struct change *c)
{
	map_done(&c->known_keys);
	map_done(&c->known_labels);
	vec_done(&c->told);
}

int
change_commit(struct change *c, struct fault *f)
{
	static const char seal[] = "UPDATE txn SET hash = $2 WHERE id = $1";
	char text[HASH_TEXT];
	int status = 0;

	if (c->txn) {
		hash_end(&c->hash, text);
		status = db_run(c->s->db, f, seal, "is", c->txn, text) < 0 ? -1 : 0;
	}
	if (status == 0)
		status = db_commit(c->s->db, f);
	if (status < 0)
		db_rollback(c->s->db);
	forget_known(c);
	return status;
}

void
change_rollback(struct change *c)
{
	db_rollback(c->s->db);
	forget_known(c);
	precedence_forget(c->s);
}

int
change_save(struct change *c, struct change_mark *mark, struct fault *f)
{
	*mark = (struct change_mark){
	    c->txn, c->at, c->created, c->changed, c->removed, c->retired, c->hash};
	return db_save(c->s->db, f);
}

int
change_undo_to(struct change *c, const struct change_mark *mark, struct fault *f)
{
	c->txn = mark->txn;
	c->at = mark->at;
	c->created = mark->created;
	c->changed = mark->changed;
	c->removed = mark->removed;
	c->retired = mark->retired;
	c->hash = mark->hash;
	/* Rows that these remember may be gone again. */
	forget_known(c);
	precedence_forget(c->s);
	return db_undo_to(c->s->db, f);
}

int
change_keep(struct change *c, struct fault *f)
{
	return db_release(c->s->db, f);
}

/* ---- what callers do ---- */

int
change_document(struct change *c, const struct document *d, struct fault *f)
{
	struct document old;
	struct str undo = STR_INIT;
	int known = document_get(c->s, d->item, d->source, &old, f), status = -1;

	if (known < 0)
		goto out;
	if (known && document_same(&old, d)) {
		status = 0;
		goto out;
	}
	if (change_check_edges(c, &old, d, f) < 0 || change_enter(c, f) < 0)
		goto out;
	if (known)
		undo_write(&old, d, &undo);
	if (change_write(c, &old, d, f) < 0 || change_settle(c, d->item, 1, f) < 0 ||
	    change_log_row(c, "layer", d->item, d->source, d, undo.text, f) < 0)
		goto out;
	c->changed++;
	status = 1;
out:
	str_done(&undo);
	document_done(&old);
	return status;
}

int
change_drop(struct change *c, int64_t item, int64_t source, struct fault *f)
{
	struct document old, nothing;
	struct str undo = STR_INIT;
	int known = document_get(c->s, item, source, &old, f), status = -1;

	document_init(&nothing, item, source);
	if (known <= 0) {
		status = known;
		goto out;
	}
	undo_write(&old, &nothing, &undo);
	if (change_enter(c, f) < 0 || change_clear(c, &old, f) < 0 ||
	    change_settle(c, item, 1, f) < 0 ||
	    change_log_row(c, "drop", item, source, NULL, undo.text, f) < 0)
		goto out;
	c->changed++;
	status = 1;
out:
	str_done(&undo);
	document_done(&old);
	document_done(&nothing);
	return status;
}
