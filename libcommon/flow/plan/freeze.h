/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a plan: what was taken in, settled against one snapshot of the file, with the values
 * that the plan rests on.
 */
#ifndef FLOW_FREEZE_H
#define FLOW_FREEZE_H

#include "flow/plan/intake.h"
#include "flow/plan/plan.h"

/*
 * Puts into the plan the items that stand, with waves and limits; the workflow is in it
 * already. Left out and counted: a finding that is gone, an item that is retired, inactive,
 * protected or in the hands of people (kicked out), one given twice, one without a value that
 * the steps name. where: the expression that chose the items, or NULL. In a snapshot or
 * transaction of the caller's. The policy is in the plan, too. FAULT_BAD: an unknown item; one that
 * has no single value of a label that the batch spreads over. FAULT_REFUSED: the stream's audit is
 * not a complete run of this project on this file; a check that its own examples do not bear out;
 * the breaker of the workflow is open.
 */
int freeze_plan(struct session *s, struct intake *in, const char *where, int64_t now,
    struct plan *p, struct fault *f);

#endif
