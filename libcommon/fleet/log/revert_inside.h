/* SPDX-License-Identifier: Apache-2.0 */
/* What taking an entry back needs to know: for the files revert*.c only. */
#ifndef FLEET_LOG_REVERT_INSIDE_H
#define FLEET_LOG_REVERT_INSIDE_H

#include "fleet/log/history.h"
#include "fleet/log/revert.h"

/* A layer that the entry touched, before and after all of the entry. */
struct revert_layer {
	int64_t item, source;
	int64_t first, row; /* the oldest and the newest of its rows */
	int was, is;        /* whether there was a layer */
	struct document old, new;
};

struct revert {
	struct change *c;
	int64_t entry;
	struct history_rows rows; /* of the entry, the oldest first */
	VEC(struct revert_layer) layers;
	struct map index;  /* of the layers, by DOCUMENT_ID */
	struct ids *later; /* entries that touched the same */
};

/* Fills in layers and later. */
int revert_look(struct revert *r, struct fault *f);
void revert_done(struct revert *r);

/* Whether all that the entry did was to say what a source is. */
int revert_is_of_sources(const struct revert *r);

int revert_has_edge(const struct document *d, const struct edge *e);

#endif
