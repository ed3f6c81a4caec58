/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run rests on that has fallen silent: values that only a source which is stale
 * (fleet/sources/staleness.h) stands for. Nothing is judged by them.
 */
#ifndef FLOW_SILENCE_H
#define FLOW_SILENCE_H

#include "flow/audit/definition.h"

struct silence {
	struct session *s;
	struct sources *stale;      /* NULL: none is, which costs nothing */
	struct silence_item *asked; /* the last one, its variables; silence.c's own */
};

/* Judges the sources first, in a change of its own. Done also after a failure. */
int silence_open(struct silence *x, struct session *s, struct fault *f);
void silence_done(struct silence *x);

/*
 * Whether a check names a variable of the item that a stale source stands for: 1 with the
 * reason, to be freed, 0, -1.
 */
int silence_of(struct silence *x, const struct check *c, int64_t item, char **why, struct fault *f);

/*
 * Items (ascending) that nobody reports but sources that are stale, as a text to be freed, or
 * NULL where there are none.
 */
int silence_scope(struct silence *x, const struct ids *scope, char **out, struct fault *f);

#endif
