/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the change log and the chain over them: for change, remove, merge, undo and fsck
 * only. */
#ifndef FLEET_CHANGE_LOG_H
#define FLEET_CHANGE_LOG_H

#include "fleet/log/change.h"

/* Starts the entry, if the change has none yet: sets c->txn and c->at. */
int change_enter(struct change *c, struct fault *f);

/*
 * One row of the entry, which is begun with the first; before the first row ever of a source
 * comes the one that tells of it. d: the new content, for the chain; NULL for drop and all ops
 * that are not about a layer. undo NULL: there was nothing before.
 */
int change_log_row(struct change *c, const char *op, int64_t item, int64_t source,
    const struct document *d, const char *undo, struct fault *f);

/*
 * What an entry's hash is made of, for fsck: the head, then each row in order of its id with
 * the new content of its document (NULL where it has none).
 */
void change_hash_head(struct hash *h, const char *before, int64_t project, int64_t at,
    const char *actor, int64_t source, const char *reason);
void change_hash_row(
    struct hash *h, const char *op, int64_t item, int64_t source, const struct document *d);

/*
 * What the hash of a row goes on with, as a text: the native key of create ("" for none) and
 * of key, the undo of remove and of apart, the number of rank, the state of source.
 */
void change_hash_more(struct hash *h, const char *text);

/* All that the log tells of a source but its rank: name, removed, settings, stale. */
void change_source_state(const struct source *source, struct str *out);

/* Logs a source that the log has not told of yet. */
int change_tell_source(struct change *c, int64_t id, struct fault *f);

#endif
