/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/kicked.h"

#include "base/when.h"
#include "flow/event/chain.h"
#include "flow/plan/workflow.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const kicked_words[] = {
    [KICKED_OPEN] = "open",
    [KICKED_RETRIED] = "retried",
    [KICKED_DONE] = "done",
    [KICKED_DROPPED] = "dropped",
    NULL,
};

static enum kicked_state
state_of(const char *word)
{
	int state = KICKED_OPEN;

	while (kicked_words[state] && strcmp(kicked_words[state], word) != 0)
		state++;
	return (enum kicked_state)state;
}

static void
from_row(struct kicked *k, const struct db_rows *row)
{
	k->run = db_int(row, 0);
	k->pos = db_int(row, 1);
	k->item = db_int(row, 2);
	k->workflow = db_text_dup(row, 3);
	k->ref = db_text_dup(row, 4);
	k->name = db_text_dup(row, 5);
	k->step = db_text_dup(row, 6);
	k->reason = db_text_dup(row, 7);
	k->evidence = db_text_dup(row, 8);
	k->state = state_of(db_text(row, 9));
	k->at = db_int(row, 10);
	k->settled = db_int(row, 11);
	k->actor = db_text_dup(row, 12);
	k->note = db_text_dup(row, 13);
}

static void
kicked_done(struct kicked *k)
{
	free(k->workflow);
	free(k->ref);
	free(k->name);
	free(k->step);
	free(k->reason);
	free(k->evidence);
	free(k->actor);
	free(k->note);
}

int
kicked_each(struct session *s, const struct kicked_filter *filter,
    int (*each)(const struct kicked *k, void *ctx), void *ctx, struct fault *f)
{
	static const char sql[] =
	    "SELECT k.run, k.pos, k.item, r.workflow, i.ref, i.name, k.step, k.reason, k.evidence,"
	    " k.state, k.at, k.settled, k.actor, k.note FROM kicked AS k"
	    " JOIN run AS r ON r.id = k.run"
	    " JOIN run_item AS i ON i.run = k.run AND i.pos = k.pos"
	    " WHERE r.project = $1 AND ($2 = 0 OR k.run = $2) AND ($3 = 0 OR k.item = $3)"
	    " AND ($4 = 1 OR k.state = 'open') ORDER BY k.run, k.pos";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "iiii", s->project, filter->run, filter->item,
	    (int64_t)filter->settled);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct kicked k = {0};

		from_row(&k, &rows);
		more = each(&k, ctx);
		kicked_done(&k);
		if (more)
			break;
	}
	db_end(&rows);
	return more;
}

void
kicked_to_json(const struct kicked *k, struct str *out)
{
	jtext_open(out);
	jtext_text(out, "kind", "kicked");
	jtext_text(out, "item", k->ref);
	jtext_int(out, "run", k->run);
	jtext_text(out, "workflow", k->workflow);
	jtext_text(out, "step", k->step);
	jtext_text(out, "reason", k->reason);
	jtext_raw(out, "evidence", k->evidence);
	jtext_text(out, "state", kicked_words[k->state]);
	jtext_time(out, "at", k->at);
	jtext_time(out, "settled", k->settled);
	jtext_text(out, "actor", k->actor);
	jtext_text(out, "note", k->note);
	jtext_close(out);
}

/* ---- a person's word ---- */

struct place {
	int64_t run, pos;
	char *ref, *run_state;
};

/* The newest open one: an item cannot be kicked twice, for an open one is in no new plan. */
static int
find_open(struct session *s, int64_t item, int64_t run, struct place *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT k.run, k.pos, i.ref, r.state FROM kicked AS k"
	    " JOIN run AS r ON r.id = k.run"
	    " JOIN run_item AS i ON i.run = k.run AND i.pos = k.pos"
	    " WHERE k.item = $1 AND k.state = 'open' AND ($2 = 0 OR k.run = $2)"
	    " ORDER BY k.run DESC LIMIT 1";
	struct db_rows rows;
	int found = -1;

	if (db_query(s->db, &rows, f, sql, "ii", item, run) == 0)
		found = db_next(&rows, f);
	if (found == 1) {
		out->run = db_int(&rows, 0);
		out->pos = db_int(&rows, 1);
		out->ref = db_text_dup(&rows, 2);
		out->run_state = db_text_dup(&rows, 3);
	}
	db_end(&rows);
	return found;
}

/*
 * An engine at work knows its items by heart and would not see a change of theirs. One that was
 * held has ended: often for these very items.
 */
static int
is_at_work(const char *run_state)
{
	assert(run_state); /* NOT NULL in the schema */
	return !strcmp(run_state, "running") || !strcmp(run_state, "stopping");
}

/* All but the steps that are done begin anew; proofs and finally belong to the end. */
static int
queue_again(struct session *s, const struct place *at, struct fault *f)
{
	static const char steps[] =
	    "UPDATE step SET state = 'pending', tries = 0, base = 0, due = NULL, ended = NULL"
	    " WHERE run = $1 AND pos = $2 AND (state <> 'done' OR step < 0 OR step >= $3)";
	static const char items[] =
	    "UPDATE run_item SET state = 'queued', reason = NULL, ended = NULL, outcome = NULL"
	    " WHERE run = $1 AND pos = $2 AND state IN ('kicked', 'undone')";
	static const char runs[] =
	    "UPDATE run SET state = 'paused', why = 'items to retry', kicked = kicked - 1,"
	    " ended = NULL WHERE id = $1";

	if (is_at_work(at->run_state))
		return fault_set(f, FAULT_BUSY,
		    "%s: run %" PRId64 " is %s; pause it first, or retry when it has ended",
		    at->ref, at->run, at->run_state);
	if (!strcmp(at->run_state, "cancelled"))
		return fault_set(f, FAULT_BAD,
		    "%s: run %" PRId64 " was cancelled; drop it here and make a new plan", at->ref,
		    at->run);
	if (db_run(s->db, f, steps, "iii", at->run, at->pos, (int64_t)STEP_PROOF_AFTER) < 0 ||
	    db_run(s->db, f, items, "ii", at->run, at->pos) < 0 ||
	    db_run(s->db, f, runs, "i", at->run) < 0)
		return -1;
	return 0;
}

static int
add_event(struct session *s, const struct place *at, enum kicked_state state, struct fault *f)
{
	char event[32];
	struct str body = STR_INIT;
	int rc;

	snprintf(event, sizeof(event), "kicked.%s", kicked_words[state]);
	jtext_open(&body);
	jtext_text(&body, "item", at->ref);
	jtext_text(&body, "actor", s->actor);
	jtext_text(&body, "reason", s->reason);
	jtext_close(&body);
	rc = chain_put(s->db, at->run, event, body.text, f);
	str_done(&body);
	return rc;
}

static int
settle(struct session *s, const struct place *at, enum kicked_state state, struct fault *f)
{
	static const char kicked[] = "UPDATE kicked SET state = $3, settled = $4, actor = $5,"
				     " note = $6 WHERE run = $1 AND pos = $2 AND state = 'open'";
	static const char item[] = "UPDATE run_item SET state = 'ok' WHERE run = $1 AND pos = $2"
				   " AND state IN ('kicked', 'undone')";
	int64_t now = when_now();

	if (db_run(s->db, f, kicked, "iisiss", at->run, at->pos, kicked_words[state], now, s->actor,
		s->reason) < 0)
		return -1;
	if (state == KICKED_RETRIED && queue_again(s, at, f) < 0)
		return -1;
	if (state == KICKED_DONE && db_run(s->db, f, item, "ii", at->run, at->pos) < 0)
		return -1;
	return add_event(s, at, state, f);
}

int64_t
kicked_settle(
    struct session *s, int64_t item, int64_t run, enum kicked_state state, struct fault *f)
{
	struct place at = {0};
	int found = find_open(s, item, run, &at, f);

	if (found == 0)
		found = fault_set(f, FAULT_NO, "not kicked out, or settled already");
	if (found == 1 && settle(s, &at, state, f) < 0)
		found = -1;
	free(at.ref);
	free(at.run_state);
	return found < 0 ? -1 : at.run;
}
