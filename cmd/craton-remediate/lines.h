/* SPDX-License-Identifier: Apache-2.0 */
/* Events on stdout, as records or as lines for people: what run, resume and log print. */
#ifndef REMEDIATE_LINES_H
#define REMEDIATE_LINES_H

#include "flow/event/event.h"
#include "io/output.h"

struct lines {
	int is_brief;  /* lines for people leave out details, see event_is_detail */
	int is_silent; /* there are no lines for people */
	struct output output;
	int has_ended; /* the last one told that the run stops */
};

/* OUTPUT_TABLE means lines for people. */
void lines_begin(struct lines *l, enum output_format format);

/* ctx is a struct lines; e NULL: whoever reads along need not wait for a full buffer. */
void lines_put(const struct event *e, void *ctx);

int lines_end(struct lines *l, struct fault *f);

#endif
