/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of an item as expressions see them, one at a time: those of the record, with
 * names for places, and ref, named, created_at, updated_at; then whatever else sources say.
 */
#ifndef FLEET_EXPR_ATTRIBUTE_H
#define FLEET_EXPR_ATTRIBUTE_H

#include "fleet/item.h"

/* Appends its canonical JSON value, or nothing if the item has none. */
int attribute_get(
    struct session *s, const struct item *i, const char *name, struct str *out, struct fault *f);

/* Appends all that the item has, as a canonical JSON object. */
int attribute_all(struct session *s, const struct item *i, struct str *out, struct fault *f);

/* The names that every item may have, ended by NULL; for near misses. */
const char *attribute_name(size_t n);

#endif
