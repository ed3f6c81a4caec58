/* SPDX-License-Identifier: Apache-2.0 */
/* Labels and relations of an item, each with who gave it. */
#ifndef FLEET_BLAME_TIES_H
#define FLEET_BLAME_TIES_H

#include "fleet/log/blame.h"

/* source: NULL where a rule gives it. wrong: why the rule cannot be told; else NULL. */
struct blamed_label {
	char *name, *source, *rule, *wrong;
	struct blame by;
};
struct blamed_labels VEC_BODY(struct blamed_label);

/* from and to are refs. */
struct blamed_relation {
	char *from, *type, *to, *source;
	struct blame by;
};
struct blamed_relations VEC_BODY(struct blamed_relation);

/* By name, a label's best source first; then those by rule. 0 or -1. */
int blame_labels(struct session *s, int64_t item, struct blamed_labels *out, struct fault *f);
void blamed_labels_done(struct blamed_labels *all);

/* Those that lead from the item and those that lead to it. 0 or -1. */
int blame_relations(struct session *s, int64_t item, struct blamed_relations *out, struct fault *f);
void blamed_relations_done(struct blamed_relations *all);

/*
 * Appends an array, entries with who gave them as in blame_to_json:
 * [{"value":"cabinet=a12","source":..,"actor":..},{"value":"bigmem","rule":..,"error":..},..]
 * [{"value":{"type":"runs-on","from":REF,"to":REF},"source":..,"actor":..},..]
 */
int blame_labels_to_json(struct session *s, int64_t item, struct str *out, struct fault *f);
int blame_relations_to_json(struct session *s, int64_t item, struct str *out, struct fault *f);

#endif
