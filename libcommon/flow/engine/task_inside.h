/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that make up a task share: task.c (states and words), task_begin.c (when,
 * undo), task_try.c (one try, from its intent to its start), task_end.c (what became of it,
 * and the next try), task_doubt.c (what cannot be known, and resume).
 */
#ifndef FLOW_ENGINE_TASK_INSIDE_H
#define FLOW_ENGINE_TASK_INSIDE_H

#include "flow/engine/call.h"
#include "flow/engine/engine.h"
#include "flow/engine/work.h"

/* ---- task.c ---- */

struct journal *task_journal(const struct task *t);
void task_drop_attempt(struct task *t);

/* Whether an attempt for this purpose runs under the guard: what may not run twice does. */
int task_is_guarded(const struct task *t, enum purpose purpose);

/* Which try it is at. */
int64_t task_attempt(const struct task *t);

/* Whether it is an attempt without a program: of the action none. */
int task_is_none(const struct task *t, enum purpose purpose);

/* An exit status that answers a question: 0 yes, 1 no; all else cannot tell. */
int task_is_answer(const struct outcome *o, enum result result);

/* The one place where a state changes: the row must be in the state that is left. */
void task_enter(struct task *t, enum task_state state);

/* The same for a state in which its work is told. */
void task_over(struct task *t, enum task_state state);

/* Closes the body, and puts off the event. */
void task_say(const struct task *t, const char *word, struct str *body);
void task_say_start(const struct task *t, const char *word);
void task_say_end(const struct task *t, const char *word);

/* ---- task_try.c ---- */

/* Makes the call and intends it; what cannot be made ready has failed. */
void task_try(struct task *t, enum purpose purpose);
void task_unready(struct task *t, const struct fault *f);

/* Whether the item's time limit will have passed in so many ms; then that is its reason. */
int task_out_of_time(struct task *t, int64_t delay);

/* Its call is made: a slot, the rows, and the list of starts. */
void task_intend(struct task *t, enum task_state state);

void task_store_restart(struct task *t);
void task_store_end(
    struct task *t, const char *state, const char *outcome, const struct outcome *o);

/* The first try of an undo, or another. */
void task_try_undo(struct task *t);

/* ---- task_begin.c ---- */

/* An undo has ended otherwise than well. */
void task_undo_failed(struct task *t);

void task_undo_over(struct task *t, enum task_state state, const char *why);

/* ---- task_end.c ---- */

void task_finish(struct task *t);
void task_fail(struct task *t);
void task_wait(struct task *t, int64_t delay); /* then tries again */

/* The delay before retry k, drawn. */
int64_t task_draw(const struct retry *r, int64_t k);

/* ---- task_doubt.c ---- */

/*
 * It began, and what became of it cannot be known. Never run again by itself unless that is
 * harmless, or verify says that it has to be.
 */
void task_doubt(struct task *t, const char *why);
void task_cleared(struct task *t); /* nothing of the doubtful try lives any more */

/* Verify has ended. */
void task_verified(struct task *t, const struct outcome *o, enum result result);

/* We ended it, or somebody did, and verify can tell whether it had done its work by then. */
int task_asks_verify(const struct task *t);
void task_verify_first(struct task *t);

#endif
