/* SPDX-License-Identifier: Apache-2.0 */
/* The change log, read: entries newest first, and what each of their rows changed. */
#ifndef FLEET_HISTORY_H
#define FLEET_HISTORY_H

#include "fleet/document.h"

struct history_query {
	const struct ids *items; /* only entries that touch one of these; NULL: any */
	int64_t ranked;          /* or that gave this source another rank; 0: none */
	const char *actor, *source;
	const char *reason;   /* that is part of the entry's */
	int64_t since, until; /* ms; 0: no bound. until is not included */
	int64_t limit;        /* 0: none */
};

struct history_entry {
	int64_t id, at;
	const char *actor, *source, *reason; /* source NULL: none; reason NULL: none given */
	/* items: made; changed, each once, apart from those made or removed; removed */
	int64_t created, changed, removed;
};

/*
 * Calls each(entry), the newest first; what it points to is good during the call. Stops when
 * each returns non-zero, and returns that; 0 at the end, -1.
 */
int history_each(struct session *s, const struct history_query *q,
    int (*each)(const struct history_entry *e, void *ctx), void *ctx, struct fault *f);

/* What one row of an entry did to one layer. */
struct history_row {
	int64_t id, entry, item, source;
	char *op;   /* create layer drop key remove rank source apart */
	char *undo; /* NULL: there was nothing */
};

struct history_rows VEC_BODY(struct history_row);

/*
 * The rows of an entry, the oldest first: all with q NULL, else those that are why q finds it.
 * Free with history_rows_done.
 */
int history_rows(struct session *s, int64_t entry, const struct history_query *q,
    struct history_rows *out, struct fault *f);
void history_rows_done(struct history_rows *rows);

/*
 * The layer as it was right after the row with that id, whatever the row was about: the present
 * one, with the undo of all later rows of that layer applied. 1, 0: there was none (d is then
 * empty), -1. The caller ends d with document_done.
 */
int history_at(struct session *s, int64_t item, int64_t source, int64_t row, struct document *d,
    struct fault *f);

/* The same of a row and its own layer. 0 or -1. */
int history_after(
    struct session *s, const struct history_row *row, struct document *d, struct fault *f);

/*
 * When the item was last touched: what item.updated is. row is the last row of the log that is
 * about one of its layers. 1; 0: the log has none, row and at are 0; -1.
 */
int history_settled(struct session *s, int64_t item, int64_t *row, int64_t *at, struct fault *f);

/* The rank that a row of op rank gave to its source. 0 or -1. */
int history_rank_after(
    struct session *s, const struct history_row *row, int64_t *rank, struct fault *f);

/* Appends what a row of op source made of its source: see change_source_state. 0 or -1. */
int history_source_after(
    struct session *s, const struct history_row *row, struct str *state, struct fault *f);

/*
 * Appends the record of a row, of kind "change": see craton-records(5). What it changed is in
 * "old" and "new", members of a layer each, ids as refs.
 */
int history_to_json(struct session *s, const struct history_entry *e, const struct history_row *row,
    struct str *out, struct fault *f);

/* The ref of an item, or, if it is gone, its kind and name as the log has them. */
int history_ref(struct session *s, int64_t item, struct str *out, struct fault *f);

/* Appends the ids of removed items that had this name, or KIND:NAME. */
int history_find_removed(struct session *s, const char *text, struct ids *out, struct fault *f);

#endif
