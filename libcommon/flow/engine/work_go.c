/* SPDX-License-Identifier: Apache-2.0 */
/* An item's way from phase to phase. */
#include "flow/engine/each.h"
#include "flow/engine/engine.h"
#include "flow/engine/rewind.h"
#include "flow/engine/task_inside.h"

/* ---- steps and what they need ---- */

struct task *
work_next(const struct work *w, struct work_walk *walk)
{
	struct task *t;

	if (walk->step && (t = each_task(w->tasks[walk->step - 1].each, walk->element)))
		walk->element++;
	else if (walk->step < w->engine->workflow.steps.n) {
		walk->element = 0;
		t = &w->tasks[walk->step++];
	} else {
		t = NULL;
	}
	return t;
}

static int
is_met(const struct task *t)
{
	return t->state == TASK_DONE || t->state == TASK_SKIPPED ||
	       (t->state == TASK_FAILED && !task_is_fatal(t));
}

static void
want(struct work *w, struct task *t)
{
	if (!t->needs && t->state == TASK_PENDING)
		vec_push(&w->ready, t);
}

/* What has been undone was done: what needs it may have been undone as well, or not. */
void
work_count(struct work *w)
{
	const struct graph *g = &w->engine->workflow.graph;

	w->over = w->ready.n = w->next = 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct graph_node *node = &g->nodes[i];
		struct task *t = &w->tasks[i];

		w->over += task_is_over(t) != 0;
		t->needs = node->needs.n;
		for (size_t j = 0; j < node->needs.n; j++) {
			const struct task *need = &w->tasks[node->needs.v[j]];

			t->needs -= is_met(need) || need->state >= TASK_UNDOING;
		}
		want(w, t);
	}
}

static void
meet(struct work *w, size_t step)
{
	const struct graph_node *node = &w->engine->workflow.graph.nodes[step];

	for (size_t i = 0; i < node->next.n; i++) {
		struct task *next = &w->tasks[node->next.v[i]];

		next->needs--;
		want(w, next);
	}
}

int
work_may_begin(const struct work *w)
{
	return !w->failing && !w->is_cancelled && w->engine->will < ENGINE_DRAIN &&
	       !rewind_is_wanted(w);
}

static void
give_up_waiting(struct work *w)
{
	struct work_walk walk = {0};
	struct task *t;

	while ((t = work_next(w, &walk)))
		if (t->state == TASK_BACKOFF)
			task_cancel(t);
		else if (t->each)
			each_go(t);
}

/* A step of the item's, of which it is known now what came of it. */
static void
step_over(struct work *w, struct task *t)
{
	int is_first = task_is_fatal(t) && !w->failing;

	if (!t->element) {
		w->over++;
		if (is_met(t))
			meet(w, (size_t)t->step);
	}
	if (is_first)
		w->failing = t;
	if (t->element)
		each_task_over(t);
	if (is_first)
		give_up_waiting(w);
}

void
work_task_over(struct work *w, struct task *t)
{
	w->busy--;
	if (task_step(t) && t->purpose != PURPOSE_UNDO && task_is_over(t)) {
		step_over(w, t);
		return;
	}
	if (task_is_fatal(t) && !w->failing)
		w->failing = t;
	if (task_step(t) && t->element)
		each_task_over(t);
	else if (task_step(t))
		want(w, t);
}

void
work_cancel(struct work *w)
{
	w->is_cancelled = 1;
	give_up_waiting(w);
	engine_move(w->engine, w);
}

int
work_has_proof(const struct work *w)
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
	if (!work_has_proof(w))
		return to_phase(w, PHASE_STEPS);
	if (!go_through(t))
		return 0;
	if (t->state == TASK_DONE && t->result == RESULT_DONE) {
		work_skip(w, WORK_NOT_WRONG);
		return 0;
	}
	return w->failing ? begin_end(w) : to_phase(w, PHASE_STEPS);
}

static void
begin_ready(struct work *w)
{
	while (w->next < w->ready.n && work_may_begin(w)) {
		struct task *t = w->ready.v[w->next++];

		if (t->state == TASK_PENDING)
			task_begin(t);
	}
}

/* After a step has gone back: the elements of another that waited for that. */
static void
go_elements(struct work *w)
{
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++)
		if (w->tasks[i].each)
			each_go(&w->tasks[i]);
}

static int
go_steps(struct work *w)
{
	while (!w->failing && !w->is_cancelled && rewind_is_wanted(w)) {
		if (!rewind_go(w))
			return 0;
		go_elements(w);
	}
	begin_ready(w);
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

	if (work_has_proof(w) && !w->is_cancelled && !go_through(t))
		return 0;
	return w->busy ? 0 : begin_end(w);
}

struct task *
work_last_done(const struct work *w, const char *among)
{
	const struct graph *g = &w->engine->workflow.graph;
	struct task *last = NULL;

	/* Of two in one millisecond the one that needs the other ended last. */
	for (size_t i = 0; w->tasks && i < g->n; i++) {
		struct task *t = &w->tasks[g->order[i]], *element;

		if ((among && !among[t->step]) || !task_step(t)->undo.argv.n)
			continue;
		if (!t->each && t->state == TASK_DONE && (!last || t->ended >= last->ended))
			last = t;
		for (size_t j = 0; (element = each_task(t->each, j)); j++)
			if (element->state == TASK_DONE && (!last || element->ended >= last->ended))
				last = element;
	}
	return last;
}

static int
go_undo(struct work *w)
{
	struct work_walk walk = {0};
	struct task *t;

	if (w->busy)
		return 0;
	while ((t = work_next(w, &walk)))
		w->undo_failed |= t->state == TASK_UNDO_FAILED;
	t = w->undo_failed ? NULL : work_last_done(w, NULL);
	if (!t) {
		w->is_undone = 1;
		return to_phase(w, PHASE_FINALLY);
	}
	task_undo(t);
	return 1;
}

static int
go_finally(struct work *w)
{
	if (w->engine->workflow.finally.argv.n && !go_through(work_beside(w, TASK_FINALLY)))
		return 0;
	work_end(w);
	return 0;
}

/* Who steers the run looks at it. */
static int
go_once(struct work *w)
{
	(void)w;
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
	    [PHASE_ONCE] = go_once,
	};

	while (w->state == WORK_ACTIVE && w->engine->will < ENGINE_DRAIN && go[w->phase](w))
		;
}
