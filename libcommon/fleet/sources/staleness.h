/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources that have fallen silent. One that has not reported for longer than its stale_after is
 * stale: its word counts less than that of every source that is not. One that never reported is not
 * stale. Whether it is, is a fact of the change log and not of the clock: it is judged when a
 * source is imported, synced or configured and when an audit runs, and what is found different is
 * an entry of its own.
 */
#ifndef FLEET_SOURCES_STALENESS_H
#define FLEET_SOURCES_STALENESS_H

#include "fleet/log/change.h"

/* Judges all sources of the project, an entry for each that changes. 0 or -1. */
int staleness_judge(struct session *s, struct fault *f);

/* A source reports now, in this change: notes the time, and it is not stale any more. 0 or -1. */
int staleness_reported(struct change *c, int64_t source, struct fault *f);

#endif
