/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One step of one item, or one of its proofs, or its finally: all go through the same states,
 * attempts and doubts.
 *
 *	pending > running > done | failed | backoff | unknown      backoff > running
 *	pending > skipped      unknown > running | done | failed      done > undoing > undone
 */
#ifndef FLOW_ENGINE_TASK_H
#define FLOW_ENGINE_TASK_H

#include "exec/attempt.h"
#include "exec/plugin.h"
#include "exec/timer.h"
#include "flow/plan/workflow.h"

struct work;

/* The words of table step, by value. */
enum task_state {
	TASK_PENDING,
	TASK_RUNNING,
	TASK_DONE,
	TASK_FAILED,
	TASK_BACKOFF,
	TASK_UNKNOWN,
	TASK_SKIPPED,
	TASK_CANCELLED,
	TASK_UNDOING,
	TASK_UNDONE,
	TASK_UNDO_FAILED,
	TASK_STATES
};

extern const char *const task_words[TASK_STATES + 1];

/* The words of table attempt. */
enum purpose { PURPOSE_ACT, PURPOSE_VERIFY, PURPOSE_UNDO, PURPOSE_PROOF };

extern const char *const purpose_words[];

struct task {
	struct work *work;
	int step;          /* as in table step */
	int element;       /* of for_each, from 1; 0: the step itself */
	char *name;        /* of an element: "copy[2]" */
	struct each *each; /* of a step with for_each, which runs nothing itself */
	enum task_state state;
	int is_stored; /* has a row */
	size_t needs;  /* not met yet */
	int64_t tries, due, started, ended;
	int64_t base; /* tries that retry.times does not count; of one that is undone: its undo's */
	int64_t pass; /* how often retry.from has taken it back to its beginning */
	int is_due;   /* its backoff is over, and it goes back to an earlier step: rewind.h */
	int64_t slot; /* of the attempt that the state speaks of */
	int64_t tried; /* of the last try itself: slot may be its verify's */
	int printed;   /* on 1 stdout, 2 stderr, in the last try */
	char *output;  /* the last object it printed, or NULL */

	/* the attempt in hand */
	enum purpose purpose;
	struct attempt *attempt;
	struct plugin_call call; /* until it is started */
	int files[2];            /* stdout, stderr; -1: not open */
	int is_settling;         /* unknown, and something can still tell */
	struct timer timer;      /* of backoff */
	int64_t told;            /* how much of its output was looked at for progress */

	/* how the last try ended */
	enum result result;
	struct outcome outcome;
	char *reason; /* why there was no try */
};

void task_init(struct task *t, struct work *w, int step);
void task_done(struct task *t);

/* The step of the workflow, or NULL for proofs and finally. */
const struct step *task_step(const struct task *t);
const char *task_name(const struct task *t);

/* Whether nothing more will happen to it by itself. */
int task_is_over(const struct task *t);

/* Whether its item is to be given up for it. */
int task_is_fatal(const struct task *t);

/* Of a failed proof: whether it has judged, and found the item wrong. */
int task_found_wrong(const struct task *t);

/* Whether something of it is going on, or may be. */
int task_is_at_work(const struct task *t);

/* Whether a doubt about it can be settled without a person. */
int task_can_settle(const struct task *t);

/* Pending tasks. when: is judged; what cannot be made ready fails. */
void task_begin(struct task *t);

/* A done step, which has an undo. */
void task_undo(struct task *t);

/* What is done, undone or left: pending again, in another pass with its own key. */
void task_again(struct task *t);

/* Room for its output comes before its intent is committed: a start cannot fail for that. */
int task_ready(struct task *t, struct fault *f);

/* After its intent is committed. */
void task_start(struct task *t);

/* In a dry run, instead. */
void task_pretend(struct task *t);

/* Intended, not started, and not to be: as if it had not been intended. */
void task_withdraw(struct task *t);

/* Waits for its next try, which will not be. */
void task_cancel(struct task *t);

/* attempts.settled */
void task_settled(struct attempt *a);

/* What stands in the rows, in a task of a resumed run. */
struct task_past {
	struct task *task;
	enum purpose purpose;
	char *boot;
	int64_t deadline;
};

struct task_pasts VEC_BODY(struct task_past);
void task_pasts_done(struct task_pasts *pasts);
void task_resume(struct task *t, const struct task_past *past);

/* Why it failed, in words for people: "retries used up: exit status 75". */
void task_reason(const struct task *t, struct str *out);

#endif
