/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One try at a step, as the engine sees it: started under the guard, or without one where the
 * step is declared idempotent; found again after a crash; and settled, which is the question
 * "what became of it?" answered from its slot, its lock and the processes alive, in an order
 * that stays right whoever was killed at any instant.
 *
 * What the engine owes: the intent is committed before attempt_start, the slot reserved before
 * that (record_reserve), and the result committed before anything rests on it.
 */
#ifndef EXEC_ATTEMPT_H
#define EXEC_ATTEMPT_H

#include "exec/child.h"
#include "exec/record.h"

enum attempt_verdict {
	ATTEMPT_ALIVE,         /* it runs; settled comes later */
	ATTEMPT_RESULT,        /* it ended: outcome */
	ATTEMPT_NEVER_STARTED, /* proved: start it again in its slot, or dispose of it */
	ATTEMPT_UNKNOWN,       /* it began, or may have, and nobody can know its end */
	ATTEMPT_VOID,          /* it was disposed of: it never ran and never will */
	ATTEMPT_CLEARED,       /* after attempt_clear: nothing of it lives */
};

struct attempt;

/* All attempts of one run. Set loop, record, epoch and settled; then attempts_open. */
struct attempts {
	struct loop *loop;
	struct record *record;
	uint32_t epoch; /* of this engine */

	/* Called within a batch whenever a verdict other than ALIVE is reached; may free it. */
	void (*settled)(struct attempt *a);

	char *guard; /* where the program is */
	struct attempt *first;
};

/* Finds the guard: CRATON_GUARD, else libexec/craton/craton-guard of the prefix. */
int attempts_open(struct attempts *all, struct fault *f);

/* After each attempt was freed. */
void attempts_close(struct attempts *all);

struct attempt {
	struct attempts *all;
	void *owner; /* the engine's */
	uint32_t slot;
	enum attempt_verdict verdict;
	struct outcome outcome; /* with RESULT; with UNKNOWN its flags say what we did to it */

	/* attempt.c's own */
	struct attempt *next, *previous;
	char *key;
	struct limits limits;
	int same_boot; /* its intent was committed in this boot */
	int same_disk; /* and since then the record's file system has stayed mounted */
	int is_ours;   /* this engine spawned its guard */
	int has_ended; /* we have seen its end, whether or not its slot could take it */
	int starts;
	enum attempt_verdict later; /* reached, to be told in the next batch */
	int stopping;               /* attempt_stop was called */
	int lock;                   /* of its slot; -1: not held */
	struct reap guard;          /* guard.pid 0: none of ours runs */
	struct child *child;        /* without a guard */

	/* of one whose guard is not our child: woken by a pidfd, and by the clock */
	int is_orphan; /* its guard is dead, its action or group is not */
	int pidfd;     /* -1: none */
	struct loop_watch end;
	struct timer timer;
	int is_watched; /* we end it, in the guard's place */
	struct watch watch;

	struct sweep sweep; /* of attempt_clear */
	int64_t clear_until;
};

/* slot: its number in the record, never used by another attempt; of no use without guard. */
struct attempt *attempt_new(struct attempts *all, uint32_t slot, void *owner);

/* Lets go of it: what runs goes on running under its guard; without a guard it is killed. */
void attempt_free(struct attempt *a);

/*
 * Starts it, for the first time or after NEVER_STARTED; the verdict is ALIVE. With a guard
 * spec->out and spec->err are files. What cannot be started settles as a RESULT with
 * OUTCOME_NEVER_RAN; so does the third start in a row that left no trace.
 */
void attempt_start(struct attempt *a, const struct child_spec *spec, int guarded);

/* Instead: without a program, it has ended with this exit status, to be told in the next batch. */
void attempt_end(struct attempt *a, int status);

/* What a row in state "running" tells an engine that did not start it. */
struct attempt_past {
	int guarded;
	const char *boot; /* the record's era of its intent */
	const char *key;  /* its CRATON_KEY */
	int64_t deadline, grace;
};

/*
 * Takes it over after a crash. The verdict is returned and stands in a->verdict; settled is
 * called for it only after ALIVE. Without a guard it is UNKNOWN: attempt_clear, then try anew.
 */
enum attempt_verdict attempt_adopt(struct attempt *a, const struct attempt_past *past);

/* Ends it before its time: TERM, grace, KILL. It settles with OUTCOME_STOPPED in the flags. */
void attempt_stop(struct attempt *a);

/*
 * Before a new attempt on the item after UNKNOWN: ends everything that is left of this one,
 * its group and what carries its key, then settles as CLEARED.
 */
void attempt_clear(struct attempt *a);

/*
 * After NEVER_STARTED: marks the slot, so that a guard that comes late refuses. Then the
 * attempt may be closed in the database.
 */
int attempt_dispose(struct attempt *a, struct fault *f);

#endif
