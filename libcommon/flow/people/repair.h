/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been tried to put a finding right: each run that was planned for it and has begun on
 * its item. That a run found it right already is no try.
 */
#ifndef FLOW_REPAIR_H
#define FLOW_REPAIR_H

#include "base/vec.h"
#include "fleet/session.h"

struct repair {
	int64_t run;
	char *workflow;
	int64_t started, ended; /* ended: 0 while it goes on */
	char *state;            /* of the item in that run: craton-records(5) has the words */
	char *outcome;          /* of remedy_words; NULL: not proved, or not ended */
	char *step, *why;       /* that gave it up; NULL if none did */
};

struct repairs VEC_BODY(struct repair);

void repairs_done(struct repairs *all);

/* Those of a finding, the oldest first. To be ended by repairs_done, also after a failure. */
int repair_list(
    struct session *s, int64_t item, int64_t finding, struct repairs *out, struct fault *f);

/* How it ended, for people: "fixed", "not fixed", "failed, undone", "under way". Appends. */
void repair_text(const struct repair *x, struct str *out);

/* "tried 2 times, last ntp on 2026-11-24: fixed", on the newest; nothing if none was. Appends. */
void repairs_text(const struct repairs *all, struct str *out);

/* [{"run":1,"workflow":...},...]: run workflow started ended state outcome step why. Appends. */
void repairs_to_json(const struct repairs *all, struct str *out);

/* Of a row of run_item called tried: whether it is one. */
#define REPAIR_IS_ONE "tried.started IS NOT NULL AND tried.state <> 'skipped'"

#endif
