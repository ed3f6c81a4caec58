/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources of truth: who says something about items, and whose word counts more. Each project
 * has its own; the first is operator, what people type, made with the project: session.operator.
 */
#ifndef FLEET_SOURCE_H
#define FLEET_SOURCE_H

#include "base/vec.h"
#include "fleet/session.h"

#define SOURCE_MOST 4095 /* ids; see document.id */

#define SOURCE_RANK_OPERATOR 10
#define SOURCE_RANK_DEFAULT 100
#define SOURCE_RANK_AUDIT 900 /* gathered facts fill gaps; they do not overrule asset data */

struct source {
	int64_t id;
	char *name;
	int64_t rank; /* the lowest wins */
	int64_t seen; /* when it last reported; 0: never */
};

void source_done(struct source *s);

/* By name. 1 found, 0 not, -1. */
int source_get(struct session *s, const char *name, struct source *out, struct fault *f);
int source_get_id(struct session *s, int64_t id, struct source *out, struct fault *f);

/* All of the project, the best first. 0 or -1; free with sources_done. */
struct sources VEC_BODY(struct source);
int source_list(struct session *s, struct sources *out, struct fault *f);
void sources_done(struct sources *list);

/* The id by name. 1 found, 0 not, -1. */
int source_find(struct session *s, const char *name, int64_t *id, struct fault *f);

/* The rank that a source of this name has until somebody gives it another. */
int64_t source_default_rank(const char *name);

/*
 * The id of a source, made with its default rank if it is new. A name is [A-Za-z0-9._/-]+,
 * at most 64 characters.
 */
int source_want(struct session *s, const char *name, int64_t *id, struct fault *f);

#endif
