/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened in a run, in order of seq. A reader that was cut off asks for all after the
 * last seq it saw. craton-workflow(5) lists the words.
 */
#ifndef FLOW_ENGINE_EVENT_H
#define FLOW_ENGINE_EVENT_H

#include "base/str.h"
#include "fleet/session.h"

struct event {
	int64_t seq; /* 0: not stored, of a dry run */
	int64_t run;
	int64_t at;
	const char *word; /* "step.start" */
	const char *body; /* a JSON object */
};

/* {"kind":"event","seq":9,"at":...,"run":7,"event":"step.start",... the members of body} */
void event_json(const struct event *e, struct str *out);

/* The same for people: "03:04:05 compute-0001 build: started, attempt 2". */
void event_text(const struct event *e, struct str *out);

/* Calls each for the events of a run after since, oldest first. */
int event_each(struct session *s, int64_t run, int64_t since,
    void (*each)(const struct event *e, void *ctx), void *ctx, struct fault *f);

#endif
