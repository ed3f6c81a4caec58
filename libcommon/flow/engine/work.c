/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/work.h"

#include "base/when.h"
#include "flow/engine/budget.h"
#include "flow/engine/each.h"
#include "flow/engine/engine.h"
#include "flow/engine/kick.h"
#include "flow/people/remedy.h"

#include <string.h>

/* ---- what belongs to an item ---- */

struct task *
work_beside(const struct work *w, int which)
{
	return &w->tasks[w->engine->workflow.steps.n + (size_t)which];
}

void
work_make(struct work *w)
{
	static const int beside[TASKS_BESIDE] = {[TASK_BEFORE] = STEP_PROOF_BEFORE,
	    [TASK_AFTER] = STEP_PROOF_AFTER,
	    [TASK_FINALLY] = STEP_FINALLY};
	const struct workflow *flow = &w->engine->workflow;
	size_t n = flow->steps.n;

	w->ntasks = n + TASKS_BESIDE;
	w->tasks = mem_zero(w->ntasks, sizeof(*w->tasks));
	for (size_t i = 0; i < n; i++) {
		task_init(&w->tasks[i], w, (int)i);
		w->tasks[i].each = each_new(&w->tasks[i]);
	}
	for (size_t i = 0; i < TASKS_BESIDE; i++)
		task_init(&w->tasks[n + i], w, beside[i]);
}

void
work_let_go(struct work *w)
{
	for (size_t i = 0; w->tasks && i < w->ntasks; i++)
		task_done(&w->tasks[i]);
	free(w->tasks);
	w->tasks = NULL;
	vec_done(&w->ready);
	w->next = 0;
	free(w->uses);
	free(w->check);
	w->uses = w->check = NULL;
}

void
work_done(struct work *w)
{
	work_let_go(w);
	free(w->ref);
	w->ref = NULL;
}

void
work_forget(struct work *w)
{
	work_let_go(w);
	*w = (struct work){.engine = w->engine,
	    .pos = w->pos,
	    .item = w->item,
	    .wave = w->wave,
	    .ref = w->ref,
	    .is_moved = w->is_moved,
	    .is_blocked = w->is_blocked};
}

const char *
work_result(const struct work *w)
{
	if (w->failing)
		return w->is_undone && !w->undo_failed ? "undone" : "kicked";
	return w->is_cancelled ? "cancelled" : "ok";
}

struct jtext
work_output(const char *step, void *ctx)
{
	const struct task *own = ctx;
	const struct work *w = own->work;
	int n = workflow_step(&w->engine->workflow, step);
	const char *output = n < 0 ? NULL : n == own->step ? own->output : w->tasks[n].output;

	return output ? JTEXT(output) : (struct jtext){0};
}

void
work_values(struct task *t, struct template_values *out)
{
	const struct work *w = t->work;

	*out = (struct template_values){.uses = w->uses ? JTEXT(w->uses) : (struct jtext){0},
	    .result = w->phase == PHASE_FINALLY ? work_result(w)
		      : w->phase == PHASE_ONCE  ? run_words[w->engine->goal]
						: NULL,
	    .each = t->element ? each_value(t) : (struct jtext){0},
	    .output = work_output,
	    .ctx = t};
}

struct str
work_event(const struct work *w, const struct task *t)
{
	struct str body = STR_INIT;

	jtext_open(&body);
	jtext_text(&body, "item", w->ref);
	if (t)
		jtext_text(&body, "step", task_name(t));
	return body;
}

static void
say(const struct work *w, const char *word, struct str *body)
{
	jtext_close(body);
	journal_event(&w->engine->journal, w->pos, word, str_take(body));
}

/* ---- beginning ---- */

static int
load(struct work *w, struct fault *f)
{
	static const char sql[] = "SELECT uses, check_name, finding, started FROM run_item"
				  " WHERE run = $1 AND pos = $2";
	struct engine *e = w->engine;
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "ii", e->run.id, w->pos);

	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		w->uses = db_text_dup(&rows, 0);
		w->check = db_text_dup(&rows, 1);
		w->finding = db_int(&rows, 2);
		w->started = db_int(&rows, 3);
	}
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

int
work_load(struct work *w, struct fault *f)
{
	if (!w->uses && load(w, f) < 0)
		return -1;
	return 0;
}

int
work_begin(struct work *w, struct fault *f)
{
	static const char active[] = "UPDATE run_item SET state = 'active', started = $3"
				     " WHERE run = $1 AND pos = $2 AND state = 'queued'";
	struct journal *j = &w->engine->journal;
	struct task_pasts pasts = {0};
	struct str body;
	int rc;

	w->state = WORK_ACTIVE;
	w->phase = PHASE_PROOF;
	work_make(w);
	rc = w->started ? work_read_tasks(w, &pasts, f) : 0;
	task_pasts_done(&pasts);
	if (rc < 0)
		return -1;
	work_count(w);
	work_set_limit(w, 0);
	budget_claim(w);
	journal_write(j, w->pos, active, "iii", j->run, w->pos, when_now());
	body = work_event(w, NULL);
	jtext_int(&body, "wave", w->wave);
	say(w, "item.start", &body);
	engine_move(w->engine, w);
	return 0;
}

/* ---- its time ---- */

void
work_set_limit(struct work *w, int64_t started)
{
	int64_t limit = w->engine->workflow.item_limit;
	int64_t gone = started ? when_now() - started : 0;

	/* A clock that was set back makes it no longer than it is. */
	w->until = limit ? when_boot() + limit - (gone < 0 ? 0 : gone) : 0;
}

int
work_is_late(const struct work *w, int64_t delay)
{
	return w->until && when_boot() + delay >= w->until;
}

/* ---- the end ---- */

/* The proof before has found it wrong, or it would not have got so far: see remedy.h. */
static enum remedy_outcome
outcome_of(const struct work *w)
{
	const struct task *t = w->failing;

	if (!work_has_proof(w) || w->is_cancelled)
		return REMEDY_NONE;
	if (!t)
		return REMEDY_FIXED;
	if (t->step == STEP_PROOF_BEFORE)
		return REMEDY_NONE;
	if (t->step != STEP_PROOF_AFTER)
		return REMEDY_FAILED;
	return task_found_wrong(t) ? REMEDY_NOT_FIXED : REMEDY_WORSE;
}

void
work_end(struct work *w)
{
	static const char sql[] =
	    "UPDATE run_item SET state = $3, reason = $4, ended = $5, outcome = $6"
	    " WHERE run = $1 AND pos = $2 AND state = 'active'";
	static const char unlock[] = "DELETE FROM item_lock WHERE item = $1 AND run = $2";
	struct engine *e = w->engine;
	const char *result = work_result(w), *outcome = remedy_words[outcome_of(w)];
	struct str why = STR_INIT, body = work_event(w, NULL);

	if (w->failing)
		kick(w, &why);
	journal_write(&e->journal, w->pos, sql, "iissis", e->run.id, w->pos, result, why.text,
	    when_now(), outcome);
	journal_write(&e->journal, w->pos, unlock, "ii", w->item, e->run.id);
	if (w->failing)
		jtext_text(&body, "step", task_name(w->failing));
	jtext_text(&body, "why", why.text);
	jtext_text(&body, "outcome", outcome);
	say(w,
	    w->failing        ? w->is_undone && !w->undo_failed ? "item.undone" : "item.kick"
	    : w->is_cancelled ? "item.cancel"
			      : "item.ok",
	    &body);
	str_done(&why);
	engine_item_over(e, w,
	    w->failing        ? WORK_KICKED
	    : w->is_cancelled ? WORK_CANCELLED
			      : WORK_OK);
}

/* ---- over without a step ---- */

static void
end_early(struct work *w, const char *state, const char *reason)
{
	static const char sql[] = "UPDATE run_item SET state = $3, reason = $4, ended = $5"
				  " WHERE run = $1 AND pos = $2 AND state IN ('queued', 'active')";
	static const char unlock[] = "DELETE FROM item_lock WHERE item = $1 AND run = $2";
	struct journal *j = &w->engine->journal;

	journal_write(j, w->pos, sql, "iissi", j->run, w->pos, state, reason, when_now());
	if (w->state == WORK_ACTIVE)
		journal_write(j, w->pos, unlock, "ii", w->item, j->run);
}

void
work_skip(struct work *w, const char *reason)
{
	struct engine *e = w->engine;
	struct str body = work_event(w, NULL);

	jtext_text(&body, "why", reason);
	if (e->is_dry) {
		jtext_close(&body);
		journal_would(&e->journal, "would.skip", str_take(&body));
	} else {
		say(w, "item.skip", &body);
	}
	end_early(w, "skipped", reason);
	w->was_right = !strcmp(reason, WORK_NOT_WRONG);
	engine_item_over(e, w, WORK_SKIPPED);
}

void
work_drop(struct work *w)
{
	end_early(w, "cancelled", NULL);
	w->engine->run.cancelled++;
	w->state = WORK_OVER;
}
