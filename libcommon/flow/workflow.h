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
#include "flow/graph.h"
#include "flow/step.h"

/* In tables step and attempt, beside the steps' own numbers from 0. */
enum {
	STEP_PROOF_BEFORE = -1,
	STEP_PROOF_AFTER = 1000,
	STEP_FINALLY = 1001,
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
	int64_t in_flight;
	VEC(struct spread) spread;
	int missing_own; /* an item without a spread label counts as a domain of its own */
	struct num_share max_fail; /* of the plan's items, rounded down; more than that trips */
	int64_t max_fail_in_a_row; /* 0: no limit; more than that trips */
	int strict;                /* never more in flight than may still fail, and one */
	int64_t wait;              /* ms after a wave, before the next */
};

#define BATCH_IN_FLIGHT 10
#define BATCH_MAX_FAIL_PERCENT 10

struct workflow {
	char *name, *title;
	struct batch batch;
	struct steps steps;
	struct graph graph; /* over the steps, sorted */
	enum proof_kind proof_kind;
	struct command proof;
	struct command finally;
	char *json; /* canonical, steps as a list; what the hash is over */
	char hash[HASH_TEXT];
};

/* file is what messages call it. End with workflow_done, also after a fault. */
int workflow_read(
    struct workflow *w, const char *file, const char *text, size_t len, struct fault *f);
void workflow_done(struct workflow *w);

/* A file, if the name has a slash or ends in .yaml or .yml; else NAME.yaml in the folders. */
int workflow_open(struct workflow *w, const char *name, char **path, struct fault *f);

/*
 * CRATON_WORKFLOWS, or ~/.config/craton/workflows (XDG), /etc/craton/workflows and the shipped
 * ones beside the program. To be freed.
 */
char *workflow_folders(void);

/* The number of a step, or -1. */
int workflow_step(const struct workflow *w, const char *name);

/* Calls each(part) for every value that the templates use, in all commands. */
int workflow_each_value(
    const struct workflow *w, int (*each)(const struct template_part *p, void *ctx), void *ctx);

#endif
