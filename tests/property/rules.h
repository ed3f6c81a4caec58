/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a batch, once more: written from what craton-workflow(5) and the design promise,
 * in the plainest way (it looks at every item for every question), and without a line of the
 * engine's. It is told what a run does, in the order of its events, and says what was wrong.
 */
#ifndef PROPERTY_RULES_H
#define PROPERTY_RULES_H

#include <stdint.h>

enum { ITEMS = 48, STEPS = 3, LABELS = 2, TRIES = 3, SIZES = 3 };

struct share {
	int is_percent;
	int64_t n;
};

enum asks { ASKS_NEVER, ASKS_AFTER_CANARY, ASKS_EVERY_WAVE };
enum otherwise { THEN_KICK, THEN_CONTINUE, THEN_HALT };

/* A workflow and its items, as they were written down. */
struct rules_case {
	int items, steps, labels, sizes;
	int64_t canary, in_flight, max_fail_in_a_row;
	enum asks asks;
	struct share size[SIZES], max_fail, spread[LABELS];
	int doubling, strict, bakes;

	int value[ITEMS][LABELS];        /* -1: it has no such label, and is a domain of its own */
	int status[ITEMS][STEPS][TRIES]; /* of each attempt; the last of those that follow */

	int64_t retries[STEPS];
	enum otherwise otherwise[STEPS];
	int needs[STEPS][STEPS];
};

enum item_state { QUEUED, ACTIVE, FINE, KICKED };
enum step_state { UNTOUCHED, AT_WORK, WAITS, OVER_DONE, OVER_FAILED };

struct rules {
	const struct rules_case *c;

	/* worked out */
	int64_t max_fail;
	int wave[ITEMS], waves; /* the last */

	/* as it stands */
	enum item_state state[ITEMS];
	enum step_state step[ITEMS][STEPS];
	int64_t tries[ITEMS][STEPS];
	int open, approved; /* waves; -1: none */
	int64_t active, failed, row;
	int has_tripped, is_signalled, has_ended;

	char wrong[256]; /* the first thing; "" */
};

void rules_init(struct rules *r, const struct rules_case *c);

/* A new engine goes on with it. */
void rules_go_on(struct rules *r);

/* What the events say. */
void rules_wave(struct rules *r, int wave);
void rules_item_start(struct rules *r, int item);
void rules_step_start(struct rules *r, int item, int step, int64_t attempt);
void rules_step_end(
    struct rules *r, int item, int step, int64_t attempt, int status, int is_retried);
void rules_step_void(struct rules *r, int item, int step);
void rules_item_end(struct rules *r, int item, int is_kicked, int step);
void rules_end(struct rules *r, const char *state);

/* After all events of one commit: whatever may begin has begun. */
void rules_commit(struct rules *r);

/* Whether the run waits for a person's word. */
int rules_wants_approval(const struct rules *r);

#endif
