/* SPDX-License-Identifier: Apache-2.0 */
/* Becoming the one engine of a run: its lock, its row, its epoch. */
#ifndef FLOW_ENGINE_TAKE_H
#define FLOW_ENGINE_TAKE_H

#include "flow/engine/engine.h"

/*
 * Takes the run's lock and reads its row. FAULT_BUSY names who has it; with takeover that
 * engine is ended first, if it is the one that the row names.
 */
int take_run(struct engine *e, int64_t id, int takeover, struct fault *f);

/*
 * FAULT_REFUSED: it has tripped on failures and no new max_fail is given (-1); more than that
 * have failed already; or all is halted.
 */
int take_refused(struct engine *e, int64_t max_fail, struct fault *f);

/*
 * The last slot that was given out; its record may know more of them than the database, which
 * then has lost commits: cut off, or an older copy put back. FAULT_REFUSED, but for a run that
 * is cancelled: what those attempts did would be done again.
 */
int take_slots(struct engine *e, struct fault *f);

/* Puts an end to what older engines may still write, with the new limit if there is one. */
int take_epoch(struct engine *e, const struct engine_options *o, struct fault *f);

#endif
