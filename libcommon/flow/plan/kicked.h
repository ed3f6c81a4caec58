/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items that a run gave up and handed to people, with the evidence; a row of table kicked.
 * While one is open, its item is in no new plan.
 */
#ifndef FLOW_KICKED_H
#define FLOW_KICKED_H

#include "base/str.h"
#include "fleet/session.h"

enum kicked_state {
	KICKED_OPEN,
	KICKED_RETRIED, /* goes on in its run, from the step that failed */
	KICKED_DONE,    /* a person has made it right */
	KICKED_DROPPED  /* it is left as it is */
};

extern const char *const kicked_words[]; /* by state, ended by NULL */

struct kicked {
	int64_t run, pos, item;
	char *workflow, *ref, *name;
	char *step; /* NULL: none of them */
	char *reason;
	char *evidence; /* canonical JSON object */
	enum kicked_state state;
	int64_t at;
	int64_t settled;    /* 0: it is open */
	char *actor, *note; /* who settled it, and why */
};

/* What is 0 does not narrow; but settled ones only if asked for. */
struct kicked_filter {
	int64_t run, item;
	int settled;
};

/* By run, then place in it. Stops when each returns non-zero, and returns that. */
int kicked_each(struct session *s, const struct kicked_filter *filter,
    int (*each)(const struct kicked *k, void *ctx), void *ctx, struct fault *f);

/*
 * Appends the record: kind item (a ref) run workflow step reason evidence state at settled
 * actor note. No newline.
 */
void kicked_to_json(const struct kicked *k, struct str *out);

/*
 * A person's word on the open ones of an item; in a transaction of the caller's. run 0: in
 * whatever run. Retried: the item is queued again in its run, what it has done stays done, and
 * the run waits for resume. Done: the item is ok. Each is told by an event. Returns the run;
 * FAULT_NO if there is none open, FAULT_BUSY to retry in a run that an engine is working on.
 */
int64_t kicked_settle(
    struct session *s, int64_t item, int64_t run, enum kicked_state state, struct fault *f);

#endif
