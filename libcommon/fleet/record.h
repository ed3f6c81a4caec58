/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An item as a record on a pipe, and what to do with one: find or make the item it speaks of,
 * and make it the source's layer. The fields are those of craton-records(5).
 */
#ifndef FLEET_RECORD_H
#define FLEET_RECORD_H

#include "fleet/change.h"
#include "io/jtext.h"

struct record {
	struct jtext whole; /* the canonical object; borrowed */
	char *kind, *name, *ref, *key, *source;
	char *cloud, *region, *cell, *parent;      /* names, refs or key:SOURCE/KEY */
	struct jtext labels, variables, relations; /* arrays, object, array; {NULL} if absent */
};

/*
 * Reads a canonical object. Field types are checked; fields that it does not know are
 * attributes of the item, except those that only describe (id resolved blame created_at
 * updated_at finding and the like), which are passed over.
 */
int record_read(struct record *r, struct jtext object, struct fault *f);
void record_done(struct record *r);

/* What a record did. */
enum record_effect { RECORD_SAME, RECORD_CREATED, RECORD_CHANGED };

/*
 * Finds the item by, in order: (source, key); ref; serial or mac where unique and no
 * placeholder; name and region. Makes it if there is none. Puts the record as the layer of
 * the change's source: the whole of it, or with merge only what the record names, the rest of
 * the layer staying as it is. Returns an enum record_effect, or -1; id may be NULL.
 */
int record_put(struct change *c, const struct record *r, int merge, int64_t *id, struct fault *f);

#endif
