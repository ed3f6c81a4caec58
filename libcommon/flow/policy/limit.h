/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limits that a policy sets: one table, from which they are read, merged, explained and
 * documented. craton-policy(5) has a paragraph for each.
 */
#ifndef FLOW_LIMIT_H
#define FLOW_LIMIT_H

#include "base/fault.h"

#include <stdint.h>

/* In the order of their names. */
enum limit {
	LIMIT_APPROVAL_LIFE,
	LIMIT_APPROVE_IRREVERSIBLE,
	LIMIT_APPROVE_ITEMS,
	LIMIT_APPROVE_LOOSENED,
	LIMIT_AT_ONCE,
	LIMIT_AT_ONCE_SHARE,
	LIMIT_CANARY,
	LIMIT_FINDING_AGE,
	LIMIT_GAP,
	LIMIT_IDENTITY,
	LIMIT_MAX_FAIL,
	LIMIT_MAX_FAIL_SHARE,
	LIMIT_ONE_REGION,
	LIMIT_PER_HOUR,
	LIMIT_PER_HOUR_SHARE,
	LIMIT_PLAN_LIFE,
	LIMIT_PROOF,
	LIMIT_SAME_FIX_DAY,
	LIMIT_SHRUNK,
	LIMIT_SOAK,
	LIMITS
};

/* All are kept as a number: shares in thousandths of a percent, times in ms, truths as 0 or 1. */
enum limit_type { LIMIT_COUNT, LIMIT_SHARE, LIMIT_TIME, LIMIT_TRUTH };

struct limit_info {
	const char *name;
	enum limit_type type;
	int more_is_stricter; /* else less is */
	const char *built_in; /* as it is written in a policy */
	const char *means;    /* what it limits */
	const char *taught;   /* by what */
	int is_sites;         /* only a file of the site loosens it, no command line */
};

extern const struct limit_info limit_table[LIMITS];

/* The limit of that name, or -1: FAULT_BAD with the near miss. */
int limit_find(const char *name, struct fault *f);

/* FAULT_BAD says what is wanted. */
int limit_parse(enum limit l, const char *text, int64_t *out, struct fault *f);

/* As it would be written in a policy. */
#define LIMIT_TEXT 32
const char *limit_text(enum limit l, int64_t value, char buf[LIMIT_TEXT]);

/* Whether the first value allows more than the second. */
int limit_is_looser(enum limit l, int64_t value, int64_t than);

#endif
