/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When items may begin: in the windows of the policy and of the workflow, outside freezes, and
 * only where an item that takes as long as it may ends in time. Asked before each is let in.
 */
#ifndef FLOW_ENGINE_HOURS_H
#define FLOW_ENGINE_HOURS_H

#include "flow/engine/engine.h"

/* now: the policy in force, whose hours it takes. */
void hours_load(struct engine *e, struct policy *now);

/* Whether an item may begin now. If not, and nothing is in work, the run is held until it may. */
int hours_open(struct engine *e);

/*
 * Whether a run that is held would only be held again: it may not begin anything now, has nothing
 * in work, and nobody has said a word to it. 1, 0, -1. So that a resume from cron is not an event.
 */
int hours_hold(struct engine *e, struct fault *f);

#endif
