/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who set a value and when. It is not stored beside the value: the change log knows. The
 * newest entry that touched the key in that source's layer of that item is the one that gave
 * it its present value; failing that, the one that made the layer.
 */
#ifndef FLEET_BLAME_H
#define FLEET_BLAME_H

#include "fleet/resolve.h"

struct blame {
	int64_t entry; /* in the change log; 0: the log does not know */
	int64_t at;
	char *actor, *reason; /* reason: NULL if none was given */
};

void blame_done(struct blame *b);

/* Appends the members actor, at, reason and entry to an open object; none if it is not known. */
void blame_put(const struct blame *by, struct str *out);

/* Of a variable, and of an attribute. 1 known, 0 not (b is then empty), -1. */
int blame_variable(struct session *s, int64_t item, int64_t source, const char *key,
    struct blame *b, struct fault *f);
int blame_attribute(struct session *s, int64_t item, int64_t source, const char *name,
    struct blame *b, struct fault *f);

/* Of a label that an item carries, and of a relation of src, by one source. */
int blame_label(struct session *s, int64_t item, int64_t source, int64_t label, struct blame *b,
    struct fault *f);
int blame_relation(struct session *s, int64_t src, int64_t source, const char *type, int64_t dst,
    struct blame *b, struct fault *f);

/* A candidate with all that people want to know of it. */
struct blamed {
	char *level;  /* a ref */
	char *source; /* a name */
	struct jtext value;
	struct blame by;
};

/* key: of a variable, or item.KEY of an attribute. */
int blame_candidate(struct session *s, const char *key, const struct candidate *one,
    struct blamed *out, struct fault *f);
void blamed_done(struct blamed *b);

/*
 * Appends the candidates for a key as a JSON array, the winner first:
 * [{"value":..,"level":REF,"source":..,"actor":..,"at":..,"reason":..,"entry":N},..]
 */
int blame_to_json(
    struct session *s, const struct resolved_key *key, struct str *out, struct fault *f);

#endif
