/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/gather.h"

#include "base/when.h"
#include "exec/child.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "fleet/log/change.h"
#include "fleet/source.h"
#include "flow/audit/reading.h"
#include "io/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#define GRACE 2000 /* ms between TERM and KILL: a probe has nothing to put away */
#define BATCH 500  /* values a transaction */

/* A probe of an item that runs, or has ended and waits to be stored. */
struct asking {
	struct gathering *gathering;
	int64_t item;
	size_t probe;
	struct child *child;
	char *value; /* canonical JSON, once it is known */
	struct asking *next;
};

struct gathering {
	struct session *s;
	const struct definition *d;
	const struct ids *items;
	const struct gather_options *o;
	struct gather_result *result;
	struct fault *fault;
	int failed;
	struct loop loop;
	struct loop_watch signals[2];
	size_t item, probe; /* the next to ask */
	int64_t running;
	struct asking *asked; /* that run */
	VEC(struct asking *) answers;
	int64_t source;
	struct words env;
	struct progress progress;
};

static void
asking_free(struct asking *a)
{
	if (a->child)
		child_free(a->child);
	free(a->value);
	free(a);
}

static int
give_up(struct gathering *g)
{
	g->failed = 1;
	loop_stop(&g->loop);
	return -1;
}

static void
miss(struct gathering *g, int64_t item, size_t probe, enum verdict verdict, const char *why)
{
	vec_push(&g->result->misses, ((struct gather_miss){item, probe, verdict, mem_dup(why)}));
}

/* ---- storing ---- */

static int
store_one(struct gathering *g, struct change *c, const struct asking *a, int64_t now)
{
	const char *into = g->d->gathers.v[a->probe].into;
	struct str variables = STR_INIT;
	struct document document;
	int status = document_get(g->s, a->item, g->source, &document, g->fault);

	if (status >= 0) {
		jtext_with(JTEXT(document.variables), into, JTEXT(a->value), &variables);
		free(document.variables);
		document.variables = str_take(&variables);
		status = change_document(c, &document, g->fault);
		document_done(&document);
	}
	if (status < 0)
		return -1;
	return db_run(g->s->db, g->fault,
		   "INSERT INTO gathered (item, source, key, at) VALUES ($1, $2, $3, $4) "
		   "ON CONFLICT (item, source, key) DO UPDATE SET at = excluded.at",
		   "iisi", a->item, g->source, into, now) < 0
		   ? -1
		   : 0;
}

static int
store_all(struct gathering *g)
{
	int64_t now = when_now();
	struct change c;

	if (!g->answers.n)
		return 0;
	if (change_begin(&c, g->s, g->source, g->fault) < 0)
		return -1;
	for (size_t i = 0; i < g->answers.n; i++) {
		if (store_one(g, &c, g->answers.v[i], now) < 0) {
			change_rollback(&c);
			return -1;
		}
	}
	if (change_commit(&c, g->fault) < 0)
		return -1;
	for (size_t i = 0; i < g->answers.n; i++)
		asking_free(g->answers.v[i]);
	g->answers.n = 0;
	return 0;
}

/* ---- asking ---- */

static void
forget_asking(struct gathering *g, struct asking *a)
{
	struct asking **at = &g->asked;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	g->running--;
}

static void
ended(struct child *child)
{
	struct asking *a = child->arg;
	struct gathering *g = a->gathering;
	struct reading r;

	forget_asking(g, a);
	g->progress.done++;
	reading_of(&r, &g->d->gathers.v[a->probe], child);
	if (r.verdict == VERDICT_PASS) {
		a->value = r.value;
		child_free(a->child);
		a->child = NULL;
		vec_push(&g->answers, a);
		return;
	}
	if (outcome_kind(&child->outcome) != OUTCOME_STOP)
		miss(g, a->item, a->probe, r.verdict, r.why);
	free(r.why);
	asking_free(a);
}

static void
start(struct gathering *g, int64_t item, size_t probe, char *const *argv)
{
	const struct gather *what = &g->d->gathers.v[probe];
	int64_t timeout = g->o->timeout ? g->o->timeout : what->timeout;
	struct asking *a = mem_zero(1, sizeof(*a));
	char *key = mem_printf("audit/%" PRId64 "/%s", item, what->into);
	struct child_spec spec = {.argv = argv, .out = CHILD_TO_MEMORY, .err = CHILD_TO_MEMORY};

	env_put(&g->env, PROC_KEY, key);
	spec.env = g->env.v;
	spec.limits = (struct limits){
	    .deadline = when_boot() + timeout, .grace = GRACE, .cap = GATHER_OUTPUT};
	*a = (struct asking){.gathering = g, .item = item, .probe = probe, .next = g->asked};
	g->asked = a;
	g->running++;
	g->result->asked++;
	a->child = child_start(&g->loop, &spec, ended, a);
	free(key);
}

/* Whether a value is young enough to be used as it is: 1, 0, -1. */
static int
is_fresh(struct gathering *g, int64_t item, const struct gather *what)
{
	int64_t at = 0;
	int found;

	if (!what->max_age || g->o->fresh)
		return 0;
	found = db_get_int(g->s->db, &at, g->fault,
	    "SELECT at FROM gathered WHERE item = $1 AND source = $2 AND key = $3", "iis", item,
	    g->source, what->into);
	return found == 1 ? at >= when_now() - what->max_age : found;
}

static int
ask(struct gathering *g, int64_t item, size_t probe)
{
	const struct gather *what = &g->d->gathers.v[probe];
	struct words argv = {0};
	int fresh = is_fresh(g, item, what);

	if (fresh < 0)
		return -1;
	if (fresh) {
		g->result->fresh++;
		g->progress.done++;
		return 0;
	}
	if (reading_argv(g->s, what, item, &argv, g->fault) == 0) {
		vec_push(&argv, NULL);
		start(g, item, probe, argv.v);
	} else if (g->fault->kind == FAULT_BAD) {
		miss(g, item, probe, VERDICT_ERROR, g->fault->text);
	} else {
		words_done(&argv);
		return -1;
	}
	words_done(&argv);
	return 0;
}

static int
more(const struct gathering *g)
{
	return g->item < g->items->n && !g->result->stopped;
}

static int
ask_more(struct gathering *g)
{
	while (more(g) && g->running < g->o->fanout) {
		if (ask(g, g->items->v[g->item], g->probe) < 0)
			return -1;
		if (++g->probe == g->d->gathers.n) {
			g->probe = 0;
			g->item++;
		}
	}
	return 0;
}

static void
turn(void *arg)
{
	struct gathering *g = arg;
	int last;

	if (g->failed)
		return;
	if (ask_more(g) < 0) {
		give_up(g);
		return;
	}
	last = !g->running && !more(g);
	if ((last || g->answers.n >= BATCH) && store_all(g) < 0) {
		give_up(g);
		return;
	}
	progress_draw(&g->progress);
	if (last)
		loop_stop(&g->loop);
}

static void
stop(void *arg)
{
	struct gathering *g = arg;

	if (g->result->stopped)
		for (struct asking *a = g->asked; a; a = a->next)
			child_stop(a->child);
	g->result->stopped = 1;
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

static int
prepare(struct gathering *g)
{
	static const int signos[] = {SIGINT, SIGTERM};
	char *name = mem_printf("audit/%s", g->d->audit);
	int status = db_begin(g->s->db, g->fault);

	if (status == 0)
		status = source_want(g->s, name, &g->source, g->fault);
	if (status == 0)
		status = db_commit(g->s->db, g->fault);
	else
		db_rollback(g->s->db);
	free(name);
	for (size_t i = 0; status == 0 && i < 2; i++) {
		g->signals[i] = (struct loop_watch){.fn = stop, .arg = g};
		status = loop_signal(&g->loop, &g->signals[i], signos[i], g->fault);
	}
	return status;
}

static void
gathering_done(struct gathering *g)
{
	while (g->asked) {
		struct asking *a = g->asked;

		forget_asking(g, a);
		asking_free(a);
	}
	for (size_t i = 0; i < g->answers.n; i++)
		asking_free(g->answers.v[i]);
	vec_done(&g->answers);
	for (size_t i = 0; i < 2; i++)
		loop_unwatch(&g->signals[i]);
	words_done(&g->env);
	loop_close(&g->loop);
}

int
gather_run(struct session *s, const struct definition *d, const struct ids *items,
    const struct gather_options *o, struct gather_result *out, struct fault *f)
{
	struct gathering g = {.s = s, .d = d, .items = items, .o = o, .result = out, .fault = f};
	int status;

	*out = (struct gather_result){0};
	if (!d->gathers.n || !items->n)
		return 0;
	if (loop_open(&g.loop, f) < 0)
		return -1;
	env_init(&g.env);
	g.loop.turn = turn;
	g.loop.arg = &g;
	progress_start(&g.progress, "probes", (int64_t)(items->n * d->gathers.n));
	status = prepare(&g);
	if (status == 0)
		status = loop_run(&g.loop, f);
	if (g.failed)
		status = -1;
	progress_end(&g.progress);
	gathering_done(&g);
	vec_sort(&out->misses, by_item);
	return status;
}

void
gather_result_done(struct gather_result *r)
{
	for (size_t i = 0; i < r->misses.n; i++)
		free(r->misses.v[i].why);
	vec_done(&r->misses);
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
