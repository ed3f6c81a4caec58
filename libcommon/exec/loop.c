/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

static void
on_clock(void *arg)
{
	timers_run(arg);
}

static void
on_children(void *arg)
{
	reaper_run(arg);
}

int
loop_open(struct loop *l, struct fault *f)
{
	*l = (struct loop){.timers.fd = -1};
	l->base = event_base_new();
	if (!l->base)
		return fault_errno(f, "event loop");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
		fault_errno(f, "subreaper");
		goto failed;
	}
	if (timers_open(&l->timers, f) < 0)
		goto failed;
	sweeper_init(&l->sweeper, &l->timers);
	l->clock = (struct loop_watch){.fn = on_clock, .arg = &l->timers};
	l->children = (struct loop_watch){.fn = on_children, .arg = &l->reaper};
	if (loop_read(l, &l->clock, l->timers.fd, f) < 0 ||
	    loop_signal(l, &l->children, SIGCHLD, f) < 0)
		goto failed;
	return 0;
failed:
	loop_close(l);
	return -1;
}

void
loop_close(struct loop *l)
{
	loop_unwatch(&l->children);
	loop_unwatch(&l->clock);
	sweeper_done(&l->sweeper);
	timers_close(&l->timers);
	if (l->base)
		event_base_free(l->base);
	l->base = NULL;
}

int
loop_run(struct loop *l, struct fault *f)
{
	l->stopping = 0;
	/* A child that ended before the loop was opened has sent its signal already. */
	reaper_run(&l->reaper);
	for (;;) {
		l->again = 0;
		if (l->turn)
			l->turn(l->arg);
		if (l->stopping)
			return 0;
		if (event_base_loop(l->base, EVLOOP_ONCE | (l->again ? EVLOOP_NONBLOCK : 0)) < 0)
			return fault_errno(f, "event loop");
	}
}

void
loop_stop(struct loop *l)
{
	l->stopping = 1;
}

void
loop_again(struct loop *l)
{
	l->again = 1;
}

static void
call(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *w = arg;

	(void)fd;
	(void)what;
	w->fn(w->arg);
}

static int
watch(struct loop *l, struct loop_watch *w, int what, short how, const char *name, struct fault *f)
{
	w->event = event_new(l->base, what, (short)(how | EV_PERSIST), call, w);
	if (w->event && event_add(w->event, NULL) == 0)
		return 0;
	loop_unwatch(w);
	return fault_errno(f, "event loop: %s %d", name, what);
}

int
loop_read(struct loop *l, struct loop_watch *w, int fd, struct fault *f)
{
	return watch(l, w, fd, EV_READ, "descriptor", f);
}

/* A mask is inherited: where the caller had it blocked, no child's end would ever be heard of. */
int
loop_signal(struct loop *l, struct loop_watch *w, int signo, struct fault *f)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, signo);
	sigprocmask(SIG_UNBLOCK, &wanted, NULL);
	return watch(l, w, signo, EV_SIGNAL, "signal", f);
}

void
loop_unwatch(struct loop_watch *w)
{
	if (w->event)
		event_free(w->event);
	w->event = NULL;
}
