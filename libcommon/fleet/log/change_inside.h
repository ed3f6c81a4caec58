/* SPDX-License-Identifier: Apache-2.0 */
/* What a change is made of: for the files change*.c only. */
#ifndef FLEET_LOG_CHANGE_INSIDE_H
#define FLEET_LOG_CHANGE_INSIDE_H

#include "fleet/log/change.h"

/* ---- change_write.c: the rows of a layer ---- */

/* old is what is there, of the same item and source. */
int change_write(
    struct change *c, const struct document *old, const struct document *new, struct fault *f);
int change_clear(struct change *c, const struct document *old, struct fault *f);

/* FAULT_BAD if a relation that new has and old has not would close a cycle. */
int change_check_edges(
    struct change *c, const struct document *old, const struct document *new, struct fault *f);

/* ---- change_settle.c: the winners ---- */

/*
 * Makes an item's row what its layers say, and moves what is in it along. touched: a layer of it
 * changed, which is what its time of update tells; else only the order of sources did.
 */
int change_settle(struct change *c, int64_t id, int touched, struct fault *f);

/* FAULT_BAD if the item's parents lead back to it, or are too many. */
int change_refuse_descent(struct change *c, const struct item *i, struct fault *f);

#endif
