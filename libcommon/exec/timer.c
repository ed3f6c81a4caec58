/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/timer.h"

#include "base/when.h"

#include <sys/timerfd.h>
#include <unistd.h>

int
timers_open(struct timers *ts, struct fault *f)
{
	*ts = (struct timers){.fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK)};
	return ts->fd < 0 ? fault_errno(f, "timer") : 0;
}

void
timers_close(struct timers *ts)
{
	for (size_t i = 0; i < ts->heap.n; i++)
		ts->heap.v[i]->place = 0;
	vec_done(&ts->heap);
	if (ts->fd >= 0)
		close(ts->fd);
	ts->fd = -1;
}

static void
put(struct timers *ts, size_t place, struct timer *t)
{
	ts->heap.v[place - 1] = t;
	t->place = place;
}

static struct timer *
get(const struct timers *ts, size_t place)
{
	return ts->heap.v[place - 1];
}

static void
sift_up(struct timers *ts, struct timer *t)
{
	size_t place = t->place;

	for (; place > 1 && get(ts, place / 2)->at > t->at; place /= 2)
		put(ts, place, get(ts, place / 2));
	put(ts, place, t);
}

static void
sift_down(struct timers *ts, struct timer *t)
{
	size_t place = t->place;

	for (;;) {
		size_t child = place * 2;

		if (child < ts->heap.n && get(ts, child + 1)->at < get(ts, child)->at)
			child++;
		if (child > ts->heap.n || get(ts, child)->at >= t->at)
			break;
		put(ts, place, get(ts, child));
		place = child;
	}
	put(ts, place, t);
}

/*
 * The kernel is told only of a time earlier than the one it knows: most timers are deadlines
 * that are stopped again, and waking once too often is cheaper than a call for each.
 */
static void
arm(struct timers *ts)
{
	struct itimerspec spec = {0};
	int64_t at;

	if (!ts->heap.n)
		return;
	at = get(ts, 1)->at;
	if (ts->armed && ts->armed <= at)
		return;
	ts->armed = at > 0 ? at : 1; /* all zero would disarm it */
	spec.it_value.tv_sec = ts->armed / 1000;
	spec.it_value.tv_nsec = ts->armed % 1000 * 1000000;
	timerfd_settime(ts->fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void
take_out(struct timers *ts, struct timer *t)
{
	size_t place = t->place;
	struct timer *last = get(ts, ts->heap.n);

	ts->heap.n--;
	t->place = 0;
	if (last == t)
		return;
	put(ts, place, last);
	sift_up(ts, last);
	sift_down(ts, last);
}

void
timer_set(struct timers *ts, struct timer *t, int64_t at)
{
	if (t->place)
		take_out(ts, t);
	/* What is set by a timer's call waits for the next batch. */
	t->at = at <= ts->running ? ts->running + 1 : at;
	vec_push(&ts->heap, t);
	t->place = ts->heap.n;
	sift_up(ts, t);
	arm(ts);
}

void
timer_stop(struct timers *ts, struct timer *t)
{
	if (t->place)
		take_out(ts, t);
}

void
timers_run(struct timers *ts)
{
	uint64_t times;

	if (read(ts->fd, &times, sizeof(times)) == sizeof(times))
		ts->armed = 0;
	ts->running = when_boot();
	while (ts->heap.n && get(ts, 1)->at <= ts->running) {
		struct timer *t = get(ts, 1);

		take_out(ts, t);
		t->fn(t->arg);
	}
	ts->running = 0;
	arm(ts);
}
