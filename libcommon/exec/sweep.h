/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking for what carries a key (proc.h) once for many: all that ask within one batch of
 * events are answered by one walk through /proc, so that a thousand timeouts in one second
 * cost one walk.
 */
#ifndef EXEC_SWEEP_H
#define EXEC_SWEEP_H

#include "base/vec.h"
#include "exec/timer.h"

/* In the owner's struct; not moved or freed while it is asked. */
struct sweep {
	void (*fn)(int found, void *arg); /* how many carried the key */
	void *arg;
	const char *key; /* borrowed until the answer */
	int signo;       /* sent to each of them; 0: only count */
	int found;
	struct sweep *same; /* asked for the same key in this walk */
};

struct sweeper {
	struct timers *timers;
	struct timer timer;
	VEC(struct sweep *) asked;
};

void sweeper_init(struct sweeper *s, struct timers *timers);
void sweeper_done(struct sweeper *s);

/* Answered in the next batch. */
void sweep_ask(struct sweeper *s, struct sweep *one);
void sweep_cancel(struct sweeper *s, struct sweep *one);

#endif
