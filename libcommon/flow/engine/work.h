/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An item's way through a run: proof that it is still wrong, the steps, proof that it is
 * right, finally, the end. What fails here never touches another item.
 */
#ifndef FLOW_ENGINE_WORK_H
#define FLOW_ENGINE_WORK_H

#include "flow/engine/task.h"

enum work_state { WORK_QUEUED, WORK_ACTIVE, WORK_OVER };

/* How it ended; an undone item counts as kicked, which it is as well. */
enum work_end { WORK_OK, WORK_KICKED, WORK_SKIPPED, WORK_CANCELLED };

/* ONCE is of the work of no item, see once.h. */
enum work_phase {
	PHASE_PROOF,
	PHASE_STEPS,
	PHASE_PROOF_AGAIN,
	PHASE_UNDO,
	PHASE_FINALLY,
	PHASE_ONCE
};

/* Places in tasks: the steps first. */
enum { TASK_BEFORE, TASK_AFTER, TASK_FINALLY, TASKS_BESIDE };

struct work {
	struct engine *engine;
	int64_t pos, item, wave;
	char *ref;
	enum work_state state;
	int is_moved;   /* is in engine.moved */
	int is_blocked; /* that its item is another run's was said */

	/* while active */
	enum work_phase phase;
	char *uses, *check;
	int64_t finding, started; /* 0: never yet */
	struct task *tasks;       /* steps, then TASKS_BESIDE more */
	size_t ntasks;
	VEC(struct task *) ready; /* all they need is there, or was when they were put here */
	size_t next;              /* of ready */
	size_t over;              /* steps */
	int busy;                 /* tasks that will come to an end by themselves */
	struct task *failing;     /* the first that was fatal */
	int is_cancelled, is_undone, undo_failed, was_right;
	int64_t until; /* boot clock: its time limit; 0: none */
	int is_late;   /* which has passed */
};

/* What its plan froze for it; needed before all else. */
int work_load(struct work *w, struct fault *f);

/*
 * An item that was admitted: everything it starts with is put off to the journal. If people
 * have sent it back into the run, what it has done stays done.
 */
int work_begin(struct work *w, struct fault *f);

/* The same for one that was active when the last engine ended. */
int work_resume(struct work *w, struct fault *f);

/* Goes on as far as it can: called in each turn in which something of it moved. */
void work_go(struct work *w);

/* A task of it has come to an end, or will after all not. */
void work_task_over(struct work *w, struct task *t);

/* No more steps: what is done is undone if so wished, then finally. */
void work_cancel(struct work *w);

/* It was not started after all. */
void work_forget(struct work *w);

/* Admitted, and over before its first step, by that reason. */
void work_skip(struct work *w, const char *reason);

/* The reason of one whose proof says so: it is as it should be. */
#define WORK_NOT_WRONG "no longer wrong"

/* Never admitted, and never will be: the run is cancelled. */
void work_drop(struct work *w);

void work_done(struct work *w);

struct task *work_beside(const struct work *w, int which);

/* Lets go of all but what names it. */
void work_let_go(struct work *w);

/* "ok", "kicked", "undone", "cancelled": what {result} says, and table run_item. */
const char *work_result(const struct work *w);

/* What the templates of one of its tasks see; and what a step printed, {NULL, 0} for nothing. */
struct template_values;
void work_values(struct task *t, struct template_values *out);
struct jtext work_output(const char *step, void *task);

/* An event's body with its item: add members, close it, and give its text to the journal. */
struct str work_event(const struct work *w, const struct task *t);

/* ---- for the files of this room ---- */

void work_make(struct work *w); /* its tasks, all pending */
void work_end(struct work *w);  /* after finally */

/* Whether it is judged before its first step and after its last. */
int work_has_proof(const struct work *w);

/* Its steps, each followed by its elements: NULL after the last. */
struct work_walk {
	size_t step, element;
};
struct task *work_next(const struct work *w, struct work_walk *walk);

/* Its tasks as their rows say; and of each row what task_resume wants. */
int work_read_tasks(struct work *w, struct task_pasts *pasts, struct fault *f);

/* Which steps are over, what each still needs, and which are ready, by their states. */
void work_count(struct work *w);

/* Whether steps may begin now. */
int work_may_begin(const struct work *w);

/* The done one that ended last and has an undo. among: by step; NULL: of all. */
struct task *work_last_done(const struct work *w, const char *among);

/* Its time begins, or began when it was started (wall clock). */
void work_set_limit(struct work *w, int64_t started);

/* Whether its time limit will have passed in so many ms. */
int work_is_late(const struct work *w, int64_t delay);

#endif
