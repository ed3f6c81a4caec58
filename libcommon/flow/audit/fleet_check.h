/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A check that is a query over the fleet: every row is something wrong. A column "item" (an
 * id, a ref or a name) ties it to an item; without one the row is about the fleet and its
 * column "subject", or else its first one, names it. The other columns are the evidence; the
 * rows of one item are one finding.
 */
#ifndef FLOW_FLEET_CHECK_H
#define FLOW_FLEET_CHECK_H

#include "flow/audit/ledger.h"

/* Asks, and books the answer. A query that fails is one finding: error, with the reason. */
int fleet_check_run(struct session *s, const struct check *c, struct judge *judge,
    const struct ids *scope, struct ledger *l, struct fault *f);

/* How many findings it makes on this database, or -1: for examples. */
int64_t fleet_check_findings(struct session *s, const struct check *c, struct fault *f);

#endif
