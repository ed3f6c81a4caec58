/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/watch.h"

#include "exec/outcome.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files are looked at by size, so often: a flood writes about a second's worth past its cap. */
#define LOOK_MS 1000

void
watch_begin(struct watch *w, pid_t group, const struct limits *l, const int outputs[2], int64_t now)
{
	struct stat st;

	*w = (struct watch){.limits = *l,
	    .group = group,
	    .outputs = {-1, -1},
	    .signo = SIGTERM,
	    .at = l->deadline,
	    .moved = now};
	for (int i = 0; i < 2; i++)
		if (outputs[i] >= 0 && fstat(outputs[i], &st) == 0 && S_ISREG(st.st_mode)) {
			w->outputs[i] = outputs[i];
			w->sizes[i] = st.st_size;
		}
}

/* The files are opened to append: what is written after the cut goes on at the cap. */
static void
look_at_output(struct watch *w, int64_t now)
{
	struct stat st;

	for (int i = 0; i < 2; i++) {
		if (w->outputs[i] < 0 || fstat(w->outputs[i], &st) < 0)
			continue;
		if (st.st_size != w->sizes[i])
			w->moved = now;
		w->sizes[i] = st.st_size;
		if (w->limits.cap && st.st_size > w->limits.cap) {
			w->flags |= OUTCOME_TRUNCATED;
			if (ftruncate(w->outputs[i], w->limits.cap) == 0)
				w->sizes[i] = w->limits.cap;
		}
	}
}

static int
is_ending(const struct watch *w)
{
	return w->signo != SIGTERM;
}

static void
send(struct watch *w, int64_t now)
{
	if (!(w->flags & OUTCOME_STOPPED))
		w->flags |= OUTCOME_TIMED_OUT;
	kill(-w->group, w->signo);
	kill(-w->group, SIGCONT); /* a stopped process would not hear TERM */
	w->at = now + (is_ending(w) ? LOOK_MS : w->limits.grace);
	w->signo = SIGKILL;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
watch_look(struct watch *w, int64_t now)
{
	int64_t next = INT64_MAX;

	look_at_output(w, now);
	if (w->limits.stall && !is_ending(w) && now >= w->moved + w->limits.stall) {
		w->flags |= OUTCOME_STALLED;
		w->at = now;
	}
	if (w->at && now >= w->at)
		send(w, now);
	if (w->at)
		next = w->at;
	if (w->limits.stall && !is_ending(w))
		next = earlier(next, w->moved + w->limits.stall);
	if (w->outputs[0] >= 0 || w->outputs[1] >= 0)
		next = earlier(next, now + LOOK_MS);
	return next;
}

void
watch_stop(struct watch *w, int64_t now)
{
	if (is_ending(w))
		return;
	w->flags |= OUTCOME_STOPPED;
	w->at = now;
}

void
watch_end(struct watch *w)
{
	look_at_output(w, w->moved);
}

int
watch_ended_it(const struct watch *w)
{
	return is_ending(w);
}
