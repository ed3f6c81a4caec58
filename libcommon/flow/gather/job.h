/* SPDX-License-Identifier: Apache-2.0 */
/* One child of a gathering and what it is asked: inside this room only. */
#ifndef FLOW_JOB_H
#define FLOW_JOB_H

#include "exec/child.h"
#include "flow/audit/definition.h"
#include "flow/gather/gather.h"
#include "flow/gather/reading.h"
#include "io/progress.h"

struct gathering;
struct probe_way;

/* What one probe wants of one item. */
struct question {
	int64_t item;
	size_t probe; /* its place in the definition */
	int answered;
};

struct job {
	struct gathering *gathering;
	const struct probe_way *way;
	VEC(struct question) questions; /* one at least */
	struct child *child;
	void *own;        /* the way's */
	struct job *rest; /* what is to be asked once more */
	struct job *next;
};

/* ---- for the ways: job.c ---- */

struct session *job_session(const struct job *j);
const struct gather *job_probe(const struct job *j, size_t question);

const struct definition *job_definition(const struct job *j);

/* The time limit of a question, ms: the command line's, else the definition's. */
int64_t job_timeout(const struct job *j, size_t question);

/* How many may run at once. */
int64_t job_fanout(const struct job *j);

/* Where connections are kept, or NULL: see ssh_folder. */
const char *job_connections(const struct job *j);

/* Our own, without CRATON_KEY: for what keeps connections that are to outlive it. */
char *const *job_environment(const struct job *j);

/*
 * argv (ended by NULL), input and the deadline are the caller's; env too, or it is ours with
 * the key of the first question; a cap of 0 is READING_MOST.
 */
void job_start(struct job *j, struct child_spec *spec);

/* Takes the reading. The first answer to a question stands. */
void job_answer_take(struct job *j, size_t question, struct reading *r);

/* The same with a verdict and a reason. */
void job_miss(struct job *j, size_t question, enum verdict verdict, const char *why);

/* Asks it once more, together with the others of this job that are. */
void job_again(struct job *j, size_t question);

/* What is odd about an item that answered all the same: the same words for all of its kind. */
void job_remark(struct job *j, int64_t item, const char *what, const char *more);

/* ---- the whole of them: gather.c, store.c ---- */

/* A value that waits to be stored. */
struct answer {
	int64_t item;
	size_t probe;
	char *value; /* canonical JSON */
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
	size_t item;      /* the next to ask */
	int64_t since;    /* values from then on are those of a run that was killed; 0: none was */
	int64_t running;  /* jobs */
	struct job *jobs; /* that run */
	struct job *first, **last; /* that wait for their turn */
	struct job **many;         /* by probe: the one that is being filled */
	VEC(struct answer) answers;
	int64_t stored; /* boot clock */
	int64_t source;
	struct words env, bare;
	char *connections;
	struct progress progress;
};

struct job *job_new(struct gathering *g, const struct probe_way *way);
void job_free(struct job *j);

/* Behind those that wait. */
void job_queue(struct gathering *g, struct job *j);

/* Starts it. 0 too where it could not be, and all its questions are answered. */
int job_run(struct job *j);

/* Ends the gathering with its fault. -1. */
int gather_give_up(struct gathering *g);

/* The layer of source audit/NAME: made if need be; what waits is put there in one change. */
int store_open(struct gathering *g);
int store_all(struct gathering *g);

/* Whether a value is young enough to be used as it is: 1, 0, -1. */
int store_is_fresh(struct gathering *g, int64_t item, const struct gather *what);

/* A miss of an item that could not be asked, whose value is older than its max_age: stale. */
int store_outlived(struct gathering *g, struct gather_miss *miss);

#endif
