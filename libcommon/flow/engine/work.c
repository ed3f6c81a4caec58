/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/work.h"

#include "base/when.h"
#include "flow/engine/engine.h"
#include "flow/engine/kick.h"

#include <string.h>

/* ---- what belongs to an item ---- */

struct task *
work_beside(const struct work *w, int which)
{
	return &w->tasks[w->engine->workflow.steps.n + (size_t)which];
}

size_t
work_tasks(const struct work *w)
{
	return w->engine->workflow.steps.n + TASKS_BESIDE;
}

void
work_make(struct work *w)
{
	static const int beside[TASKS_BESIDE] = {[TASK_BEFORE] = STEP_PROOF_BEFORE,
	    [TASK_AFTER] = STEP_PROOF_AFTER,
	    [TASK_FINALLY] = STEP_FINALLY};
	const struct workflow *flow = &w->engine->workflow;
	size_t n = flow->steps.n;

	w->tasks = mem_zero(work_tasks(w), sizeof(*w->tasks));
	for (size_t i = 0; i < n; i++) {
		task_init(&w->tasks[i], w, (int)i);
		w->tasks[i].needs = flow->graph.nodes[i].needs.n;
	}
	for (size_t i = 0; i < TASKS_BESIDE; i++)
		task_init(&w->tasks[n + i], w, beside[i]);
}

void
work_let_go(struct work *w)
{
	for (size_t i = 0; w->tasks && i < work_tasks(w); i++)
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

static struct jtext
output_of(const char *step, void *ctx)
{
	const struct work *w = ctx;
	int n = workflow_step(&w->engine->workflow, step);

	return n >= 0 && w->tasks[n].output ? JTEXT(w->tasks[n].output) : (struct jtext){0};
}

void
work_values(struct work *w, struct template_values *out)
{
	*out = (struct template_values){.uses = JTEXT(w->uses),
	    .result = w->phase == PHASE_FINALLY ? work_result(w) : NULL,
	    .output = output_of,
	    .ctx = w};
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
	static const char sql[] = "SELECT uses, check_name, finding FROM run_item"
				  " WHERE run = $1 AND pos = $2";
	struct engine *e = w->engine;
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "ii", e->run.id, w->pos);

	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		w->uses = db_text_dup(&rows, 0);
		w->check = db_text_dup(&rows, 1);
		w->finding = db_int(&rows, 2);
	}
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

void
work_find_ready(struct work *w)
{
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++)
		if (!w->tasks[i].needs && w->tasks[i].state == TASK_PENDING)
			vec_push(&w->ready, &w->tasks[i]);
}

int
work_load(struct work *w, struct fault *f)
{
	if (!w->uses && load(w, f) < 0)
		return -1;
	return 0;
}

void
work_begin(struct work *w)
{
	static const char claim[] = "INSERT INTO item_lock (item, run, at) VALUES ($1, $2, $3)"
				    " ON CONFLICT (item) DO NOTHING";
	static const char active[] = "UPDATE run_item SET state = 'active', started = $3"
				     " WHERE run = $1 AND pos = $2 AND state = 'queued'";
	struct journal *j = &w->engine->journal;
	struct str body = work_event(w, NULL);

	w->state = WORK_ACTIVE;
	w->phase = PHASE_PROOF;
	journal_claim(j, w->pos, claim, "iii", w->item, j->run, when_now());
	journal_write(j, w->pos, active, "iii", j->run, w->pos, when_now());
	jtext_int(&body, "wave", w->wave);
	say(w, "item.start", &body);
	work_make(w);
	work_find_ready(w);
	engine_move(w->engine, w);
}

/* ---- going on ---- */

int
work_met(const struct task *t)
{
	return t->state == TASK_DONE || t->state == TASK_SKIPPED ||
	       (t->state == TASK_FAILED && !task_is_fatal(t));
}

void
work_meet(struct work *w, size_t step, int makes_ready)
{
	const struct graph_node *node = &w->engine->workflow.graph.nodes[step];

	for (size_t i = 0; i < node->next.n; i++) {
		struct task *next = &w->tasks[node->next.v[i]];

		if (--next->needs == 0 && makes_ready && next->state == TASK_PENDING)
			vec_push(&w->ready, next);
	}
}

static void
give_up_waiting(struct work *w)
{
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++)
		if (w->tasks[i].state == TASK_BACKOFF)
			task_cancel(&w->tasks[i]);
}

void
work_task_over(struct work *w, struct task *t)
{
	w->busy--;
	if (task_step(t) && t->state == TASK_PENDING)
		vec_push(&w->ready, t);
	if (!task_step(t) || t->purpose == PURPOSE_UNDO || !task_is_over(t)) {
		if (task_is_fatal(t) && !w->failing)
			w->failing = t;
		return;
	}
	w->over++;
	if (work_met(t))
		work_meet(w, (size_t)t->step, 1);
	if (!task_is_fatal(t) || w->failing)
		return;
	w->failing = t;
	give_up_waiting(w);
}

void
work_cancel(struct work *w)
{
	w->is_cancelled = 1;
	give_up_waiting(w);
	engine_move(w->engine, w);
}

static int
has_proof(const struct work *w)
{
	switch (w->engine->workflow.proof_kind) {
	case PROOF_RUN: return 1;
	case PROOF_CHECK: return w->check != NULL;
	case PROOF_NONE: break;
	}
	return 0;
}

/* Begins a task once; 1 when it is over. */
static int
go_through(struct task *t)
{
	if (t->state == TASK_PENDING)
		task_begin(t);
	return task_is_over(t);
}

static int
to_phase(struct work *w, enum work_phase phase)
{
	w->phase = phase;
	return 1;
}

/* Nothing, or not everything, is done: what the end begins with. */
static int
begin_end(struct work *w)
{
	const struct step *s = w->failing ? task_step(w->failing) : NULL;
	int is_undoing = w->is_cancelled && w->engine->undoing;

	if (s && w->failing->state == TASK_FAILED && w->failing->result != RESULT_UNKNOWN)
		is_undoing |= s->otherwise == ELSE_UNDO;
	return to_phase(w, is_undoing ? PHASE_UNDO : PHASE_FINALLY);
}

static int
go_proof(struct work *w)
{
	struct task *t = work_beside(w, TASK_BEFORE);

	if (w->is_cancelled && !w->busy)
		return begin_end(w);
	if (!has_proof(w))
		return to_phase(w, PHASE_STEPS);
	if (!go_through(t))
		return 0;
	if (t->state == TASK_DONE && t->result == RESULT_DONE) {
		work_skip(w, "no longer wrong");
		return 0;
	}
	return w->failing ? begin_end(w) : to_phase(w, PHASE_STEPS);
}

static int
go_steps(struct work *w)
{
	while (w->next < w->ready.n && !w->failing && !w->is_cancelled)
		task_begin(w->ready.v[w->next++]);
	if (w->busy)
		return 0;
	if (w->failing || w->is_cancelled)
		return begin_end(w);
	return w->over == w->engine->workflow.steps.n ? to_phase(w, PHASE_PROOF_AGAIN) : 0;
}

static int
go_proof_again(struct work *w)
{
	struct task *t = work_beside(w, TASK_AFTER);

	if (has_proof(w) && !w->is_cancelled && !go_through(t))
		return 0;
	return w->busy ? 0 : begin_end(w);
}

/* The done step that ended last, and has an undo. */
static struct task *
last_done(const struct work *w)
{
	struct task *last = NULL;

	/* Of two in one millisecond the one that needs the other ended last. */
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++) {
		struct task *t = &w->tasks[w->engine->workflow.graph.order[i]];

		if (t->state == TASK_DONE && task_step(t)->undo.argv.n &&
		    (!last || t->ended >= last->ended))
			last = t;
	}
	return last;
}

static int
go_undo(struct work *w)
{
	struct task *t;

	if (w->busy)
		return 0;
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++)
		w->undo_failed |= w->tasks[i].state == TASK_UNDO_FAILED;
	t = w->undo_failed ? NULL : last_done(w);
	if (!t) {
		w->is_undone = 1;
		return to_phase(w, PHASE_FINALLY);
	}
	task_undo(t);
	return 1;
}

static void
end(struct work *w)
{
	static const char sql[] = "UPDATE run_item SET state = $3, reason = $4, ended = $5"
				  " WHERE run = $1 AND pos = $2 AND state = 'active'";
	static const char unlock[] = "DELETE FROM item_lock WHERE item = $1 AND run = $2";
	struct engine *e = w->engine;
	const char *result = work_result(w);
	struct str why = STR_INIT, body = work_event(w, NULL);

	if (w->failing)
		kick(w, &why);
	journal_write(
	    &e->journal, w->pos, sql, "iissi", e->run.id, w->pos, result, why.text, when_now());
	journal_write(&e->journal, w->pos, unlock, "ii", w->item, e->run.id);
	if (w->failing)
		jtext_text(&body, "step", task_name(w->failing));
	jtext_text(&body, "why", why.text);
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

static int
go_finally(struct work *w)
{
	if (w->engine->workflow.finally.argv.n && !go_through(work_beside(w, TASK_FINALLY)))
		return 0;
	end(w);
	return 0;
}

void
work_go(struct work *w)
{
	static int (*const go[])(struct work *) = {
	    [PHASE_PROOF] = go_proof,
	    [PHASE_STEPS] = go_steps,
	    [PHASE_PROOF_AGAIN] = go_proof_again,
	    [PHASE_UNDO] = go_undo,
	    [PHASE_FINALLY] = go_finally,
	};

	while (w->state == WORK_ACTIVE && w->engine->will < ENGINE_DRAIN && go[w->phase](w))
		;
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
	engine_item_over(e, w, WORK_SKIPPED);
}

void
work_drop(struct work *w)
{
	end_early(w, "cancelled", NULL);
	w->engine->run.cancelled++;
	w->state = WORK_OVER;
}
