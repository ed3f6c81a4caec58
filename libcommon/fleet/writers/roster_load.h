/* SPDX-License-Identifier: Apache-2.0 */
/* For roster.c: a run of items, with one query for each part of all of them. */
#ifndef FLEET_ROSTER_LOAD_H
#define FLEET_ROSTER_LOAD_H

#include "base/vec.h"
#include "fleet/writers/roster.h"

struct roster_run {
	struct roster *r;
	VEC(struct roster_item) items; /* without names */
	const int64_t *ids;            /* ascending */
	size_t n;
};

int roster_load(struct roster_run *run, struct fault *f);
void roster_run_done(struct roster_run *run);

#endif
