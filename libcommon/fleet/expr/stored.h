/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names straight from the database, for judging many items: an item's own documents are read
 * once, those of its levels (cell, region, cloud, labels, parents) are kept from item to item.
 * Nothing is resolved but the keys that are asked for. The answers are those of resolve.h.
 */
#ifndef FLEET_EXPR_STORED_H
#define FLEET_EXPR_STORED_H

#include "fleet/expr/judge.h"

struct stored;

/* One state of the database: the caller holds a snapshot while it uses this. */
struct stored *stored_new(struct session *s, struct fault *f);
void stored_free(struct stored *st);

/* From here on, names are this item's. */
void stored_move(struct stored *st, int64_t item);

const struct judge_names *stored_names(const struct stored *st);

#endif
