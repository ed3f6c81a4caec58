/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose turn it is: one whole run of an audit at a time, and when the next one is due. Runs
 * that are narrowed, and proofs, go beside it.
 */
#ifndef FLOW_TURN_H
#define FLOW_TURN_H

#include "flow/audit/definition.h"

/*
 * Takes the audit's lock, a byte of the file DATABASE-audits, which is freed by whatever ends
 * the process. FAULT_BUSY names the run that holds it. The descriptor, or -1.
 */
int turn_take(struct session *s, const char *audit, struct fault *f);

/*
 * With the lock held: when the last whole run began, if it was killed not long ago, and its number;
 * 0 if it was not. What it gathered is young enough to go on with. 0 or -1.
 */
int turn_killed(struct session *s, const char *audit, int64_t now, int64_t *run, int64_t *began,
    struct fault *f);

/* Whether every: has passed since its last whole and complete run began: 1, 0, -1. */
int turn_is_due(struct session *s, const struct definition *d, int64_t now, struct fault *f);

/* Whether it has passed twice, so that one was missed: 1, 0, -1. */
int turn_is_overdue(struct session *s, const struct definition *d, int64_t now, struct fault *f);

#endif
