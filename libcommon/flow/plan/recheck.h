/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what a plan rests on for one item still stands, looked at when the item is admitted.
 * Works from the plan's file as from the rows of a run: a run that is resumed has no file.
 */
#ifndef FLOW_RECHECK_H
#define FLOW_RECHECK_H

#include "flow/plan/plan.h"

struct recheck; /* what it takes to look again, prepared once a run */

/*
 * selection: the plan's, or run.selection; may be NULL. run: whose items they are. w and
 * policy are borrowed.
 */
struct recheck *recheck_new(struct session *s, const struct workflow *w, const char *selection,
    const struct policy *policy, int64_t run, struct fault *f);
void recheck_free(struct recheck *r);

/* What why begins with where an item is not as it was, and not what the policy keeps from. */
#define RECHECK_CHANGED "changed"

/*
 * Of the plan item only item, ref, finding, check and uses are read. 0: it stands; 1: it does
 * not, and why has "changed label cabinet: a12, was a11", "changed: retired",
 * "protected by policy: ...", "begun 2 times within a day ..." or the like; -1. Whether too many of
 * them changed is the caller's to say: PLAN_CHANGED_PERCENT.
 */
int recheck_item(struct recheck *r, const struct plan_item *i, struct str *why, struct fault *f);

#endif
