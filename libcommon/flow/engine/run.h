/* SPDX-License-Identifier: Apache-2.0 */
/* A run: one plan being carried out. Its rows, as engines and people read them. */
#ifndef FLOW_ENGINE_RUN_H
#define FLOW_ENGINE_RUN_H

#include "flow/plan/plan.h"

/* In the order of the words of table run. */
enum run_state {
	RUN_PLANNED,
	RUN_RUNNING,
	RUN_PAUSED,
	RUN_HELD,
	RUN_STOPPING,
	RUN_TRIPPED,
	RUN_DONE,
	RUN_DONE_WITH_KICKED,
	RUN_CANCELLED,
	RUN_STATES
};

extern const char *const run_words[RUN_STATES + 1]; /* ended by NULL */

struct run {
	int64_t id, project;
	char *plan; /* the hash of its file */
	char *workflow, *definition, *selection;
	struct policy policy; /* that its plan was made under */
	struct plan_limits limits;
	enum run_state state;
	char *why;
	int64_t wave, approved, epoch;
	int64_t engine_pid, engine_start; /* 0: none yet */
	char *engine_host, *boot;
	int64_t items, ok, kicked, skipped, cancelled;
	char *actor, *reason;
	int64_t created, started, ended;
};

void run_done(struct run *r);

/* 1 found, 0 not, -1. */
int run_get(struct session *s, int64_t id, struct run *out, struct fault *f);

/* Calls each for every run of the project, the newest first, until it is not 0. r may be taken. */
int run_each(struct session *s,
    int (*each)(struct session *s, struct run *r, void *ctx, struct fault *f), void *ctx,
    struct fault *f);

/* The run a user means by text; NULL: the newest that is not ended, else the newest. */
int run_want(struct session *s, const char *text, struct run *out, struct fault *f);

/*
 * Makes a run of a plan, with all its items, in one transaction. FAULT_REFUSED if the plan has
 * run already.
 */
int run_create(struct session *s, const struct plan *p, int64_t *id, struct fault *f);

/* Whether nothing can be added to it any more. */
int run_is_over(const struct run *r);

/* Whether the engine that its row names is at work on it, on this machine. */
int run_engine_lives(const struct run *r);

/* Whether it may still move without anybody's doing: it is about to begin, or at work. */
int run_is_moving(const struct run *r);

/* What it is as an exit status: see craton(7). Done, but for a reason: its after was not. */
int run_exit_status(const struct run *r);

/* "DB.runs/7", to be freed: the folder of its record and output. */
char *run_folder(const struct db *db, int64_t id);

/* A word to a run that its engine, or the next one, takes: enum words of table control. */
int run_tell(
    struct session *s, int64_t run, const char *word, int64_t wave, int64_t *id, struct fault *f);

#endif
