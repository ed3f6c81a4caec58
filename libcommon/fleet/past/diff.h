/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between two states of a fleet, each a stream of export lines: two times of one
 * database, two databases, two exports, two sources. Both are spooled, with an index sorted on
 * disk; then one walk over it compares them. Memory does not grow with the fleet.
 *
 *	if (diff_open(&d, f) < 0) return -1;
 *	... diff_put_export(&d, DIFF_OLD, path, f), diff_put_fleet(&d, DIFF_NEW, &s, f) ...
 *	status = diff_walk(&d, each, ctx, f);
 *	diff_close(&d);
 */
#ifndef FLEET_DIFF_H
#define FLEET_DIFF_H

#include "fleet/bulk/spool.h"
#include "fleet/past/difference.h"
#include "fleet/past/past.h"

enum diff_side { DIFF_OLD, DIFF_NEW };

struct diff {
	struct db *db; /* holds the index only */
	struct spool spool;
	enum diff_side side; /* of the line at hand */
	int64_t id;          /* of its item, where both sides have the same ids; else 0 */
	const char *name;    /* of its item, where it is told by another than its ref; else NULL */
	const char *only;    /* the source whose lines count, as if it were none; NULL: all */
};

int diff_open(struct diff *d, struct fault *f);
void diff_close(struct diff *d);

/* A file of export lines; "-" is standard input. FAULT_BAD names the line that is none. */
int diff_put_export(struct diff *d, enum diff_side side, const char *path, struct fault *f);

/* All that a session sees. source: only what that source says, NULL: all. */
int diff_put_fleet(
    struct diff *d, enum diff_side side, struct session *s, const char *source, struct fault *f);

/*
 * Both sides at once: two points of one file, by what the log says was touched in between. An
 * item is the same by its id then, whatever its name.
 */
int diff_put_times(struct diff *d, const struct session_options *o, const struct past_point *from,
    const struct past_point *to, struct fault *f);

/* A value that differs, of one item and source. */
struct diff_value {
	const char *item;   /* a ref */
	const char *source; /* NULL between two sources */
	struct difference difference;
};

/*
 * Calls each for every difference, ordered by item, then source. What an item is new or gone
 * by comes first: what "item", key NULL, the side that has it true; of an item that stays, the
 * same of a source's layer: what "layer". Returns 1 if there was one, 0 if there was none, -1.
 */
int diff_walk(
    struct diff *d, int (*each)(const struct diff_value *v, void *ctx), void *ctx, struct fault *f);

#endif
