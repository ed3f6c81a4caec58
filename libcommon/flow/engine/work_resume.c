/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/each.h"
#include "flow/engine/engine.h"
#include "flow/engine/once.h"
#include "flow/engine/task_inside.h"

#include <string.h>

static enum task_state
state_of(const char *word)
{
	int state = 0;

	while (task_words[state] && strcmp(task_words[state], word) != 0)
		state++;
	return (enum task_state)state;
}

static enum purpose
purpose_of(const char *word)
{
	int purpose = PURPOSE_PROOF;

	while (word && purpose && strcmp(purpose_words[purpose], word) != 0)
		purpose--;
	return word ? (enum purpose)purpose : PURPOSE_ACT;
}

static enum result
result_of(const char *outcome, enum task_state state)
{
	int result = RESULT_UNKNOWN;

	if (!outcome)
		return state == TASK_FAILED || state == TASK_UNKNOWN ? RESULT_UNKNOWN : RESULT_DONE;
	while (result && strcmp(result_word((enum result)result), outcome) != 0)
		result--;
	return (enum result)result;
}

static struct task *
task_of(struct work *w, int64_t step, int element)
{
	if (w->phase == PHASE_ONCE)
		return once_task(w->engine, step);
	if (step == STEP_PROOF_BEFORE)
		return work_beside(w, TASK_BEFORE);
	if (step == STEP_PROOF_AFTER)
		return work_beside(w, TASK_AFTER);
	if (step == STEP_FINALLY)
		return work_beside(w, TASK_FINALLY);
	return element ? each_want(&w->tasks[step], element) : &w->tasks[step];
}

static void
from_row(struct task *t, struct task_past *past, const struct db_rows *rows)
{
	t->state = state_of(db_text(rows, 2));
	t->is_stored = 1;
	t->slot = t->tried = db_int(rows, 3);
	t->tries = db_int(rows, 4);
	t->due = db_int(rows, 5);
	t->output = db_text_dup(rows, 6);
	t->started = db_int(rows, 7);
	t->ended = db_int(rows, 8);
	t->base = db_int(rows, 9);
	t->pass = db_int(rows, 10);
	past->task = t;
	past->purpose = purpose_of(db_text(rows, 11));
	past->boot = db_text_dup(rows, 12);
	past->deadline = db_int(rows, 13);
	t->result = result_of(db_text(rows, 14), t->state);
	t->outcome.status = (int)db_int(rows, 15);
	if (t->state == TASK_FAILED && !t->slot)
		t->result = RESULT_FAILED;
	/* A verify that did not say no could not tell. */
	if (t->state == TASK_FAILED && past->purpose == PURPOSE_VERIFY && t->outcome.status != 1)
		t->result = RESULT_UNKNOWN;
	t->purpose = past->purpose;
	t->is_settling = t->state == TASK_UNKNOWN && task_can_settle(t);
}

int
work_read_tasks(struct work *w, struct task_pasts *pasts, struct fault *f)
{
	static const char sql[] =
	    "SELECT s.step, s.element, s.state, s.attempt, s.tries, s.due, s.output, s.started,"
	    " s.ended, s.base, s.pass, a.purpose, a.boot, a.deadline, a.outcome, a.status"
	    " FROM step AS s LEFT JOIN attempt AS a ON a.run = s.run AND a.slot = s.attempt"
	    " WHERE s.run = $1 AND s.pos = $2";
	struct engine *e = w->engine;
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "ii", e->run.id, w->pos);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		from_row(
		    task_of(w, db_int(&rows, 0), (int)db_int(&rows, 1)), vec_add(pasts), &rows);
	db_end(&rows);
	return more;
}

void
task_pasts_done(struct task_pasts *pasts)
{
	for (size_t i = 0; i < pasts->n; i++)
		free(pasts->v[i].boot);
	vec_done(pasts);
}

/*
 * Whether the item was given up for this one rather than for the other. Of two that failed in
 * one millisecond it was not for the one that would have been tried again otherwise.
 */
static int
is_first_failure(const struct task *t, const struct task *other)
{
	const struct step *s = other ? task_step(other) : NULL;

	if (!other || t->ended != other->ended)
		return !other || t->ended < other->ended;
	return s && retry_again(&s->retry, other->result, other->tries - other->base);
}

/* What is going on, which failed first. */
static void
take_stock(struct work *w, const struct task_pasts *pasts)
{
	for (size_t i = 0; i < pasts->n; i++) {
		struct task *t = pasts->v[i].task;

		if (task_is_fatal(t) && is_first_failure(t, w->failing))
			w->failing = t;
		w->undo_failed |= t->state == TASK_UNDO_FAILED;
		if (t->state != TASK_PENDING && !task_is_over(t))
			w->busy++;
	}
}

/* Steps with for_each that have begun, which no row of their own says. */
static int
reopen(struct work *w, struct fault *f)
{
	int rc = 0;

	work_count(w);
	for (size_t i = 0; i < w->ready.n && rc == 0; i++)
		if (w->ready.v[i]->each)
			rc = each_resume(w->ready.v[i], f);
	return rc;
}

int
work_resume(struct work *w, struct fault *f)
{
	struct task_pasts pasts = {0};
	int rc;

	if (work_load(w, f) < 0)
		return -1;
	w->state = WORK_ACTIVE;
	w->phase = PHASE_PROOF;
	work_make(w);
	work_set_limit(w, w->started);
	rc = work_read_tasks(w, &pasts, f);
	if (rc == 0) {
		take_stock(w, &pasts);
		rc = reopen(w, f);
	}
	for (size_t i = 0; i < pasts.n && rc == 0; i++)
		task_resume(pasts.v[i].task, &pasts.v[i]);
	task_pasts_done(&pasts);
	engine_move(w->engine, w);
	return rc;
}
