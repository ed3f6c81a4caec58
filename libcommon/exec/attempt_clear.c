/* SPDX-License-Identifier: Apache-2.0 */
/* Ending what an attempt of unknown end has left, before another one may begin. */
#include "base/when.h"
#include "exec/attempt.h"
#include "exec/settle.h"

#include <signal.h>

/* How long what was told to end has until it is looked for again. */
#define ASK_MS 20

static void clear_round(struct attempt *a, int signo);

static void
on_clear_timer(void *arg)
{
	struct attempt *a = arg;

	clear_round(a, when_boot() >= a->clear_until ? SIGKILL : 0);
}

/* The slot's START, if what it names can still run. */
static int
read_start(const struct attempt *a, struct slot_start *start)
{
	struct slot s;

	if (!a->same_boot || slot_read(a->all->record->slots, a->slot, &s) < 0)
		return 0;
	*start = s.start;
	return s.start.pid > 0;
}

static void
on_cleared(int found, void *arg)
{
	struct attempt *a = arg;
	struct slot_start start;

	if (!found && !(read_start(a, &start) && settle_is_left(&start))) {
		a->verdict = ATTEMPT_CLEARED;
		a->all->settled(a);
		return;
	}
	a->timer = (struct timer){.fn = on_clear_timer, .arg = a};
	timer_set(&a->all->loop->timers, &a->timer, when_boot() + ASK_MS);
}

static void
clear_round(struct attempt *a, int signo)
{
	struct slot_start start;

	if (signo && read_start(a, &start) && settle_is_left(&start))
		kill(-start.pid, signo);
	a->sweep =
	    (struct sweep){.fn = on_cleared, .arg = a, .key = a->key ? a->key : "", .signo = signo};
	sweep_ask(&a->all->loop->sweeper, &a->sweep);
}

void
attempt_clear(struct attempt *a)
{
	a->verdict = ATTEMPT_ALIVE;
	a->clear_until = when_boot() + a->limits.grace;
	clear_round(a, SIGTERM);
}
