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
	int64_t rank;   /* the lowest wins */
	int64_t seen;   /* when it last reported; 0: never */
	int stale;      /* it has not reported for too long: loses to all that are not */
	int removed;    /* taken away; its row stays for the log and for native keys */
	char *settings; /* see sources/settings.h */
	int64_t tried;  /* when it was last synced, well or not; 0: never */
	char *trouble;  /* what was wrong then; NULL: nothing */
};

void source_done(struct source *s);

/* By name. 1 found, 0 not, -1. One that was removed is found, too. */
int source_get(struct session *s, const char *name, struct source *out, struct fault *f);
int source_get_id(struct session *s, int64_t id, struct source *out, struct fault *f);

/* source_get of one that is there, FAULT_BAD with the near miss. 0 or -1. */
int source_need(struct session *s, const char *name, struct source *out, struct fault *f);

/* All of the project but those removed, the best first. 0 or -1; free with sources_done. */
struct sources VEC_BODY(struct source);
int source_list(struct session *s, struct sources *out, struct fault *f);
void sources_done(struct sources *list);

/* The id by name. 1 found, 0 not, -1. */
int source_find(struct session *s, const char *name, int64_t *id, struct fault *f);

/* The rank that a source of this name has until somebody gives it another. */
int64_t source_default_rank(const char *name);

/*
 * The id of a source, made with its default rank if it is new. A name is [A-Za-z0-9._/-]+,
 * at most 64 characters. One that was removed is FAULT_BAD: it is added again by name, not by
 * speaking.
 */
int source_want(struct session *s, const char *name, int64_t *id, struct fault *f);

/* How a sync of it ended: not history, so not logged. trouble NULL: well. 0 or -1. */
int source_note_sync(
    struct session *s, int64_t id, int64_t at, const char *trouble, struct fault *f);

#endif
