/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items named on a stream, one a line: a name, a ref, or a record. A record of an item is that
 * item; one of another kind is the item that its field "item" names (a finding, a change),
 * and one without that field is passed over (the end of an audit).
 */
#ifndef FLEET_FEED_H
#define FLEET_FEED_H

#include "base/vec.h"
#include "fleet/session.h"
#include "io/jsonl.h"

struct feed {
	struct jsonl lines;
};

/* How a line names an item: by a name or ref; kind is that of a record that gives no ref. */
struct feed_word {
	char *kind, *text; /* kind may be NULL */
};

struct feed_words VEC_BODY(struct feed_word);
void feed_words_done(struct feed_words *words);

/* 1; 0 for a record that is about no item; -1 with FAULT_BAD. The texts are the caller's. */
int feed_word(const char *line, size_t len, struct feed_word *out, struct fault *f);

/* path NULL or "-" is standard input. */
int feed_open(struct feed *in, const char *path, struct fault *f);
void feed_close(struct feed *in);

/*
 * 1 with the next item, 0 at the end. -1 with FAULT_BAD: this line is bad, go on; else the
 * stream is broken. Faults begin with the place: "stdin:12: ...".
 */
int feed_next(struct feed *in, struct session *s, int64_t *id, struct fault *f);

/* Whether standard input is a stream to read items from: no terminal and not /dev/null. */
int feed_waits(void);

#endif
