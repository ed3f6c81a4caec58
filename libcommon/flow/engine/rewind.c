/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/rewind.h"

#include "exec/crash.h"
#include "flow/engine/each.h"
#include "flow/engine/engine.h"
#include "flow/engine/task_inside.h"

#include <stdlib.h>

void
rewind_want(struct task *t)
{
	t->is_due = 1;
	engine_move(t->work->engine, t->work);
}

/* The step that is due to go back, or NULL. */
static struct task *
due(const struct work *w)
{
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++)
		if (w->tasks[i].is_due && w->tasks[i].state == TASK_BACKOFF)
			return &w->tasks[i];
	return NULL;
}

int
rewind_is_wanted(const struct work *w)
{
	return w->engine->workflow.goes_back && due(w);
}

static void
begin_pass(struct work *w, struct task *by, const char *again)
{
	const struct workflow *flow = &w->engine->workflow;
	struct str body = work_event(w, by);

	jtext_text(&body, "from", task_step(by)->retry.from);
	task_say(by, "step.rewind", &body);
	for (size_t i = 0; i < flow->steps.n; i++) {
		struct task *t = &w->tasks[i];

		if (!again[i])
			continue;
		if (t->each)
			each_again(t);
		else
			task_again(t);
	}
	work_count(w);
	crash_point("engine.rewound");
}

static void
give_up(struct task *by)
{
	by->work->undo_failed = 1;
	by->is_due = 0;
	free(by->reason);
	by->reason = mem_printf(
	    "going back to %s: what was done since could not be undone", task_step(by)->retry.from);
	task_say_end(by, "step.fail");
	task_over(by, TASK_FAILED);
}

/* What of the steps is at work, and whether an undo has failed. */
static void
look(const struct work *w, const char *again, int *at_work, int *undo_failed)
{
	struct work_walk walk = {0};
	struct task *t;

	*at_work = *undo_failed = 0;
	while ((t = work_next(w, &walk))) {
		*at_work |= again[t->step] && task_is_at_work(t) && !t->each;
		*undo_failed |= again[t->step] && t->state == TASK_UNDO_FAILED;
	}
}

int
rewind_go(struct work *w)
{
	struct task *by = due(w), *last;
	int from = workflow_step(&w->engine->workflow, task_step(by)->retry.from);
	char *again = workflow_chain(&w->engine->workflow, (size_t)from);
	int at_work, undo_failed, goes_on = 0;

	look(w, again, &at_work, &undo_failed);
	last = work_last_done(w, again);
	if (undo_failed) {
		give_up(by);
		goes_on = 1;
	} else if (!at_work && last) {
		task_undo(last);
	} else if (!at_work) {
		begin_pass(w, by, again);
		goes_on = 1;
	}
	free(again);
	return goes_on;
}
