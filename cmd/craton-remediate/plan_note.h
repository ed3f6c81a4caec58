/* SPDX-License-Identifier: Apache-2.0 */
/* What plan says of a plan on standard error, beside the plan itself. */
#ifndef REMEDIATE_PLAN_NOTE_H
#define REMEDIATE_PLAN_NOTE_H

#include "flow/people/remedy.h"
#include "flow/plan/plan.h"

/* How many items and waves, where the policy holds it, and how its workflow has done so far. */
void plan_note(const struct plan *p, const struct remedy *r);

/* That one person's word is not enough for it, and why. */
int plan_note_second(struct session *s, const struct plan *p, struct fault *f);

/*
 * When its items may begin, if not now. FAULT_REFUSED: no window is ever long enough, and it would
 * be held for ever. The windows of the workflow are taken: its text holds them.
 */
int plan_note_hours(struct plan *p, struct fault *f);

#endif
