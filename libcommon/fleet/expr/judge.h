/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging a parsed expression, for the modules of fleet/expr. Names are looked up by whoever
 * knows the item: a subject held in memory (subject.c) or the database (stored.c); all else
 * is the same, so that one text has one answer.
 */
#ifndef FLEET_EXPR_JUDGE_H
#define FLEET_EXPR_JUDGE_H

#include "fleet/expr/expr.h"
#include "fleet/expr/value.h"

/*
 * Where names come from. Values are canonical JSON, {NULL,0} for none, and good until the
 * evaluation ends; labels are texts, sorted, each once, at least all those of the key, and good
 * until the next are asked for.
 */
struct judge_names {
	int (*variable)(void *ctx, const char *key, struct jtext *out, struct fault *f);
	int (*attribute)(void *ctx, const char *name, struct jtext *out, struct fault *f);
	int (*labels)(void *ctx, const char *key, const struct words **out, struct fault *f);
	void *ctx;
};

/* One evaluation makes at most this much text, in one value and in all. */
#define JUDGE_LONGEST ((size_t)1 << 20)
#define JUDGE_MOST ((size_t)16 << 20)
#define JUDGE_PATIENCE 2000 /* ms */

/* Room for n bytes until the evaluation ends; NULL if that is more than the limit. */
char *judge_space(struct judge *j, size_t n, struct fault *f);

/* A copy as a text value. */
int judge_copy(struct judge *j, const char *text, size_t len, struct value *out, struct fault *f);

/*
 * Counts work in bytes looked at, and now and then looks at the clock: a fault when the
 * evaluation has taken too long. Called by every function, so no part can hide from it.
 */
int judge_work(struct judge *j, size_t bytes, struct fault *f);

/* The time of this evaluation, ms since 1970: the same for all its parts. */
int64_t judge_now(struct judge *j);

/* Evaluates: *out is good until the next evaluation. */
int judge_run(struct judge *j, const struct expr *e, const struct judge_names *names,
    struct value *out, struct fault *f);

/* The same for a condition. */
int judge_run_truth(struct judge *j, const struct expr *e, const struct judge_names *names,
    enum expr_truth *out, struct fault *f);

/* The labels of a key in a list of texts, as has(), label() and labels() read them. */
int judge_label_is(const char *text, const char *key, const char **value);

#endif
