/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables as an item sees them, with blame. A key's value is taken whole from the nearest
 * level that has it: the item, its parents, its labels (sorted by name), its cell, region,
 * cloud, the project. A parent's own cell or region never counts. Inside one level the source
 * with the better rank wins.
 */
#ifndef FLEET_RESOLVE_H
#define FLEET_RESOLVE_H

#include "fleet/item.h"

/* One candidate for a key: where it stands, who says so. */
struct candidate {
	int64_t item; /* the level: the item itself, a parent, a label, a cell, ... */
	int64_t source;
	struct jtext value; /* canonical; borrowed from the resolution */
};

struct resolved_key {
	char *key;
	VEC(struct candidate) candidates; /* the winner first, then the losers in order */
};

struct resolution {
	VEC(struct resolved_key) keys; /* sorted by key */
	struct words texts;            /* that the candidates point into */
};

/* only: just this key, or NULL for all. own: only the item's own level. */
int resolve_item(struct session *s, const struct item *i, const char *only, int own,
    struct resolution *out, struct fault *f);
void resolution_done(struct resolution *r);

/*
 * The same of an item's attributes, which are not inherited: keys are item.KEY, places stand as
 * refs. only: just this attribute, or NULL.
 */
int resolve_attributes(
    struct session *s, int64_t item, const char *only, struct resolution *out, struct fault *f);

/* The keys and winning values as a canonical JSON object. */
void resolution_to_json(const struct resolution *r, struct str *out);

/* The labels of an item, those by rule too, sorted by name. */
int resolve_labels(struct session *s, int64_t item, struct ids *out, struct fault *f);

/* The levels of an item in order, nearest first: itself, parents, labels, cell, ... */
int resolve_levels(struct session *s, const struct item *i, struct ids *out, struct fault *f);

#endif
