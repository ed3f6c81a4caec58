/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/sweep.h"

#include "base/map.h"
#include "exec/proc.h"

#include <signal.h>
#include <unistd.h>

static void
signal_one(pid_t pid, void *arg)
{
	char key[PROC_KEY_LONGEST + 1];
	union map_value *v;

	if (pid == getpid() || !proc_key(pid, key))
		return;
	v = map_get(arg, key);
	for (struct sweep *one = v ? v->p : NULL; one; one = one->same)
		if (kill(pid, one->signo) == 0)
			one->found++;
}

/* The answers may ask again or cancel others: each is taken from the list before its call. */
static void
walk(void *arg)
{
	struct sweeper *s = arg;
	struct map keys = {0};
	size_t asked = s->asked.n;

	for (size_t i = 0; i < asked; i++) {
		struct sweep *one = s->asked.v[i];
		union map_value *v;

		if (!one)
			continue; /* cancelled */
		v = map_put(&keys, one->key, NULL);
		one->found = 0;
		one->same = v->p;
		v->p = one;
	}
	proc_each(signal_one, &keys);
	map_done(&keys);
	for (size_t i = 0; i < asked; i++) {
		struct sweep *one = s->asked.v[i];

		s->asked.v[i] = NULL;
		if (one)
			one->fn(one->found, one->arg);
	}
	for (size_t i = asked; i < s->asked.n; i++)
		s->asked.v[i - asked] = s->asked.v[i];
	s->asked.n -= asked;
}

void
sweeper_init(struct sweeper *s, struct timers *timers)
{
	*s = (struct sweeper){.timers = timers, .timer = {.fn = walk, .arg = s}};
}

void
sweeper_done(struct sweeper *s)
{
	if (s->timers)
		timer_stop(s->timers, &s->timer);
	vec_done(&s->asked);
}

void
sweep_ask(struct sweeper *s, struct sweep *one)
{
	vec_push(&s->asked, one);
	timer_set(s->timers, &s->timer, 0);
}

void
sweep_cancel(struct sweeper *s, struct sweep *one)
{
	for (size_t i = 0; i < s->asked.n; i++)
		if (s->asked.v[i] == one)
			s->asked.v[i] = NULL;
}
