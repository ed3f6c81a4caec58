/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people do to many items in one word: each call is one change in the operator's layers,
 * one entry of the log, and holds for all of the items or for none.
 */
#ifndef FLEET_EDIT_H
#define FLEET_EDIT_H

#include "base/vec.h"
#include "fleet/session.h"
#include "io/jtext.h"

/* Puts the members of a canonical record on each item. Returns how many changed, or -1. */
int64_t edit_put(struct session *s, struct jtext record, const struct ids *items, struct fault *f);

/* Puts one canonical record in the operator's layer, as record_put does: its effect, or -1. */
int edit_record(struct session *s, struct jtext record, int mode, struct fault *f);

/* Takes an attribute out of an item's operator layer: 1, 0 if it is not there, -1. */
int edit_take(struct session *s, int64_t item, const char *attribute, struct fault *f);

enum edit_labels { EDIT_ADD, EDIT_TAKE };

/*
 * Adds labels to each item, made where they are new, or takes them away. Returns how many
 * items changed, or -1.
 */
int64_t edit_labels(struct session *s, enum edit_labels what, const struct words *labels,
    const struct ids *items, struct fault *f);

#endif
