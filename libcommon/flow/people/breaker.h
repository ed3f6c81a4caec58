/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The circuit breaker of a workflow. A run that trips on failures opens it; from then on no
 * plan of the workflow is made or carried out, its other runs stop, in whatever process, and
 * that stays so until a person closes it with a reason. Plans from before then are void: the
 * backlog is not let loose on a fleet that has just been seen to. To cancel and undo is
 * allowed all the time.
 */
#ifndef FLOW_BREAKER_H
#define FLOW_BREAKER_H

#include "fleet/session.h"

struct breaker {
	char *workflow;
	int64_t opened, run; /* when, and by which run */
	char *why;
	int64_t closed; /* 0: it is open */
	char *actor, *reason;
};

void breaker_done(struct breaker *b);

/* Whether one of this project was ever opened: 1 found, 0 not, -1. */
int breaker_get(struct session *s, const char *workflow, struct breaker *out, struct fault *f);

/* By name. all: those that are closed, too. */
int breaker_each(struct session *s, int all, void (*each)(const struct breaker *b, void *ctx),
    void *ctx, struct fault *f);

/* kind workflow state opened run why closed actor reason. No newline. */
void breaker_to_json(const struct breaker *b, struct str *out);

/*
 * FAULT_REFUSED with who opened it, why and what to type, if it is open; and if a plan was
 * made before it was closed ("plan void: ..."). made: when, in ms; 0: it is being made.
 */
int breaker_check(struct session *s, const char *workflow, int64_t made, struct fault *f);

/*
 * Closes it, with the session's reason, and tells it in the journal. FAULT_NO: it is not open,
 * with the near miss if there never was one.
 */
int breaker_reset(struct session *s, const char *workflow, struct fault *f);

/*
 * What a run that trips puts into its own commit, arguments "isiis": project, workflow, when,
 * run, why.
 */
extern const char breaker_open[];

#endif
