/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where sources contradict each other: a key of an item of which they say different things, and
 * items that one machine's serial or mac makes look like one.
 */
#ifndef FLEET_SOURCES_CONFLICT_H
#define FLEET_SOURCES_CONFLICT_H

#include "fleet/resolve.h"

struct conflict_query {
	const struct ids *items; /* ascending; NULL: all */
	const char *key;         /* a pattern, see settings_match; NULL: any */
	int64_t source;          /* that says one of the values; 0: any */
};

/*
 * Calls each(item, key) with every conflict, in order of items, then of keys, attributes first:
 * key->key is KEY or item.KEY, its candidates are the values, the winner first. Stops when each
 * fails. 0 or -1.
 */
int conflict_each(struct session *s, const struct conflict_query *q,
    int (*each)(void *ctx, int64_t item, const struct resolved_key *key, struct fault *f),
    void *ctx, struct fault *f);

/* A mark that several living devices have, and nobody has said that they are two. */
struct twins {
	const char *mark; /* "serial:SN1" */
	struct ids items; /* in order of id */
};

/* The same for twins of which at least one item is among q's; key is serial or mac. */
int conflict_twins(struct session *s, const struct conflict_query *q,
    int (*each)(void *ctx, const struct twins *twins, struct fault *f), void *ctx, struct fault *f);

#endif
