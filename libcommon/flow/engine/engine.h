/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine: carries out a run, from its first item or from wherever it was left. One process
 * and one loop; everything it knows is in the database or beside it, so that it can be killed
 * at any instant and started again.
 *
 * A turn of the loop: what ended is taken note of, items are let in, what they do next is
 * decided, all that is committed as one, and only then are the programs started.
 */
#ifndef FLOW_ENGINE_ENGINE_H
#define FLOW_ENGINE_ENGINE_H

#include "exec/attempt.h"
#include "exec/loop.h"
#include "flow/engine/admission.h"
#include "flow/engine/journal.h"
#include "flow/engine/run.h"
#include "flow/engine/work.h"
#include "flow/plan/recheck.h"
#include "io/progress.h"

struct floor;
struct judge;
struct expr;

/* How far the engine has been told to stop. */
enum engine_will {
	ENGINE_GO,
	ENGINE_CLOSE_DOWN, /* of its own: tripped; what is in work goes on to its end */
	ENGINE_CANCEL,     /* no more steps; undo and finally only */
	ENGINE_DRAIN,      /* start nothing; what runs may end */
};

struct engine {
	struct session *session;
	struct run run;
	struct workflow workflow;
	struct expr **whens; /* by step; NULL: none */
	char **actions;      /* by step: the plug-in's path; NULL: none */
	struct judge *judge;
	struct recheck *recheck;
	struct calendar hours;    /* hours.h */
	VEC(struct floor) floors; /* floors.h */
	int64_t begun_seen; /* how many others had begun when the floors were asked; -1: not */
	int is_alone;       /* one was let in on their word: nobody else before it is stored */
	int64_t item_time;  /* ms that an item may take */
	char *folder, *host, *prover;
	struct words halt_files; /* control.h */
	int is_dry, is_resumed, breaks_glass;

	struct loop loop;
	struct record record;
	struct attempts attempts;
	struct journal journal;
	struct admission admission;

	struct work *works;        /* by pos; those over hold nothing */
	struct after *after;       /* after.h */
	struct work once;          /* the run's own: once.h */
	VEC(struct work *) moved;  /* to be looked at in this turn */
	VEC(struct work *) locked; /* their items belong to another run now */
	VEC(struct task *) starts; /* intended: to be started once committed */
	uint32_t slots;            /* the last one given out */
	int running;               /* attempts that live */
	int counts_moved;          /* the run's counters */
	int64_t changed;           /* items skipped because they changed */

	enum engine_will will;
	int undoing;         /* with CANCEL: the items' done steps are undone */
	int has_cancelled;   /* every item was told */
	int wave_ended;      /* that it has was said */
	enum run_state goal; /* what the run will be once nothing runs any more */
	char *why;
	int signals;
	int64_t heard;      /* the last control row taken */
	int64_t bake_until; /* boot clock; 0: no wave is baking */
	int64_t gap_until;  /* boot clock; the next item may not start before */
	int64_t region;     /* of what is in work, with one_region */
	char *waits;        /* for what all runs share, as was said; NULL: it does not */
	int has_new_limit;  /* a person has raised max_fail */
	int64_t began;
	int64_t until;      /* boot clock: the run's time limit; 0: none */
	int is_ending;      /* the run's last state is written */
	struct fault fault; /* kind set: the engine cannot go on */

	struct timer poll, hear, retry, wake, unlock;
	struct loop_watch interrupt, terminate, hangup;
	struct progress progress;
};

struct engine_options {
	int is_dry;       /* say what would be done, touch nothing */
	int takeover;     /* end the engine that holds the run, as resume --takeover */
	int64_t max_fail; /* a new limit, for a run that has tripped; -1: as it was */
	int breaks_glass; /* a person's word, with a reason: windows and freezes are not heeded */
	void (*told)(const struct event *e, void *ctx); /* as journal's */
	void *ctx;
};

/*
 * Carries a run out until it is over, held, paused or tripped: the exit status of craton(7),
 * or -1. One that is over already gives the same status again, so that a resume from cron is no
 * error. FAULT_BUSY: another engine has it; FAULT_REFUSED: halted, or tripped and no new limit
 * is given. plan: of a dry run, which has no rows; else NULL.
 */
int engine_run(struct session *s, int64_t run, const struct plan *plan,
    const struct engine_options *o, struct fault *f);

/* ---- for the files of this room ---- */

/* The engine cannot go on: the first fault stands. */
void engine_fail(struct engine *e, const struct fault *f);

/* A turn at this time of the boot clock, even if nothing happens. */
void engine_wake_at(struct engine *e, int64_t at);

/* To be looked at before the turn ends. */
void engine_move(struct engine *e, struct work *w);

/* An item is over: counted, its place given to the next. */
void engine_item_over(struct engine *e, struct work *w, enum work_end how);

/*
 * Too much has failed: closes down as tripped, and opens the breaker of the workflow in the
 * same commit as whatever it was.
 */
void engine_trip(struct engine *e, const char *why);

/* Stops, more than it was stopping already, in this state and for this reason. */
void engine_stop(struct engine *e, enum engine_will will, enum run_state goal, const char *why);

#endif
