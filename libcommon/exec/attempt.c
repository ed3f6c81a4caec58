/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/attempt.h"

#include "base/mem.h"
#include "base/when.h"
#include "exec/crash.h"
#include "exec/env.h"
#include "exec/guard.h"
#include "exec/proc.h"
#include "exec/settle.h"
#include "exec/spawn.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* How soon to ask again where nothing wakes us, and as a second net where a pidfd does. */
#define ASK_MS 20
#define NET_MS 1000

/* A start that leaves no trace is safe to repeat, but something is wrong after this many. */
#define STARTS_MOST 3

static void
stop_waiting(struct attempt *a)
{
	timer_stop(&a->all->loop->timers, &a->timer);
	loop_unwatch(&a->end);
	if (a->pidfd >= 0)
		close(a->pidfd);
	a->pidfd = -1;
}

static void
let_go_of_lock(struct attempt *a)
{
	if (a->lock >= 0)
		close(a->lock);
	a->lock = -1;
}

/* ---- settled, now or in a batch of its own ---- */

static void
call_settled(void *arg)
{
	struct attempt *a = arg;

	a->verdict = a->later;
	a->all->settled(a);
}

static void
settle_later(struct attempt *a, enum attempt_verdict verdict)
{
	a->verdict = ATTEMPT_ALIVE;
	a->later = verdict;
	a->timer = (struct timer){.fn = call_settled, .arg = a};
	timer_set(&a->all->loop->timers, &a->timer, 0);
}

/* END says so, so that it is the result whoever reads it and a late guard refuses. */
static void
never_ran(struct attempt *a, int error)
{
	a->outcome = (struct outcome){error, OUTCOME_NEVER_RAN};
	if (a->lock >= 0)
		slot_write_end(a->all->record->slots, a->slot, &a->outcome);
	let_go_of_lock(a);
}

static void
fail_to_start(struct attempt *a, int error)
{
	never_ran(a, error);
	settle_later(a, ATTEMPT_RESULT);
}

/* ---- waiting for a guard or an action that is not our child ---- */

static void look_again(void *arg);

static void
wake_at_end(struct attempt *a, pid_t pid)
{
	struct proc p;
	struct fault f;

	/* A zombie's pidfd is always readable: waiting by it would be a spin. */
	if (a->pidfd >= 0 || !proc_read(pid, &p) || p.state == 'Z')
		return;
	a->pidfd = pidfd_open(pid, 0);
	a->end = (struct loop_watch){.fn = look_again, .arg = a};
	if (a->pidfd >= 0 && loop_read(a->all->loop, &a->end, a->pidfd, &f) < 0) {
		close(a->pidfd);
		a->pidfd = -1;
	}
}

static void
wait_for_end(struct attempt *a, const struct slot *s)
{
	int64_t now = when_boot(), next = INT64_MAX;
	int has_begun = s->state == SLOT_STARTED;

	if (has_begun)
		wake_at_end(a, a->is_orphan ? s->start.pid : s->start.guard);
	if (has_begun && !a->is_watched && (a->is_orphan || a->stopping)) {
		static const int no_outputs[] = {-1, -1};

		a->is_watched = 1;
		watch_begin(&a->watch, s->start.pid, &a->limits, no_outputs, now);
		if (a->stopping)
			watch_stop(&a->watch, now);
	}
	if (a->is_watched && settle_is_left(&s->start))
		next = watch_look(&a->watch, now);
	now += a->pidfd >= 0 ? NET_MS : ASK_MS;
	a->timer = (struct timer){.fn = look_again, .arg = a};
	timer_set(&a->all->loop->timers, &a->timer, next < now ? next : now);
}

static enum attempt_verdict
look(struct attempt *a)
{
	struct slot s = {0};

	stop_waiting(a);
	a->verdict = settle(a, &s);
	if (a->verdict == ATTEMPT_ALIVE) {
		wait_for_end(a, &s);
		return ATTEMPT_ALIVE;
	}
	if (a->verdict == ATTEMPT_NEVER_STARTED && a->starts >= STARTS_MOST) {
		never_ran(a, EIO);
		a->verdict = ATTEMPT_RESULT;
	}
	if (a->verdict == ATTEMPT_UNKNOWN)
		a->outcome = (struct outcome){0};
	if (a->is_watched)
		a->outcome.flags |= a->watch.flags;
	if (a->verdict != ATTEMPT_NEVER_STARTED)
		let_go_of_lock(a);
	return a->verdict;
}

static void
look_again(void *arg)
{
	struct attempt *a = arg;

	if (look(a) != ATTEMPT_ALIVE)
		a->all->settled(a);
}

/* ---- all of a run ---- */

/*
 * Nobody's child has ended: the action of a guard that died, or a daemon that some action
 * left. Only a dead guard's slot has START without END.
 */
static void
on_orphan(pid_t pid, int wstatus, void *arg)
{
	struct attempts *all = arg;

	for (struct attempt *a = all->first; a; a = a->next) {
		struct slot s;

		if (!a->is_ours || a->verdict != ATTEMPT_ALIVE ||
		    slot_read(all->record->slots, a->slot, &s) < 0 || s.state != SLOT_STARTED ||
		    s.start.pid != pid)
			continue;
		settle_end(a, wstatus);
		/* With its guard's end still to come in this batch, that will settle it. */
		if (!a->guard.pid)
			look_again(a);
		return;
	}
}

int
attempts_open(struct attempts *all, struct fault *f)
{
	const char *given = getenv("CRATON_GUARD");
	char *prefix;

	if (given) {
		all->guard = mem_dup(given);
	} else {
		prefix = file_prefix();
		all->guard = mem_printf("%s/libexec/craton/craton-guard", prefix);
		free(prefix);
	}
	all->first = NULL;
	all->loop->reaper.orphan = on_orphan;
	all->loop->reaper.orphan_arg = all;
	if (access(all->guard, X_OK) == 0)
		return 0;
	fault_errno(f, "%s", all->guard);
	attempts_close(all);
	return -1;
}

void
attempts_close(struct attempts *all)
{
	all->loop->reaper.orphan = NULL;
	free(all->guard);
	all->guard = NULL;
}

struct attempt *
attempt_new(struct attempts *all, uint32_t slot, void *owner)
{
	struct attempt *a = mem_zero(1, sizeof(*a));

	a->all = all;
	a->slot = slot;
	a->owner = owner;
	a->lock = a->pidfd = -1;
	a->next = all->first;
	if (a->next)
		a->next->previous = a;
	all->first = a;
	return a;
}

void
attempt_free(struct attempt *a)
{
	if (!a)
		return;
	*(a->previous ? &a->previous->next : &a->all->first) = a->next;
	if (a->next)
		a->next->previous = a->previous;
	if (a->guard.pid)
		reap_remove(&a->all->loop->reaper, &a->guard);
	sweep_cancel(&a->all->loop->sweeper, &a->sweep);
	stop_waiting(a);
	let_go_of_lock(a);
	child_free(a->child);
	free(a->key);
	free(a);
}

/* ---- starting ---- */

static void
on_child(struct child *c)
{
	struct attempt *a = c->arg;

	a->outcome = c->outcome;
	a->verdict = ATTEMPT_RESULT;
	a->all->settled(a);
}

static void
on_guard(int wstatus, void *arg)
{
	struct attempt *a = arg;

	/* A guard's status is not the action's: only the slot says what became of it. */
	(void)wstatus;
	a->guard.pid = 0;
	crash_point("engine.reaped");
	look_again(a);
}

static void
start_guarded(struct attempt *a, const struct child_spec *spec)
{
	struct fault f;
	pid_t pid = -1;
	int error, got = 1;

	crash_point("engine.before-lock");
	if (a->lock < 0)
		got = record_lock(a->all->record, a->slot, &a->lock, &f);
	if (got < 0) {
		fail_to_start(a, errno);
		return;
	}
	if (got == 0) { /* somebody has spawned it: it is found again, not started twice */
		if (look(a) != ATTEMPT_ALIVE)
			settle_later(a, a->verdict);
		return;
	}
	crash_point("engine.locked");
	error = guard_spawn(a, spec, &pid);
	if (error) {
		fail_to_start(a, error);
		return;
	}
	crash_point("engine.spawned");
	let_go_of_lock(a); /* from here the guard alone holds it */
	a->is_ours = 1;
	a->starts++;
	a->guard = (struct reap){.fn = on_guard, .arg = a};
	reap_add(&a->all->loop->reaper, &a->guard, pid);
}

void
attempt_start(struct attempt *a, const struct child_spec *spec, int guarded)
{
	free(a->key);
	a->key = mem_dup(env_get(spec->env, PROC_KEY));
	a->limits = spec->limits;
	a->same_boot = a->same_disk = 1;
	a->verdict = ATTEMPT_ALIVE;
	if (guarded)
		start_guarded(a, spec);
	else
		a->child = child_start(a->all->loop, spec, on_child, a);
}

void
attempt_end(struct attempt *a, int status)
{
	a->outcome = (struct outcome){.status = status};
	settle_later(a, ATTEMPT_RESULT);
}

enum attempt_verdict
attempt_adopt(struct attempt *a, const struct attempt_past *past)
{
	const char *boot = when_boot_id();

	a->key = mem_dup(past->key);
	a->limits = (struct limits){.deadline = past->deadline, .grace = past->grace};
	a->same_boot = *boot && !strncmp(past->boot, boot, strlen(boot));
	a->same_disk =
	    a->same_boot && (!strchr(past->boot, '/') || !strcmp(past->boot, a->all->record->era));
	if (past->guarded)
		return look(a);
	a->verdict = ATTEMPT_UNKNOWN;
	return a->verdict;
}

/* ---- ending ---- */

void
attempt_stop(struct attempt *a)
{
	if (a->verdict != ATTEMPT_ALIVE || a->stopping)
		return;
	a->stopping = 1;
	if (a->child)
		child_stop(a->child);
	else if (a->guard.pid)
		kill(a->guard.pid, SIGUSR1);
	else {
		if (a->is_watched)
			watch_stop(&a->watch, when_boot());
		timer_set(&a->all->loop->timers, &a->timer, 0);
	}
}

int
attempt_dispose(struct attempt *a, struct fault *f)
{
	if (slot_write_void(a->all->record->slots, a->slot) < 0)
		return fault_errno(f, "%s.rec", a->all->record->path);
	let_go_of_lock(a);
	a->verdict = ATTEMPT_VOID;
	return 0;
}
