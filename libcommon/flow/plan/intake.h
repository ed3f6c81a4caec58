/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan is asked to be made for: findings or items from a stream, or chosen items. A
 * stream is read to its end before the database is looked at: its writer may be at work on
 * the same file. Settling what was read against the file is freeze's.
 */
#ifndef FLOW_INTAKE_H
#define FLOW_INTAKE_H

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/jsonl.h"

/* By what the stream calls it, or (text NULL) by id. */
struct intake_item {
	char *text;         /* ref, or name */
	char *kind;         /* of a name, or NULL */
	char *check;        /* of a finding, or NULL */
	struct words after; /* refs or names of the items that come before it */
	unsigned long line; /* of the stream */
	int64_t id;
};

struct intake {
	VEC(struct intake_item) items;
	char *audit;     /* the closing record, canonical, or NULL */
	struct map left; /* reason to how many were left out for it */
	int64_t bad;     /* lines that were no records */
	int findings;    /* whether an audit speaks in the stream */
	struct map runs; /* of the findings read */
};

void intake_done(struct intake *in);

/*
 * Reads a stream: records or names, a line each. Findings that are fail and whose remedy is
 * this workflow are taken, the others counted by reason; so are records of items, by ref or
 * name. Calls warn with each bad line. FAULT_REFUSED: findings without the record that closes
 * their audit as complete, so that a killed audit is no short plan.
 */
int intake_read(struct intake *in, struct jsonl *from, const char *workflow,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f);

/* Adds an item that a selector chose. */
void intake_add(struct intake *in, int64_t item);

/* Counts one more left out, and says why in words such as "other remedy". */
void intake_leave(struct intake *in, const char *reason);

/* Appends "error 3, other remedy 9, waived 1", sorted; nothing for none. */
void intake_left_text(const struct intake *in, struct str *out);

#endif
