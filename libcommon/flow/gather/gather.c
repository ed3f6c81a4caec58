/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/gather/gather.h"

#include "base/when.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "exec/remote/ssh.h"
#include "exec/spawn.h"
#include "flow/gather/probe.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Values of a transaction; and how long one that is here waits, since a kill loses it. */
#define BATCH 500
#define WAIT 2000

/* Of a probe that takes many items at once. */
#define MANY 500

/* A kept connection is a process of more than a MiB: a fleet has none, a few hundred hosts do. */
#define KEEP_MOST 256

int
gather_give_up(struct gathering *g)
{
	g->failed = 1;
	loop_stop(&g->loop);
	return -1;
}

/* ---- asking ---- */

static int
same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Of this item's jobs the one that takes the question, or a new one. */
static struct job *
job_for(struct gathering *g, struct job *of_item, const struct probe_way *way, size_t probe)
{
	const char *with = g->d->gathers.v[probe].with;

	if (way->span == PROBE_MANY) {
		if (!g->many[probe])
			g->many[probe] = job_new(g, way);
		return g->many[probe];
	}
	for (struct job *j = of_item; j && way->span == PROBE_ITEM; j = j->next) {
		const char *other = job_probe(j, 0)->with;

		if (j->way == way && same_text(with, other))
			return j;
	}
	of_item = job_new(g, way);
	job_queue(g, of_item);
	return of_item;
}

/* A batch that is full, or all of them at the end, is ready to go. */
static void
queue_many(struct gathering *g, size_t least)
{
	for (size_t i = 0; i < g->d->gathers.n; i++) {
		struct job *j = g->many[i];

		if (!j || j->questions.n < least)
			continue;
		g->many[i] = NULL;
		job_queue(g, j);
	}
}

static int
ask_item(struct gathering *g, int64_t item)
{
	struct job **here = g->last;

	for (size_t i = 0; i < g->d->gathers.n; i++) {
		const struct gather *what = &g->d->gathers.v[i];
		int fresh = store_is_fresh(g, item, what);
		struct job *j;

		if (fresh < 0)
			return -1;
		g->result->fresh += fresh;
		g->progress.done += fresh;
		if (fresh)
			continue;
		j = job_for(g, *here, probe_way(what->probe), i);
		vec_push(&j->questions, ((struct question){item, i, 0}));
	}
	queue_many(g, MANY);
	return 0;
}

static int
more_items(const struct gathering *g)
{
	return g->item < g->items->n && !g->result->stopped;
}

static int
ask_more(struct gathering *g)
{
	while (g->running < g->o->fanout) {
		struct job *j = g->first;

		if (j) {
			g->first = j->next;
			if (!g->first)
				g->last = &g->first;
			if (job_run(j) < 0)
				return -1;
		} else if (more_items(g)) {
			if (ask_item(g, g->items->v[g->item++]) < 0)
				return -1;
			if (!more_items(g))
				queue_many(g, 1);
		} else {
			return 0;
		}
	}
	return 0;
}

/* ---- the loop ---- */

static void
tell(struct gathering *g)
{
	struct str text = STR_INIT;

	for (int i = 0; i < VERDICT_COUNT; i++)
		if (g->result->missed[i])
			str_addf(&text, "%s%" PRId64 " %s", text.len ? ", " : "",
			    g->result->missed[i], verdict_words[i]);
	snprintf(g->progress.extra, sizeof(g->progress.extra), "%s", text.len ? text.text : "");
	str_done(&text);
	progress_draw(&g->progress);
}

static void
turn(void *arg)
{
	struct gathering *g = arg;
	int last, late;

	if (g->failed)
		return;
	if (ask_more(g) < 0) {
		gather_give_up(g);
		return;
	}
	last = !g->running && !g->first && !more_items(g);
	late = g->answers.n && when_boot() - g->stored > WAIT;
	if ((last || late || g->answers.n >= BATCH) && store_all(g) < 0) {
		gather_give_up(g);
		return;
	}
	tell(g);
	if (last)
		loop_stop(&g->loop);
}

static void
forget_waiting(struct gathering *g)
{
	for (struct job *j = g->first, *next; j; j = next) {
		next = j->next;
		job_free(j);
	}
	g->first = NULL;
	g->last = &g->first;
	for (size_t i = 0; g->many && i < g->d->gathers.n; i++) {
		if (g->many[i])
			job_free(g->many[i]);
		g->many[i] = NULL;
	}
}

static void
stop(void *arg)
{
	struct gathering *g = arg;

	if (g->result->stopped)
		for (struct job *j = g->jobs; j; j = j->next)
			child_stop(j->child);
	g->result->stopped = 1;
	forget_waiting(g);
}

/* ---- the whole ---- */

static int
by_item(const void *a, const void *b)
{
	const struct gather_miss *x = a, *y = b;

	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	return (x->probe > y->probe) - (x->probe < y->probe);
}

static void
keep_connections(struct gathering *g)
{
	struct fault ignored; /* then each session connects anew, which is slower and as good */
	int wanted = 0;

	for (size_t i = 0; i < g->d->gathers.n; i++)
		wanted |= probe_way(g->d->gathers.v[i].probe) == &probe_ssh;
	if (wanted && g->items->n <= KEEP_MOST)
		g->connections = ssh_folder(&ignored);
}

static int
prepare(struct gathering *g)
{
	static const int signos[] = {SIGINT, SIGTERM};
	int status = spawn_room(2 * (size_t)g->o->fanout, g->fault);

	if (status == 0)
		status = store_open(g);
	for (size_t i = 0; status == 0 && i < 2; i++) {
		g->signals[i] = (struct loop_watch){.fn = stop, .arg = g};
		status = loop_signal(&g->loop, &g->signals[i], signos[i], g->fault);
	}
	keep_connections(g);
	return status;
}

static void
gathering_done(struct gathering *g)
{
	forget_waiting(g);
	while (g->jobs) {
		struct job *j = g->jobs;

		g->jobs = j->next;
		job_free(j);
	}
	for (size_t i = 0; i < g->answers.n; i++)
		free(g->answers.v[i].value);
	vec_done(&g->answers);
	for (size_t i = 0; i < 2; i++)
		loop_unwatch(&g->signals[i]);
	words_done(&g->env);
	words_done(&g->bare);
	free(g->many);
	free(g->connections);
	loop_close(&g->loop);
}

int
gather_run(struct session *s, const struct definition *d, const struct ids *items,
    const struct gather_options *o, struct gather_result *out, struct fault *f)
{
	struct gathering g = {.s = s,
	    .d = d,
	    .items = items,
	    .o = o,
	    .result = out,
	    .fault = f,
	    .since = o->since,
	    .stored = when_boot()};
	int status;

	*out = (struct gather_result){0};
	if (!d->gathers.n || !items->n)
		return 0;
	if (loop_open(&g.loop, f) < 0)
		return -1;
	g.last = &g.first;
	g.many = mem_zero(d->gathers.n, sizeof(struct job *));
	env_init(&g.env);
	env_init(&g.bare);
	env_put(&g.bare, PROC_KEY, NULL);
	g.loop.turn = turn;
	g.loop.arg = &g;
	progress_start(&g.progress, "probes", (int64_t)(items->n * d->gathers.n));
	status = prepare(&g);
	if (status == 0)
		status = loop_run(&g.loop, f);
	if (g.failed)
		status = -1;
	progress_end(&g.progress);
	for (size_t i = 0; status == 0 && i < out->misses.n; i++)
		status = store_outlived(&g, &out->misses.v[i]);
	gathering_done(&g);
	vec_sort(&out->misses, by_item);
	return status;
}

void
gather_result_done(struct gather_result *r)
{
	for (size_t i = 0; i < r->misses.n; i++)
		free(r->misses.v[i].why);
	for (size_t i = 0; i < r->remarks.n; i++)
		free(r->remarks.v[i].more);
	vec_done(&r->misses);
	vec_done(&r->remarks);
}

static int
names(const struct expr *e, const char *variable)
{
	const struct words *variables = e ? expr_variables(e) : NULL;

	for (size_t i = 0; variables && i < variables->n; i++)
		if (!strcmp(variables->v[i], variable))
			return 1;
	return 0;
}

const struct gather_miss *
gather_miss_of(
    const struct gather_result *r, const struct definition *d, const struct check *c, int64_t item)
{
	for (size_t probe = 0; r->misses.n && probe < d->gathers.n; probe++) {
		struct gather_miss key = {.item = item, .probe = probe};
		const struct gather_miss *found =
		    bsearch(&key, r->misses.v, r->misses.n, sizeof(key), by_item);
		const char *into = d->gathers.v[probe].into;

		if (found && (names(c->expect_expr, into) || names(c->when_expr, into)))
			return found;
	}
	return NULL;
}
