/* SPDX-License-Identifier: Apache-2.0 */
/* What record.c, record_find.c and record_put.c share, and nobody else. */
#ifndef FLEET_RECORD_INSIDE_H
#define FLEET_RECORD_INSIDE_H

#include "fleet/record.h"

#include <stddef.h>

enum field_type { FIELD_TEXT, FIELD_LIST, FIELD_OBJECT, FIELD_PASSED };

struct record_entry {
	const char *name;
	enum field_type type;
	size_t offset; /* in struct record */
};

/* The entry of a field; NULL for what is an attribute. key as jtext_each gives it. */
const struct record_entry *record_entry(struct jtext key);

/* A text of a record, checked, to be freed. name is what messages call it. */
int record_text(char **to, const char *name, struct jtext value, struct fault *f);

/* The items that a record names as its place, the innermost part alone: see place_narrow. */
struct record_place {
	int64_t cloud, region, cell, parent;
};
int record_place(
    struct session *s, const struct record *r, struct record_place *p, struct fault *f);

/* The item that it speaks of, by the rules of record_put: 1, 0 it is new, -1. */
int record_find(struct change *c, const struct record *r, const struct record_place *p, int mode,
    int64_t *id, struct fault *f);

#endif
