/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step with for_each: it runs nothing itself, and is over when its elements are. Each of
 * these is a task of its own, with its own row, tries, outcome and undo. The array is not
 * stored: it is what the item was frozen with or an earlier step printed, which both are.
 */
#ifndef FLOW_ENGINE_EACH_H
#define FLOW_ENGINE_EACH_H

#include "flow/engine/task.h"

struct each;

struct each *each_new(struct task *t);
void each_free(struct each *each);

/* All needs are met: begins the first elements. What is no array fails; an empty one is done. */
void each_begin(struct task *t);

/* An element came to an end, or is to be begun again. */
void each_task_over(struct task *element);

/* Begins as many elements as may be, and ends the step after the last. */
void each_go(struct task *t);

/* The elements that there are, from 0: NULL after the last. */
struct task *each_task(const struct each *each, size_t i);

/* A row of an element is there: its task, made if there is none yet. */
struct task *each_want(struct task *t, int element);

/* All needs are met and such rows were read: if they say so, the step has begun already. */
int each_resume(struct task *t, struct fault *f);

/* The value of {each}. */
struct jtext each_value(const struct task *element);

/* The step and its elements from the beginning, as task_again. */
void each_again(struct task *t);

#endif
