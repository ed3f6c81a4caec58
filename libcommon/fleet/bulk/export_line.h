/* SPDX-License-Identifier: Apache-2.0 */
/* One line of an export. */
#ifndef FLEET_EXPORT_LINE_H
#define FLEET_EXPORT_LINE_H

#include "base/map.h"
#include "base/str.h"
#include "fleet/document.h"
#include "fleet/item.h"
#include "fleet/source.h"

/* An export under way. */
struct export_run {
	struct session *s;
	int (*line)(void *ctx, struct jtext record, struct fault *f);
	void *ctx;
	struct sources sources; /* by id */
	struct map places;      /* refs of what items are in, by id */
	struct str out;
};

/* The item being exported. */
struct export_item {
	struct item item;
	char *ref;
	struct documents layers; /* in the order of their lines */
	VEC(struct export_ident {
		int64_t source;
		char *key;
	})
	idents;
};

/* The line for a source. */
int export_source(struct export_run *e, const struct source *source, struct fault *f);

/* The line for a layer of an item; key may be NULL. */
int export_layer(struct export_run *e, const struct export_item *it, const struct document *d,
    const char *key, struct fault *f);

/* A line for a further key that a source has for the item, with nothing else in it. */
int export_key(struct export_run *e, const struct export_item *it, int64_t source, const char *key,
    struct fault *f);

/* The name of one of e->sources; and their order, for sorting. */
const char *export_source_name(const struct export_run *e, int64_t id);
int export_by_id(const void *a, const void *b);

#endif
