/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop: descriptors, signals, timers on the boot clock, ended children; one process
 * has one at a time. Events come in batches, and after each batch comes one turn: whoever
 * keeps a journal collects in the calls and commits in the turn. The only user of libevent.
 */
#ifndef EXEC_LOOP_H
#define EXEC_LOOP_H

#include "base/fault.h"
#include "exec/reap.h"
#include "exec/sweep.h"
#include "exec/timer.h"

struct event;
struct event_base;

/* In the owner's struct, zeroed; not moved or freed while it watches. */
struct loop_watch {
	void (*fn)(void *arg);
	void *arg;
	struct event *event; /* NULL: does not watch */
};

struct loop {
	struct timers timers;
	struct reaper reaper;
	struct sweeper sweeper;
	void (*turn)(void *arg); /* set it, or leave it NULL */
	void *arg;
	int stopping, again;
	struct event_base *base;
	struct loop_watch clock, children;
};

/* Also makes the process a subreaper: children's children become ours, not init's. */
int loop_open(struct loop *l, struct fault *f);
void loop_close(struct loop *l);

/* A turn, then batches and turns until loop_stop. */
int loop_run(struct loop *l, struct fault *f);

/* Within a call or a turn: loop_run returns after this batch and its turn. */
void loop_stop(struct loop *l);

/* Within a turn: have another one even if nothing happens. */
void loop_again(struct loop *l);

/* Calls fn whenever fd is readable, or at its end; a pidfd is when its process has ended. */
int loop_read(struct loop *l, struct loop_watch *w, int fd, struct fault *f);

/* Calls fn for a signal, in the loop and not in a handler. SIGCHLD is the loop's own. */
int loop_signal(struct loop *l, struct loop_watch *w, int signo, struct fault *f);

/* Before its descriptor is closed. Harmless if it does not watch. */
void loop_unwatch(struct loop_watch *w);

#endif
