/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All items of a run by all checks on one item. What passes is most of it, and is judged
 * straight from the database; an item is only read whole where there is something to say.
 */
#ifndef FLOW_JUDGING_H
#define FLOW_JUDGING_H

#include "flow/audit/ledger.h"
#include "flow/audit/silence.h"
#include "flow/gather/gather.h"

struct judging {
	struct session *s;
	const struct definition *d;
	const char *only; /* the id of the one check to judge; NULL: all */
	const struct gather_result *gathered;
	struct judge *judge;
	struct ledger *ledger;
	struct silence *silence;
	int (*stopping)(void); /* asked between items; may be NULL */

	int64_t *applied; /* by check: items that it applied to; the caller's, zeroed */
	int64_t covered;  /* items of which nothing stayed unknown */
	int stopped;
};

/* scope ascending. What is found is stored and shown on the way. */
int judging_run(struct judging *j, const struct ids *scope, struct fault *f);

/* Whether a check is to be judged at all. */
int judging_wants(const struct judging *j, const struct check *c);

#endif
