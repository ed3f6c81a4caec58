/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan is made from: a stream of findings, or chosen items. Read to its end before the
 * database is looked at, because a writer up the pipe may still be at work on it.
 */
#ifndef FLOW_INTAKE_H
#define FLOW_INTAKE_H

#include "base/map.h"
#include "flow/plan.h"
#include "io/jsonl.h"

/* Something that a plan might be made for, by the words of the stream. */
struct candidate_item {
	char *ref;    /* of a finding */
	char *check;  /* of a finding, or NULL */
	int64_t item; /* 0 until settled */
};

struct intake {
	VEC(struct candidate_item) candidates;
	char *audit;     /* the closing record, or NULL */
	struct map left; /* reason to how many were left out; see intake_left */
	int64_t bad;     /* lines that were no records */
	int findings;    /* whether the stream was an audit's */
};

void intake_done(struct intake *in);

/*
 * Reads a stream of records. Findings that are fail and whose remedy is this workflow are
 * candidates, all others are counted by reason; records of items are candidates too. Warns of
 * each bad line by warn. FAULT_REFUSED: findings, but no closing record with complete:true.
 */
int intake_read(struct intake *in, struct jsonl *from, const char *workflow,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f);

/* Adds an item that a selector chose. */
void intake_add(struct intake *in, int64_t item);

/* Counts one more left out for a reason. */
void intake_left(struct intake *in, const char *reason);

/* "error 3, other remedy 9, waived 1", sorted; "" if none. */
void intake_left_text(const struct intake *in, struct str *out);

/*
 * Settles the candidates against one snapshot of the file and puts what stands into the plan,
 * with waves and frozen values; the workflow, actor and the like are in it already. What is
 * left out (finding gone, retired, inactive, protected, kicked out, given twice) is counted.
 * FAULT_BAD: an error of the plan, such as an item with two values of a spread label.
 */
int intake_settle(
    struct intake *in, struct session *s, const char *where, struct plan *p, struct fault *f);

#endif
