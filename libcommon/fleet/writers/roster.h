/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items on their way to another tool: read in bulk, a run of ids at a time, each with its
 * labels, its own variables and the names of its places.
 */
#ifndef FLEET_ROSTER_H
#define FLEET_ROSTER_H

#include "base/map.h"
#include "fleet/item.h"
#include "fleet/source.h"

struct roster_item {
	struct item item;
	char *name;      /* unique among the living items of its kind: see below */
	char *variables; /* its own, merged over its sources: a canonical object */
	struct words labels;
	const char *cloud, *region, *cell; /* names, or NULL */
};

struct roster {
	struct session *s;
	struct sources sources;
	struct map twice;  /* names that several items have */
	struct map places; /* names by id */
	int has_rules;     /* labels by rule have to be asked for, item by item */
	unsigned long renamed;
};

int roster_open(struct roster *r, struct session *s, struct fault *f);
void roster_close(struct roster *r);

/*
 * Calls each for the items, ids ascending, till it returns -1. An item whose name is not the
 * only one of its kind in the project is called by its place too: web1.dfw, web1.dfw.us;
 * r->renamed counts them. Whoever names hosts over regions needs names that are alone.
 */
int roster_each(struct roster *r, const struct ids *ids,
    int (*each)(void *ctx, struct roster_item *it, struct fault *f), void *ctx, struct fault *f);

/* The own variables of any item, appended. */
int roster_variables(struct roster *r, int64_t item, struct str *out, struct fault *f);

#endif
