/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/child.h"

#include "base/mem.h"
#include "base/when.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "exec/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* The most a pipe can hold (pipe(7)): what an ended child wrote is within it. */
#define PIPE_MOST ((size_t)1 << 20)
#define CHUNK ((size_t)64 << 10)

/* As in the guard: a key that does not die out must not hold the child for good. */
#define SWEEPS 50
#define SWEEP_AGAIN_MS 5

static void
close_output(struct child_output *o)
{
	loop_unwatch(&o->watch);
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}

static void
close_files(struct child *c)
{
	for (int i = 0; i < 2; i++) {
		close_output(&c->outputs[i]);
		if (c->files[i] >= 0)
			close(c->files[i]);
		c->files[i] = -1;
	}
}

/* Keeps the head. Dropping the rest, unlike not reading it, lets the program come to its end. */
static void
keep(struct child_output *o, size_t n)
{
	struct watch *w = &o->child->watch;
	size_t cap = (size_t)w->limits.cap;

	w->moved = when_boot();
	str_grown(&o->text, n);
	if (cap && o->text.len > cap) {
		str_cut(&o->text, cap);
		w->flags |= OUTCOME_TRUNCATED;
	}
}

/* One piece, or up to most bytes of what is there; returns how many there were. */
static size_t
read_output(struct child_output *o)
{
	ssize_t n = read(o->fd, str_space(&o->text, CHUNK), CHUNK);

	if (n > 0) {
		keep(o, (size_t)n);
		return (size_t)n;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_output(o);
	return 0;
}

/* Not when it has ended and is drained: then its end tells the owner. */
static void
on_output(void *arg)
{
	struct child_output *o = arg;

	if (read_output(o) > 0 && o->child->said)
		o->child->said(o->child);
}

/* What it wrote before it ended; not until the end of the file, which may never come. */
static void
drain(struct child_output *o)
{
	size_t total = 0, n;

	while (o->fd >= 0 && total < PIPE_MOST && (n = read_output(o)) > 0)
		total += n;
	close_output(o);
}

static void
look_again(struct child *c, int64_t now)
{
	int64_t next = watch_look(&c->watch, now);

	if (next == INT64_MAX)
		timer_stop(&c->loop->timers, &c->timer);
	else
		timer_set(&c->loop->timers, &c->timer, next);
}

static void
on_timer(void *arg)
{
	look_again(arg, when_boot());
}

static void
on_end(void *arg)
{
	struct child *c = arg;

	c->ended(c);
}

/* In a batch of its own, so that the owner is never called within a call of his. */
static void
end_later(struct child *c)
{
	c->timer = (struct timer){.fn = on_end, .arg = c};
	timer_set(&c->loop->timers, &c->timer, 0);
}

static void ask_for_leftovers(struct child *c);

static void
on_sweep_again(void *arg)
{
	ask_for_leftovers(arg);
}

static void
on_swept(int found, void *arg)
{
	struct child *c = arg;

	if (found && c->sweeps++ < SWEEPS) {
		c->timer.fn = on_sweep_again;
		timer_set(&c->loop->timers, &c->timer, when_boot() + SWEEP_AGAIN_MS);
		return;
	}
	if (found || proc_group_alive(c->watch.group))
		c->outcome.flags |= OUTCOME_LEFT_BEHIND;
	c->ended(c);
}

static void
ask_for_leftovers(struct child *c)
{
	kill(-c->watch.group, SIGKILL);
	c->sweep = (struct sweep){.fn = on_swept, .arg = c, .key = c->key, .signo = SIGKILL};
	sweep_ask(&c->loop->sweeper, &c->sweep);
}

static void
on_exit_of(int wstatus, void *arg)
{
	struct child *c = arg;

	c->pid = 0;
	timer_stop(&c->loop->timers, &c->timer);
	for (int i = 0; i < 2; i++)
		drain(&c->outputs[i]);
	watch_end(&c->watch);
	close_files(c);
	c->outcome = outcome_from_wait(wstatus, c->watch.flags);
	if (watch_ended_it(&c->watch) && c->key) {
		ask_for_leftovers(c);
		return;
	}
	if (watch_ended_it(&c->watch))
		kill(-c->watch.group, SIGKILL);
	if (proc_group_alive(c->watch.group))
		c->outcome.flags |= OUTCOME_LEFT_BEHIND;
	c->ended(c);
}

/*
 * The child's end of a pipe whose other end the loop reads; or the caller's file, of which the
 * watch keeps a descriptor of its own.
 */
static int
open_output(struct child *c, int i, int given, struct fault *f)
{
	struct child_output *o = &c->outputs[i];
	int ends[2];

	if (given != CHILD_TO_MEMORY) {
		c->files[i] = fcntl(given, F_DUPFD_CLOEXEC, SPAWN_LOWEST);
		return c->files[i];
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	o->fd = ends[0];
	fcntl(o->fd, F_SETFL, O_NONBLOCK);
	o->watch = (struct loop_watch){.fn = on_output, .arg = o};
	if (loop_read(c->loop, &o->watch, o->fd, f) < 0) {
		close(ends[1]);
		return -1;
	}
	return ends[1];
}

/* 0 or an errno. */
static int
start(struct child *c, const struct child_spec *spec)
{
	int given[] = {spec->out, spec->err}, ends[] = {-1, -1}, error = 0;
	int input = spawn_input(spec->input, spec->input_len);
	char *path = spawn_find(spec->argv[0], spec->env);
	struct fault f;

	if (!path || input < 0)
		error = errno;
	for (int i = 0; i < 2 && !error; i++) {
		ends[i] = open_output(c, i, given[i], &f);
		if (ends[i] < 0)
			error = errno;
	}
	if (!error) {
		struct spawn s = {.path = path,
		    .argv = spec->argv,
		    .env = spec->env,
		    .folder = spec->folder,
		    .way = SPAWN_GROUP,
		    .fds = {{input, 0}, {ends[0], 1}, {ends[1], 2}},
		    .nfds = 3};

		error = spawn(&s, &c->pid);
	}
	for (int i = 0; i < 2; i++)
		if (given[i] == CHILD_TO_MEMORY && ends[i] >= 0)
			close(ends[i]);
	if (input >= 0)
		close(input);
	free(path);
	return error;
}

struct child *
child_start(struct loop *l, const struct child_spec *spec, void (*ended)(struct child *), void *arg)
{
	struct child *c = mem_zero(1, sizeof(*c));
	int64_t now = when_boot();
	int error;

	*c = (struct child){.loop = l,
	    .ended = ended,
	    .arg = arg,
	    .key = mem_dup(env_get(spec->env, PROC_KEY)),
	    .timer = {.fn = on_timer, .arg = c},
	    .reap = {.fn = on_exit_of, .arg = c},
	    .files = {-1, -1},
	    .outputs = {{.child = c, .fd = -1}, {.child = c, .fd = -1}}};
	error = start(c, spec);
	if (error) {
		c->pid = 0;
		c->outcome = (struct outcome){error, OUTCOME_NEVER_RAN};
		close_files(c);
		end_later(c);
		return c;
	}
	reap_add(&l->reaper, &c->reap, c->pid);
	watch_begin(&c->watch, c->pid, &spec->limits, c->files, now);
	look_again(c, now);
	return c;
}

void
child_deadline(struct child *c, int64_t at)
{
	if (!c->pid || watch_ended_it(&c->watch))
		return;
	c->watch.limits.deadline = c->watch.at = at;
	look_again(c, when_boot());
}

void
child_stop(struct child *c)
{
	if (!c->pid)
		return;
	watch_stop(&c->watch, when_boot());
	look_again(c, when_boot());
}

void
child_free(struct child *c)
{
	if (!c)
		return;
	if (c->pid) {
		kill(-c->pid, SIGKILL);
		reap_remove(&c->loop->reaper, &c->reap);
	}
	if (c->loop) {
		timer_stop(&c->loop->timers, &c->timer);
		sweep_cancel(&c->loop->sweeper, &c->sweep);
	}
	close_files(c);
	for (int i = 0; i < 2; i++)
		str_done(&c->outputs[i].text);
	free(c->key);
	free(c);
}

static void
stop_loop(struct child *c)
{
	loop_stop(c->loop);
}

int
child_run(const struct child_spec *spec, struct child **c, struct fault *f)
{
	struct loop l;
	int r;

	*c = NULL;
	if (loop_open(&l, f) < 0)
		return -1;
	*c = child_start(&l, spec, stop_loop, NULL);
	r = loop_run(&l, f);
	if (r < 0) {
		child_free(*c);
		*c = NULL;
	}
	if (*c)
		(*c)->loop = NULL; /* it outlives it */
	loop_close(&l);
	return r;
}
