/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to stay whole: of the items that a selector of the policy chooses, so many are neither
 * in work by any run nor kicked out. Who belongs is looked up when the engine begins; how many are
 * whole, before each of them is let in.
 */
#ifndef FLOW_ENGINE_FLOORS_H
#define FLOW_ENGINE_FLOORS_H

#include "flow/engine/engine.h"

/* The floors of the policy in force. FAULT_BAD: a rule of a label cannot be told. */
int floors_load(struct engine *e, const struct policy *now, struct fault *f);
void floors_done(struct engine *e);

/*
 * 1: it may begin; 2: it may, and whoever is next is asked about once that is stored; 0 with why,
 * or with nothing for the moment until what has ended is stored; -1. What no end of what is in work
 * would ease holds the run.
 */
enum { FLOORS_WAIT, FLOORS_FREE, FLOORS_ALONE };
int floors_ask(struct engine *e, const struct work *w, struct str *why, struct fault *f);

#endif
