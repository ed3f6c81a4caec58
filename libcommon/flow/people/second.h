/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second person's word for a plan, before it is run. Bound to the plan's hash, by another real
 * user than its author, good for some time. It guards against mistakes, not against who may
 * write the database.
 */
#ifndef FLOW_PEOPLE_SECOND_H
#define FLOW_PEOPLE_SECOND_H

#include "fleet/session.h"

/* Of what: plan is the hash of its file, author who made it. */
struct second {
	const char *plan, *author, *workflow;
	int64_t items;
};

/* By the session's actor; with a place in the journal. FAULT_REFUSED: by the author. */
int second_approve(struct session *s, const struct second *a, struct fault *f);

/*
 * Whether another than the author has approved it within life (ms) before now. FAULT_REFUSED: with
 * why it is wanted (one text a reason), and what to type; file is what the plan is called.
 */
int second_check(struct session *s, const struct second *a, const struct words *why, int64_t life,
    int64_t now, const char *file, struct fault *f);

#endif
