/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retry.from: a step that failed takes its item back to an earlier step. That one, and all
 * that need it, are run again, after what they have done was undone, the last first. The step
 * that failed waits in backoff until then, so that a crash at any point finds it there, with its
 * time in the past, and goes on.
 */
#ifndef FLOW_ENGINE_REWIND_H
#define FLOW_ENGINE_REWIND_H

#include "flow/engine/work.h"

/* Its backoff is over. */
void rewind_want(struct task *t);

/* Whether some step of the item waits to go back: none begins meanwhile. */
int rewind_is_wanted(const struct work *w);

/* Goes on with it: 1 if the steps may go on after it, 0 if something has to end first. */
int rewind_go(struct work *w);

#endif
