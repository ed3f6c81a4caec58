/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items that come after others: such a one is not asked for before these have ended well. If
 * one of them has not, it is skipped with the reason, and so are those that come after it;
 * unless the batch has them run all the same.
 */
#ifndef FLOW_ENGINE_AFTER_H
#define FLOW_ENGINE_AFTER_H

#include "flow/engine/work.h"

struct plan;

/* By pos; NULL: no item comes after another. */
struct after;

/* What the rows say, or the plan of a dry run. Before the items are queued. */
int after_load(struct engine *e, const struct plan *dry, struct fault *f);
void after_free(struct after *after);

/* Whether an item is not to be queued yet: it will be, or skipped, by itself. */
int after_waits(const struct after *after, int64_t pos);

/* An item is over; it is right if it ended well, or had nothing wrong with it. */
void after_over(struct engine *e, const struct work *w, int is_right);

/* Skips those that come after what did not end well: whether there were any. */
int after_skip(struct engine *e);

#endif
