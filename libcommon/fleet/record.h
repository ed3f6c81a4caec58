/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An item as a record on a pipe, and what to do with one: find or make the item it speaks of,
 * and make it the source's layer. The fields are those of craton-records(5).
 */
#ifndef FLEET_RECORD_H
#define FLEET_RECORD_H

#include "fleet/log/change.h"
#include "io/jtext.h"

struct speech;
struct record;

/*
 * What only the whole input tells. recognise: the item whose serial or mac the record has, 1, 0
 * or -1. replaces: whether the source has no other object for an item than this new one, though
 * it knows it by another key.
 */
struct record_input {
	int (*recognise)(void *ctx, const struct record *r, int64_t *id, struct fault *f);
	int (*replaces)(void *ctx, int64_t item, struct fault *f);
	void *ctx;
};

struct record {
	struct jtext whole; /* the canonical object; borrowed */
	char *kind, *name, *ref, *key, *source;
	char *cloud, *region, *cell, *parent;      /* names, refs or key:SOURCE/KEY */
	struct jtext labels, variables, relations; /* arrays, object, array; {NULL} if absent */
	int64_t known;                             /* the item, if the caller knows it; else 0 */
	struct speech *speech;                     /* what the source may say; NULL: everything */
	const struct record_input *input;          /* NULL: the record stands alone */
};

/*
 * Reads a canonical object. Field types are checked; fields that it does not know are
 * attributes of the item, except those that only describe (id resolved blame created_at
 * updated_at finding and the like), which are passed over.
 */
int record_read(struct record *r, struct jtext object, struct fault *f);
void record_done(struct record *r);

/* What a field of this name is: on the command line, attributes are typed without quotes. */
enum record_field {
	RECORD_ATTRIBUTE,      /* any JSON value; the item's own, kept as it is */
	RECORD_TEXT_ATTRIBUTE, /* name, note, region and the like: a text */
	RECORD_NO_ATTRIBUTE,   /* kind, ref, labels, ...: says what the record is about */
};
enum record_field record_field(const char *name);

/* What a record did. */
enum record_effect { RECORD_SAME, RECORD_CREATED, RECORD_CHANGED, RECORD_PASSED };

/*
 * How much of the layer a record replaces. By default what it names: each attribute and each
 * variable, the set of labels and the set of relations if it has these fields; the rest stays.
 */
enum record_mode {
	RECORD_MERGE = 0,
	RECORD_WHOLE = 1,    /* the record is all that the source says of the item */
	RECORD_NO_EDGES = 2, /* leave relations for a second pass, when all items exist */
	RECORD_EDGES = 4,    /* the second pass: only relations; the item must exist */
	RECORD_NEW = 8,      /* FAULT_BAD if the item is there already */
};

/*
 * Finds the item by, in order: (source, key); ref; serial or mac; name and place; name alone, if
 * the record gives neither place nor ref and only one living item has it. An item that the
 * source knows by another key than the record's is not found by name. Makes it if there is none.
 * The layer is that of the change's source. Returns an enum record_effect, or -1; id may be NULL.
 * Null attributes count as absent. RECORD_PASSED: the item is not there, and the source may not
 * add it.
 */
int record_put(struct change *c, const struct record *r, int mode, int64_t *id, struct fault *f);

#endif
