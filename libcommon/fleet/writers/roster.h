/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items on their way to another tool: read in bulk, a run of ids at a time, each with what the
 * tool's format says of it.
 */
#ifndef FLEET_ROSTER_H
#define FLEET_ROSTER_H

#include "base/map.h"
#include "fleet/item.h"
#include "fleet/source.h"

/* What is read of an item besides its row and the names of its places. */
enum roster_part {
	ROSTER_NAME = 1,
	ROSTER_LABELS = 2,
	ROSTER_PLAIN_LABELS = 4, /* without those by rule */
	ROSTER_VARIABLES = 8,
	ROSTER_RELATIONS = 16
};

struct roster_item {
	struct item item;
	char *name;           /* unique among the living items of its kind: see below */
	char *variables;      /* its own, merged over its sources: a canonical object */
	struct words labels;  /* sorted */
	struct str relations; /* an object, the refs by type, sorted; empty where there are none */
	const char *cloud, *region, *cell; /* names, or NULL */
};

struct roster {
	struct session *s;
	int parts;
	struct sources sources;
	struct map twice;  /* names that several items have */
	struct map places; /* names by id */
	int has_rules;     /* labels by rule have to be asked for, item by item */
	unsigned long renamed;
};

/* parts are of enum roster_part. */
int roster_open(struct roster *r, struct session *s, int parts, struct fault *f);
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
