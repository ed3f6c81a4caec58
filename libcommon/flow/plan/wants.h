/* SPDX-License-Identifier: Apache-2.0 */
/* What the policy wants of a plan as a whole, beside its limits. */
#ifndef FLOW_WANTS_H
#define FLOW_WANTS_H

#include "flow/plan/plan.h"

/* FAULT_REFUSED: it repairs findings and proves nothing, though the policy wants proof. */
int wants_proof(const struct plan *p, int findings, struct fault *f);

/* FAULT_REFUSED: it has an irreversible step that no identity comes before. */
int wants_identity(const struct plan *p, struct fault *f);

/*
 * What is not done on one person's word: the irreversible, the large, what was loosened. Why a
 * second one has to approve it, a text a reason: "60 items > approve_items 50"; none: nobody has
 * to.
 */
int wants_second(struct session *s, const struct plan *p, struct words *why, struct fault *f);

#endif
