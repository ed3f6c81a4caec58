/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gathering what an audit does not know yet: its probes on the items of its scope, many at
 * once, what they say stored as the layer of source audit/NAME. An item that could not be
 * asked is remembered with the reason, so that nothing is judged by what it once said.
 */
#ifndef FLOW_GATHER_H
#define FLOW_GATHER_H

#include "flow/audit/definition.h"

/* What a probe did not find out. */
struct gather_miss {
	int64_t item;
	size_t probe; /* its place in the definition */
	enum verdict verdict;
	char *why;
};

/* What is odd about items that answered all the same. */
struct gather_remark {
	const char *what;
	char *more; /* of the first of them */
	int64_t item, items;
};

struct gather_result {
	VEC(struct gather_miss) misses; /* by item, then probe */
	VEC(struct gather_remark) remarks;
	int64_t missed[VERDICT_COUNT];
	int64_t asked, fresh; /* questions; values that were young enough */
	int stopped;          /* SIGINT or SIGTERM came: not all were asked */
};

struct gather_options {
	int64_t fanout;  /* at once */
	int64_t timeout; /* ms, in place of the definition's; 0: as that says */
	int fresh;       /* ask even where a value is younger than its max_age */
	int64_t since;   /* a run that was killed began then: its values are used; 0: none was */
};

/* items ascending. At the first SIGINT or SIGTERM no probe is started, at the second all end. */
int gather_run(struct session *s, const struct definition *d, const struct ids *items,
    const struct gather_options *o, struct gather_result *out, struct fault *f);
void gather_result_done(struct gather_result *r);

/*
 * Holds the probes that are plug-ins against what these say of themselves. FAULT_BAD with file,
 * line and the near miss: a parameter that there is not.
 */
int gather_check(const struct definition *d, struct fault *f);

/* The miss of an item that stands in the way of a check, or NULL. */
const struct gather_miss *gather_miss_of(
    const struct gather_result *r, const struct definition *d, const struct check *c, int64_t item);

#endif
