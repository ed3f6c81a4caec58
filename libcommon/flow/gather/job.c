/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/gather/job.h"

#include "exec/env.h"
#include "exec/proc.h"
#include "flow/gather/probe.h"

#include <inttypes.h>
#include <string.h>

#define GRACE 2000 /* ms between TERM and KILL: a probe has nothing to put away */

struct job *
job_new(struct gathering *g, const struct probe_way *way)
{
	struct job *j = mem_zero(1, sizeof(*j));

	j->gathering = g;
	j->way = way;
	return j;
}

void
job_free(struct job *j)
{
	if (j->own && j->way->done)
		j->way->done(j);
	child_free(j->child);
	vec_done(&j->questions);
	free(j);
}

void
job_queue(struct gathering *g, struct job *j)
{
	j->next = NULL;
	*g->last = j;
	g->last = &j->next;
}

/* ---- what it knows ---- */

struct session *
job_session(const struct job *j)
{
	return j->gathering->s;
}

const struct gather *
job_probe(const struct job *j, size_t question)
{
	return &j->gathering->d->gathers.v[j->questions.v[question].probe];
}

const struct definition *
job_definition(const struct job *j)
{
	return j->gathering->d;
}

int64_t
job_timeout(const struct job *j, size_t question)
{
	int64_t given = j->gathering->o->timeout;

	return given ? given : job_probe(j, question)->timeout;
}

int64_t
job_fanout(const struct job *j)
{
	return j->gathering->o->fanout;
}

const char *
job_connections(const struct job *j)
{
	return j->gathering->connections;
}

char *const *
job_environment(const struct job *j)
{
	return j->gathering->bare.v;
}

/* ---- starting ---- */

/* "said" of the child's, which knows its job. */
static void
said(struct child *child)
{
	struct job *j = child->arg;

	j->way->said(j);
}

static void
leave(struct job *j)
{
	struct job **at = &j->gathering->jobs;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	j->gathering->running--;
}

/* One that we stopped has no answer, nor a miss: the run is over. */
static void
ended(struct child *child)
{
	struct job *j = child->arg;

	leave(j);
	if (outcome_kind(&child->outcome) != OUTCOME_STOP)
		j->way->ended(j);
	if (j->rest)
		job_queue(j->gathering, j->rest);
	job_free(j);
}

void
job_start(struct job *j, struct child_spec *spec)
{
	struct gathering *g = j->gathering;

	if (!spec->env) {
		char *key = mem_printf(
		    "audit/%" PRId64 "/%s", j->questions.v[0].item, job_probe(j, 0)->into);

		env_put(&g->env, PROC_KEY, key);
		spec->env = g->env.v;
		free(key);
	}
	spec->out = spec->err = CHILD_TO_MEMORY;
	spec->limits.grace = GRACE;
	if (!spec->limits.cap)
		spec->limits.cap = READING_MOST;
	j->next = g->jobs;
	g->jobs = j;
	g->running++;
	j->child = child_start(&g->loop, spec, ended, j);
	if (j->way->said)
		j->child->said = said;
}

int
job_run(struct job *j)
{
	struct gathering *g = j->gathering;
	int status = j->way->start(j, g->fault);

	g->result->asked += (int64_t)j->questions.n;
	if (j->child)
		return 0;
	if (status < 0 && g->fault->kind != FAULT_BAD) {
		job_free(j);
		return -1;
	}
	for (size_t i = 0; i < j->questions.n; i++)
		job_miss(j, i, VERDICT_ERROR, g->fault->text);
	job_free(j);
	return 0;
}

/* ---- answers ---- */

void
job_answer_take(struct job *j, size_t question, struct reading *r)
{
	struct question *q = &j->questions.v[question];
	struct gathering *g = j->gathering;

	if (q->answered) {
		free(r->value);
		free(r->why);
		return;
	}
	q->answered = 1;
	g->progress.done++;
	if (r->verdict == VERDICT_PASS) {
		vec_push(&g->answers, ((struct answer){q->item, q->probe, r->value}));
		return;
	}
	g->result->missed[r->verdict]++;
	vec_push(&g->result->misses, ((struct gather_miss){q->item, q->probe, r->verdict, r->why}));
}

void
job_miss(struct job *j, size_t question, enum verdict verdict, const char *why)
{
	struct reading r;

	reading_miss(&r, verdict, why);
	job_answer_take(j, question, &r);
}

void
job_again(struct job *j, size_t question)
{
	struct question *q = &j->questions.v[question];

	if (q->answered)
		return;
	q->answered = 1;
	if (!j->rest)
		j->rest = job_new(j->gathering, j->way);
	vec_push(&j->rest->questions, ((struct question){q->item, q->probe, 0}));
}

void
job_remark(struct job *j, int64_t item, const char *what, const char *more)
{
	struct gather_result *r = j->gathering->result;

	for (size_t i = 0; i < r->remarks.n; i++)
		if (!strcmp(r->remarks.v[i].what, what)) {
			r->remarks.v[i].items++;
			return;
		}
	vec_push(&r->remarks, ((struct gather_remark){what, mem_dup(more), item, 1}));
}
