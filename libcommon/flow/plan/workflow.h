/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workflow: steps that need each other, and how many items may be in them at once. Read from
 * YAML, or from the canonical JSON that a plan holds, by the same function. craton-workflow(5)
 *
 * A key that this version does not carry out is refused by name, never passed over: what an
 * operator wrote as a limit must limit.
 */
#ifndef FLOW_WORKFLOW_H
#define FLOW_WORKFLOW_H

#include "base/hash.h"
#include "base/num.h"
#include "flow/plan/graph.h"
#include "flow/plan/step.h"
#include "flow/policy/window.h"

/* In tables step and attempt, beside the steps' own numbers from 0. */
enum {
	STEP_PROOF_BEFORE = -1,
	STEP_PROOF_AFTER = 1000,
	STEP_FINALLY = 1001,
	STEP_RUN_BEFORE = 1002, /* these two belong to the run, not to an item */
	STEP_RUN_AFTER = 1003,
};
#define WORKFLOW_STEPS_MOST 1000

enum approval { APPROVE_NEVER, APPROVE_AFTER_CANARY, APPROVE_EVERY_WAVE };

enum proof_kind {
	PROOF_CHECK, /* judge again the check that made the finding; nothing for plain items */
	PROOF_RUN,   /* a command: exit 0 means that nothing is wrong */
	PROOF_NONE,
};

struct spread {
	char *label;
	struct num_share limit; /* a share is of the plan's items with that value, at least 1 */
};

struct batch {
	int64_t canary; /* items of wave 0; 0: none */
	enum approval approve;
	VEC(struct num_share) size; /* of waves, the last repeated; none: all that is left */
	int doubling;               /* size: doubling, which is 1, 2, 4, ... */
	int64_t in_flight;
	VEC(struct spread) spread;
	int missing_own; /* an item without a spread label counts as a domain of its own */
	struct num_share max_fail; /* of the plan's items, rounded down; more than that trips */
	int64_t max_fail_in_a_row; /* 0: no limit; more than that trips */
	int strict;                /* never more in flight than may still fail, and one */
	int dependants_run;        /* what comes after a failed item is run all the same */
	int64_t wait;              /* ms after a wave, before the next */
	int64_t gap;               /* ms from the start of an item to that of the next, at least */
};

/* What a workflow has that says nothing of them: guard-rails are on by default. */
#define BATCH_CANARY 1
#define BATCH_IN_FLIGHT 10
#define BATCH_MAX_FAIL_PERCENT 10

struct workflow {
	char *name, *title;
	struct batch batch;
	struct steps steps;
	int goes_back;      /* some step has retry.from */
	struct graph graph; /* over the steps, sorted */
	enum proof_kind proof_kind;
	struct command proof;
	struct command finally;
	struct command before, after;  /* once a run */
	struct windows windows;        /* in which items may begin; none: always */
	int64_t item_limit, run_limit; /* deadline: ms; 0: none */
	char *json;                    /* canonical, steps as a list; what the hash is over */
	char hash[HASH_TEXT];
};

/*
 * file is what messages call it; warn (may be NULL) is told what is odd but allowed. End with
 * workflow_done, also after a fault.
 */
int workflow_read(struct workflow *w, const char *file, const char *text, size_t len,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f);
void workflow_done(struct workflow *w);

/* The file that a user calls so, by path or by name (see flow/shelf.h); path: to be freed. */
int workflow_open(struct workflow *w, const char *called, char **path,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f);

/* The number of a step, or -1. */
int workflow_step(const struct workflow *w, const char *name);

/* What people call a step by its number, those above included: "build", "proof-before". */
const char *workflow_step_name(const struct workflow *w, int64_t step);

/*
 * How long an item takes at most, in ms, by the workflow's own word: deadline item, or where that
 * is not said the time limits of all its steps and proofs; retries are not counted.
 */
int64_t workflow_item_time(const struct workflow *w);

/* By step, whether it is that step or needs it, directly or not. To be freed. */
char *workflow_chain(const struct workflow *w, size_t from);

/* The first irreversible step that no step with the action identity comes before; or NULL. */
const struct step *workflow_unproved(const struct workflow *w);

/* Calls each(part) for every value that the templates use, in all commands. */
int workflow_each_value(
    const struct workflow *w, int (*each)(const struct template_part *p, void *ctx), void *ctx);

/* ---- for the modules that read parts of a workflow ---- */

int batch_read(const struct yaml_node *node, struct batch *b, struct fault *f);

/* FAULT_BAD if a key is there that other versions carry out, and this one does not. */
int workflow_refuse_later(const struct yaml_node *map, const char *const *keys, struct fault *f);

/* FAULT_BAD: no step of that name, with the near miss. */
int workflow_no_step(const struct workflow *w, const struct yaml_node *n, const char *what,
    const char *name, struct fault *f);

/* FAULT_BAD for a value of a step that is not needed, or a result before the end. */
int workflow_check_values(const struct workflow *w, const struct yaml_node *root, struct fault *f);

/* FAULT_BAD for a retry.from that goes nowhere, or over a step that may not be run again. */
int workflow_check_returns(const struct workflow *w, const struct yaml_node *root, struct fault *f);

#endif
