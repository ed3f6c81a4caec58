/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a database is what its change log says it is. SQLite's own check sees torn pages
 * and broken indexes; a bit that flipped inside a text it does not. So the log is walked from
 * its newest entry to its oldest, every layer turned back as it goes, and each entry's hash
 * made again from what it wrote. Layers on their way back lie in a temporary table, which
 * SQLite spills to disk: memory does not grow with the fleet or its history.
 */
#ifndef FLEET_FSCK_H
#define FLEET_FSCK_H

#include "fleet/session.h"

struct fsck {
	struct session *s;
	void (*each)(const char *fault, void *ctx); /* called with every fault found */
	void *ctx;
	int64_t entries, rows, layers, items; /* looked at */
	int64_t faults;
	int64_t marks; /* that layers of devices have */
	int pruned;    /* the log begins with an anchor, and does not know what was before */
	const struct session_options *base; /* opens the same database again: for the anchor */
};

/*
 * The whole check, inside one snapshot of the file. 0, however many faults there are, or -1
 * if it cannot go on and no fault has told why.
 */
int fsck_run(struct fsck *k, struct fault *f);

/* ---- its parts, in this order; each 0 or -1 ---- */

int fsck_file(struct fsck *k, struct fault *f);       /* SQLite's check of pages and indexes */
int fsck_tables(struct fsck *k, struct fault *f);     /* foreign keys, rows without their layer */
int fsck_log(struct fsck *k, struct fault *f);        /* the chain of hashes over all content */
int fsck_anchor(struct fsck *k, struct fault *f);     /* what the log begins with */
int fsck_winners(struct fsck *k, struct fault *f);    /* items are what their sources say */
int fsck_marks(struct fsck *k, struct fault *f);      /* no mark that no layer has */
int fsck_dictionary(struct fsck *k, struct fault *f); /* every key that was ever used */

/* Whether the marks of an item's layers are known; counts them for fsck_marks. 0 or -1. */
struct item;
struct documents;
int fsck_item_marks(struct fsck *k, const struct item *i, const struct documents *docs,
    const char *ref, struct fault *f);

/* A fault found. */
void fsck_say(struct fsck *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- parts of fsck_log ---- */

/* What the hash of a row goes on with, see change_hash_more: 1, 0 nothing, -1. */
struct history_row;
int fsck_more(struct fsck *k, const struct history_row *row, struct str *out, struct fault *f);

/* Keys, ranks and sources that the log does not know. */
int fsck_keys(struct fsck *k, struct fault *f);
int fsck_ranks(struct fsck *k, struct fault *f);
int fsck_sources(struct fsck *k, struct fault *f);

#endif
