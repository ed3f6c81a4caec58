/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/settle.h"

#include "exec/crash.h"
#include "exec/proc.h"

#include <string.h>
#include <sys/wait.h>

/* A pid is not given away while a group of that number lives: another process there is proof. */
int
settle_is_left(const struct slot_start *start)
{
	struct proc p;

	if (proc_read(start->pid, &p) && p.ticks != start->ticks)
		return 0;
	return proc_alive(start->pid, start->ticks) || proc_group_alive(start->pid);
}

void
settle_end(struct attempt *a, int wstatus)
{
	a->outcome = outcome_from_wait(wstatus, a->is_watched ? a->watch.flags : 0);
	crash_point("engine.before-end");
	a->has_ended = 1;
	/* If this fails the result is still ours to commit; only our death would lose it. */
	slot_write_end(a->all->record->slots, a->slot, &a->outcome);
	crash_point("engine.ended");
}

/* A dead guard's child, now ours to reap. waitpid alone might meet another one of that pid. */
static int
reap_action(const struct slot_start *start, int *wstatus)
{
	struct proc p;

	if (!proc_read(start->pid, &p) || p.ticks != start->ticks || p.state != 'Z')
		return 0;
	return waitpid(start->pid, wstatus, WNOHANG) == start->pid;
}

static enum attempt_verdict
settle_started(struct attempt *a, const struct slot_start *start)
{
	int wstatus, reaped;

	if (!a->same_boot)
		return ATTEMPT_UNKNOWN;
	reaped = reap_action(start, &wstatus);
	a->is_orphan = !reaped && settle_is_left(start);
	/* It may have ended between the two looks: then it waits for us, and is not lost. */
	if (!reaped && !a->is_orphan)
		reaped = reap_action(start, &wstatus);
	if (reaped) {
		settle_end(a, wstatus);
		return ATTEMPT_RESULT;
	}
	return a->is_orphan ? ATTEMPT_ALIVE : ATTEMPT_UNKNOWN;
}

static enum attempt_verdict
settle_locked(struct attempt *a, const struct slot *s)
{
	switch (s->state) {
	case SLOT_ENDED: a->outcome = s->end; return ATTEMPT_RESULT;
	case SLOT_STARTED: return settle_started(a, &s->start);
	case SLOT_VOID: return ATTEMPT_VOID;
	case SLOT_EMPTY: break;
	}
	return a->same_disk ? ATTEMPT_NEVER_STARTED : ATTEMPT_UNKNOWN;
}

/*
 * The order is the point: END is believed whatever the lock says; anything else only under
 * the lock, read again, because a guard may have written until it let go.
 */
enum attempt_verdict
settle(struct attempt *a, struct slot *s)
{
	const struct record *r = a->all->record;
	struct fault f;

	if (a->has_ended)
		return ATTEMPT_RESULT;
	if (slot_read(r->slots, a->slot, s) < 0)
		return ATTEMPT_UNKNOWN;
	/* A lock that cannot be asked for, for want of descriptors, is as good as held: later. */
	if (s->state != SLOT_ENDED && a->lock < 0 && record_lock(r, a->slot, &a->lock, &f) != 1)
		return ATTEMPT_ALIVE;
	if (s->state != SLOT_ENDED && slot_read(r->slots, a->slot, s) < 0)
		return ATTEMPT_UNKNOWN;
	return settle_locked(a, s);
}
