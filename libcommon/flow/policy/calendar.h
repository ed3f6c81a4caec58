/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether work may begin now, or when. Windows come in sets, the policy's and a workflow's:
 * every set must be open, and no freeze in force, from the beginning of the work to its end.
 */
#ifndef FLOW_POLICY_CALENDAR_H
#define FLOW_POLICY_CALENDAR_H

#include "base/str.h"
#include "flow/policy/window.h"

struct calendar {
	VEC(struct windows) sets; /* an empty one is always open */
	VEC(struct freeze) freezes;
};

enum calendar_answer {
	CALENDAR_OPEN,   /* it may begin now */
	CALENDAR_CLOSED, /* not before at */
	CALENDAR_NEVER,  /* not within CALENDAR_DAYS: a limit that waiting does not ease */
};

#define CALENDAR_DAYS 400

void calendar_done(struct calendar *c);

/* One more set, which it takes. */
void calendar_take(struct calendar *c, struct windows *w);

/* Whether it limits anything. */
int calendar_has(const struct calendar *c);

/*
 * Whether work of that length (ms; 0: that of its first instant) may begin now (ms since 1970
 * UTC). If not: why is appended with the arithmetic, and for CALENDAR_CLOSED at is when.
 */
enum calendar_answer calendar_ask(
    const struct calendar *c, int64_t now, int64_t length, int64_t *at, struct str *why);

#endif
