/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened in a run, or by a person's word to all of them, in order of seq. A reader that was
 * cut off asks for all after the last seq it saw. craton-events(5) lists the words and their
 * members.
 */
#ifndef FLOW_EVENT_H
#define FLOW_EVENT_H

#include "base/str.h"
#include "io/table.h"
#include "store/db.h"

struct event {
	int64_t seq; /* 0: not stored, of a dry run */
	int64_t run; /* 0: of none */
	int64_t at;
	const char *word; /* "step.start" */
	const char *body; /* a JSON object */
	const char
	    *hash; /* of the last one of a commit: chain.h; "": older than the chain; or NULL */
};

/* {"kind":"event","seq":9,"at":...,"run":7,"event":"step.start",... the members of body} */
void event_json(const struct event *e, struct str *out);

/*
 * The same for people, without its members that only programs want:
 * "03:04:05 db1 build failed, attempt 2: exit status 3; again 03:04:15". Not yet fit
 * for a terminal: see base/show.h.
 */
void event_text(const struct event *e, struct str *out);

/* Whether it only says that things go their way, and there may be tens of thousands of it. */
int event_is_detail(const struct event *e);

enum table_tone event_tone(const struct event *e);

/*
 * Calls each for the events of a run after *since, oldest first; *since is then the last one.
 * run 0: all events of the file, of whatever project.
 */
int event_each(struct db *db, int64_t run, int64_t *since,
    void (*each)(const struct event *e, void *ctx), void *ctx, struct fault *f);

#endif
