/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers on the boot clock, which counts the time a machine is suspended and cannot be
 * stepped. A heap over one timerfd: libevent's own timers run on the clock that stands still.
 */
#ifndef EXEC_TIMER_H
#define EXEC_TIMER_H

#include "base/fault.h"
#include "base/vec.h"

#include <stdint.h>

/* In the owner's struct, zeroed; not moved or freed while it is set. */
struct timer {
	void (*fn)(void *arg);
	void *arg;
	int64_t at;   /* boot clock, ms */
	size_t place; /* in the heap, from 1; 0: not set */
};

struct timers {
	VEC(struct timer *) heap;
	int fd;          /* readable when one is due */
	int64_t armed;   /* what the kernel was told; 0: nothing */
	int64_t running; /* timers up to this time are being called; 0: none are */
};

int timers_open(struct timers *ts, struct fault *f);
void timers_close(struct timers *ts);

/* Sets it, or sets it anew; a time that has passed is due at once, but not within the call. */
void timer_set(struct timers *ts, struct timer *t, int64_t at);
void timer_stop(struct timers *ts, struct timer *t);

/* Calls what is due; each timer is stopped before its call. */
void timers_run(struct timers *ts);

#endif
