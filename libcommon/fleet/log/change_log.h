/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the change log and the chain over them: for change, remove, undo and fsck only. */
#ifndef FLEET_CHANGE_LOG_H
#define FLEET_CHANGE_LOG_H

#include "fleet/log/change.h"

/* Starts the entry, if the change has none yet: sets c->txn and c->at. */
int change_enter(struct change *c, struct fault *f);

/*
 * One row of the entry, which is begun with the first. d: the new content, for the chain;
 * NULL for drop, remove and rank. undo NULL: there was nothing before.
 */
int change_log_row(struct change *c, const char *op, int64_t item, int64_t source,
    const struct document *d, const char *undo, struct fault *f);

/*
 * What an entry's hash is made of, for fsck: the head, then each row in order of its id with
 * the new content of its document (NULL for drop, remove and rank).
 */
void change_hash_head(struct hash *h, const char *before, int64_t project, int64_t at,
    const char *actor, int64_t source, const char *reason);
void change_hash_row(
    struct hash *h, const char *op, int64_t item, int64_t source, const struct document *d);

/*
 * What the hash of a row goes on with, as a text: the native key of create ("" for none) and
 * of key, the undo of remove, the number of rank.
 */
void change_hash_more(struct hash *h, const char *text);

#endif
