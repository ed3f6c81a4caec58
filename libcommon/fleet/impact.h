/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hangs together: a walk along relations from some items, down to what rests on them (a
 * host's virtual machines, what depends on those) or up to what they rest on. Each item is met
 * once, by a shortest way, however many ways lead to it. A queue and no recursion: a chain may
 * be as long as the fleet. Retired items are not met.
 */
#ifndef FLEET_IMPACT_H
#define FLEET_IMPACT_H

#include "base/vec.h"
#include "fleet/session.h"

enum impact_way { IMPACT_DOWN, IMPACT_UP };

/*
 * Being in something walks like a relation of one of these types, from the inner item to the
 * outer: to its parent device; to the innermost of its cell, region and cloud.
 */
#define IMPACT_PARENT "parent"
#define IMPACT_IN "in"

struct impact_query {
	enum impact_way way;
	const struct words *types; /* only these; none, or NULL: all relations */
	int contained;             /* with no types: IMPACT_PARENT and IMPACT_IN too */
	int64_t depth;             /* steps from the start at the most; 0: no limit */
};

struct impact_node {
	int64_t id;
	int64_t depth; /* 0: one of those the walk began with */
	size_t first;  /* the edge by which it was met, if depth is not 0 */
};

/* src TYPE dst, whichever way the walk went. */
struct impact_edge {
	int64_t src, dst;
	const char *type; /* one of the impact's */
};

struct impact {
	VEC(struct impact_node) nodes; /* the nearest first */
	VEC(struct impact_edge) edges; /* all that were seen, in the order of the walk */
	struct map types;              /* each text once */
	struct map seen;               /* ids */
};

/* Zeroed by the caller. 0 or -1. */
int impact_walk(struct session *s, const struct impact_query *query, const struct ids *start,
    struct impact *out, struct fault *f);
void impact_done(struct impact *i);

#endif
