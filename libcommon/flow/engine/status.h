/* SPDX-License-Identifier: Apache-2.0 */
/* How far a run is and what holds it up, from its rows alone: no engine has to run. */
#ifndef FLOW_ENGINE_STATUS_H
#define FLOW_ENGINE_STATUS_H

#include "flow/engine/run.h"
#include "flow/people/remedy.h"

/* A step that is at work, waits for its next try, or is in doubt. */
struct status_step {
	char *ref, *step, *state;
	int64_t tries, due, started;
};

/* An item that may not start, and why: "cabinet=a12: host:dfw/db1 is active". */
struct status_block {
	char *ref, *why;
};

/* A person's word that no engine has taken yet. */
struct status_word {
	char *word, *actor, *reason;
	int64_t at;
};

/* Another run that waits for items that this one has in work. */
struct status_rival {
	int64_t run, items;
};

struct status {
	struct run run;
	int64_t active, queued;
	int64_t per_hour; /* items that have ended, of late; 0: none, or it does not move */
	int64_t eta;      /* ms to the end at that rate; 0: cannot be told */
	VEC(struct status_step) steps;
	VEC(struct status_block) blocks; /* the first STATUS_BLOCKS */
	VEC(struct status_word) words;
	VEC(struct status_rival) rivals;
	struct remedy remedy; /* how well its workflow works */
	int engine_lives;     /* the process that the row names runs on this machine */
	char *waits;          /* as run.wait said, and nobody has begun since; or NULL */
	char *next;           /* what a person may do now, or NULL */
};

#define STATUS_BLOCKS 10

/* out->run is filled in already; end with status_done. */
int status_read(struct session *s, struct status *out, struct fault *f);
void status_done(struct status *st);

/* The record of -o jsonl. */
void status_json(const struct status *st, struct str *out);

/* ---- for status.c ---- */

int status_find_blocks(
    struct session *s, const struct workflow *w, struct status *st, struct fault *f);

#endif
