/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names straight from the database, for judging many items: an item's own documents are read
 * once, those of its levels (cell, region, cloud, labels, parents) are kept from item to item.
 * Nothing is resolved but the keys that are asked for. The answers are those of resolve.h,
 * but that a name is FAULT_BAD where it hangs on the rule of a label that cannot be told.
 */
#ifndef FLEET_EXPR_STORED_H
#define FLEET_EXPR_STORED_H

#include "fleet/expr/judge.h"

struct stored;

/* One state of the database: the caller holds a snapshot while it uses this. */
enum stored_labels {
	STORED_ALL,   /* labels by rule too, and the variables that they carry */
	STORED_PLAIN, /* for rules themselves */
};
struct stored *stored_new(struct session *s, enum stored_labels labels, struct fault *f);
void stored_free(struct stored *st);

/* From here on, names are this item's. */
void stored_move(struct stored *st, int64_t item);

const struct judge_names *stored_names(const struct stored *st);

#endif
