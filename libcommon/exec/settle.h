/* SPDX-License-Identifier: Apache-2.0 */
/* "What became of it?" as one table; attempt.c asks it again each time something moves. */
#ifndef EXEC_SETTLE_H
#define EXEC_SETTLE_H

#include "exec/attempt.h"
#include "exec/slot.h"

/*
 * The verdict on a guarded attempt, its outcome, and what its slot held. With NEVER_STARTED,
 * and with ALIVE and is_orphan, the attempt holds its slot's lock from here on.
 */
enum attempt_verdict settle(struct attempt *a, struct slot *s);

/*
 * Records the end of an action whose guard is dead, in the guard's place: the result stands
 * in a->outcome and, should we die next, in the slot.
 */
void settle_end(struct attempt *a, int wstatus);

/* Whether the action or anything of its group runs, and its pid does not mean another one. */
int settle_is_left(const struct slot_start *start);

#endif
