/* SPDX-License-Identifier: Apache-2.0 */
/* Items that a plan leaves out, whoever asks for them: what no repair may touch now. */
#ifndef FLOW_BARRED_H
#define FLOW_BARRED_H

#include "flow/plan/uses.h"
#include "flow/policy/protect.h"

/* For whom it is asked. All is borrowed. */
struct barred {
	struct session *s;
	struct protect *protect;
	const char *workflow; /* its name */
	int64_t same_fix_day; /* so often it may be begun on an item within a day */
	int64_t now;          /* ms since 1970 */
	int64_t run;          /* what this one has begun does not count; 0: none */
};

/*
 * 1 with why: "retired", "inactive", "protected", what protect_has says, "kicked out", "begun
 * 2 times within a day (same_fix_day 2)"; 0 it may be touched; -1. uses: its present values.
 */
int barred_has(const struct barred *b, const struct item *i, struct jtext uses, struct str *why,
    struct fault *f);

/* The last of them alone: what did not help so often is a fault to be found by people. */
int barred_loop(const struct barred *b, int64_t item, struct str *why, struct fault *f);

#endif
