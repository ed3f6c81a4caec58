/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items and relations that come apart: in CMDBs each is a record of its own, here relations
 * belong to the record they start from. All are held until the end of the input.
 */
#ifndef FLEET_HELD_H
#define FLEET_HELD_H

#include "fleet/formats/draft.h"

#include "base/map.h"
#include "base/vec.h"

struct held_edge {
	char *type, *to; /* a word; the other's key */
	char *about;     /* what the relation says of itself: canonical JSON, or NULL */
	unsigned long line;
};

struct held_item {
	char *key;
	char *text; /* its record; NULL: only its relations are in the input */
	size_t len;
	unsigned long line;
	VEC(struct held_edge) edges;
};

struct held {
	VEC(struct held_item) items; /* in the order they came */
	struct map index;
};

void held_done(struct held *h);

/* FAULT_BAD: it is there already. */
int held_add(
    struct held *h, const char *key, struct jtext record, unsigned long line, struct fault *f);

/* from may come later, or not at all. about may be {NULL}. */
void held_relate(struct held *h, const char *from, const char *type, const char *to,
    struct jtext about, unsigned long line);

/* The item as held_add took it; {NULL} where there is none. */
struct jtext held_record(const struct held_item *item);

/*
 * Writes the item's relations into the draft; what they say of themselves is the attribute
 * relation_attributes, an object by "TYPE/KEY".
 */
void held_put_edges(struct draft *d, const struct held_item *item, const char *source);

#endif
