/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/once.h"

#include "flow/engine/engine.h"
#include "flow/engine/hours.h"
#include "flow/engine/task_inside.h"

enum { ONCE_BEFORE, ONCE_AFTER, ONCE_TASKS };

void
once_init(struct engine *e)
{
	struct work *w = &e->once;

	*w = (struct work){.engine = e, .pos = -1, .state = WORK_ACTIVE, .phase = PHASE_ONCE};
	w->tasks = mem_zero(ONCE_TASKS, sizeof(*w->tasks));
	w->ntasks = ONCE_TASKS;
	task_init(&w->tasks[ONCE_BEFORE], w, STEP_RUN_BEFORE);
	task_init(&w->tasks[ONCE_AFTER], w, STEP_RUN_AFTER);
}

struct task *
once_task(struct engine *e, int64_t step)
{
	return &e->once.tasks[step == STEP_RUN_BEFORE ? ONCE_BEFORE : ONCE_AFTER];
}

int
once_resume(struct engine *e, struct fault *f)
{
	struct work *w = &e->once;
	struct task_pasts pasts = {0};
	int rc = work_read_tasks(w, &pasts, f);

	for (size_t i = 0; i < pasts.n && rc == 0; i++) {
		struct task *t = pasts.v[i].task;

		if (t->state != TASK_PENDING && !task_is_over(t))
			w->busy++;
		if (t->state == TASK_FAILED && t->step == STEP_RUN_BEFORE)
			task_again(t);
		task_resume(t, &pasts.v[i]);
	}
	task_pasts_done(&pasts);
	return rc;
}

/* Why it is not done, to be freed. */
static char *
reason_of(const struct task *t)
{
	struct str why = STR_INIT;

	str_addf(&why, "%s: ", task_name(t));
	task_reason(t, &why);
	return str_take(&why);
}

int
once_before(struct engine *e)
{
	struct task *t = &e->once.tasks[ONCE_BEFORE];
	char *why;

	if (!e->workflow.before.argv.n || t->state == TASK_DONE)
		return 1;
	if (t->state == TASK_PENDING && hours_open(e))
		task_begin(t);
	if (t->state == TASK_FAILED || t->state == TASK_UNKNOWN) {
		why = reason_of(t);
		engine_stop(e, ENGINE_CLOSE_DOWN, RUN_TRIPPED, why);
		free(why);
	}
	return t->state == TASK_DONE;
}

int
once_after(struct engine *e)
{
	struct task *t = &e->once.tasks[ONCE_AFTER];
	int is_end =
	    e->goal == RUN_DONE || e->goal == RUN_DONE_WITH_KICKED || e->goal == RUN_CANCELLED;

	if (e->once.busy)
		return 0;
	if (!is_end || !e->workflow.after.argv.n)
		return 1;
	if (t->state == TASK_PENDING) {
		task_begin(t);
		return 0;
	}
	if (t->state != TASK_DONE && !e->why)
		e->why = reason_of(t);
	return 1;
}
