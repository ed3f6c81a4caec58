/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run does once, whatever its items: before the first, after the last. Tasks like those
 * of items, with rows of their own (pos -1), so that a crash neither repeats nor forgets them.
 */
#ifndef FLOW_ENGINE_ONCE_H
#define FLOW_ENGINE_ONCE_H

#include "flow/engine/task.h"

struct engine;
struct run;

void once_init(struct engine *e);

/* What the rows say: a before that failed is run again, for a person has resumed the run. */
int once_resume(struct engine *e, struct fault *f);

/* The task of a row of pos -1. */
struct task *once_task(struct engine *e, int64_t step);

/* Whether items may be let in: 1; 0: before is not done, and if it has failed the run trips. */
int once_before(struct engine *e);

/* The run is about to end: whether all is done that it does once. */
int once_after(struct engine *e);

#endif
