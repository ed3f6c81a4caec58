/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/engine.h"
#include "flow/engine/work.h"

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
task_of(struct work *w, int64_t step)
{
	if (step == STEP_PROOF_BEFORE)
		return work_beside(w, TASK_BEFORE);
	if (step == STEP_PROOF_AFTER)
		return work_beside(w, TASK_AFTER);
	return step == STEP_FINALLY ? work_beside(w, TASK_FINALLY) : &w->tasks[step];
}

static void
from_row(struct task *t, struct task_past *past, const struct db_rows *rows)
{
	t->state = state_of(db_text(rows, 1));
	t->is_stored = 1;
	t->slot = t->tried = db_int(rows, 2);
	t->tries = db_int(rows, 3);
	t->due = db_int(rows, 4);
	t->output = db_text_dup(rows, 5);
	t->started = db_int(rows, 6);
	t->ended = db_int(rows, 7);
	past->purpose = purpose_of(db_text(rows, 8));
	past->boot = db_text_dup(rows, 9);
	past->deadline = db_int(rows, 10);
	t->result = result_of(db_text(rows, 11), t->state);
	t->outcome.status = (int)db_int(rows, 12);
	if (t->state == TASK_FAILED && !t->slot)
		t->result = RESULT_FAILED;
	/* A verify that did not say no could not tell. */
	if (t->state == TASK_FAILED && past->purpose == PURPOSE_VERIFY && t->outcome.status != 1)
		t->result = RESULT_UNKNOWN;
	t->purpose = past->purpose;
	t->is_settling = t->state == TASK_UNKNOWN && task_can_settle(t);
}

static int
load_tasks(struct work *w, struct task_past *pasts, struct fault *f)
{
	static const char sql[] =
	    "SELECT s.step, s.state, s.attempt, s.tries, s.due, s.output, s.started, s.ended,"
	    " a.purpose, a.boot, a.deadline, a.outcome, a.status"
	    " FROM step AS s LEFT JOIN attempt AS a ON a.run = s.run AND a.slot = s.attempt"
	    " WHERE s.run = $1 AND s.pos = $2";
	struct engine *e = w->engine;
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "ii", e->run.id, w->pos);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct task *t = task_of(w, db_int(&rows, 0));

		from_row(t, &pasts[t - w->tasks], &rows);
	}
	db_end(&rows);
	return more;
}

/* Which steps are over, what they let go on, which was the first to fail. */
static void
take_stock(struct work *w)
{
	size_t steps = w->engine->workflow.steps.n;

	for (size_t i = 0; i < work_tasks(w); i++) {
		struct task *t = &w->tasks[i];

		if (task_is_fatal(t) && (!w->failing || t->ended < w->failing->ended))
			w->failing = t;
		if (i < steps && task_is_over(t))
			w->over++;
		if (i < steps && (work_met(t) || t->state >= TASK_UNDOING))
			work_meet(w, i, 0);
		w->undo_failed |= t->state == TASK_UNDO_FAILED;
		if (t->state != TASK_PENDING && !task_is_over(t))
			w->busy++;
	}
	work_find_ready(w);
}

int
work_resume(struct work *w, struct fault *f)
{
	struct task_past *pasts;
	int rc;

	if (work_load(w, f) < 0)
		return -1;
	w->state = WORK_ACTIVE;
	w->phase = PHASE_PROOF;
	work_make(w);
	pasts = mem_zero(work_tasks(w), sizeof(*pasts));
	rc = load_tasks(w, pasts, f);
	if (rc == 0)
		take_stock(w);
	for (size_t i = 0; i < work_tasks(w); i++) {
		if (rc == 0)
			task_resume(&w->tasks[i], &pasts[i]);
		free(pasts[i].boot);
	}
	free(pasts);
	engine_move(w->engine, w);
	return rc;
}
