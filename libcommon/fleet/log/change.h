/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every write to the inventory goes through a change: one transaction, one entry in the log
 * with time, actor, source and reason, one undo row a layer touched, one link of the hash
 * chain. What is not different writes nothing, and a change of nothing leaves no entry.
 *
 *	struct change c;
 *	if (change_begin(&c, s, source, f) < 0) return -1;
 *	... change_document(&c, &doc, f) ...
 *	return change_commit(&c, f);       or change_rollback(&c)
 */
#ifndef FLEET_CHANGE_H
#define FLEET_CHANGE_H

#include "base/hash.h"
#include "fleet/document.h"
#include "fleet/item.h"
#include "fleet/session.h"
#include "fleet/source.h"

struct change {
	struct session *s;
	int64_t source;       /* whose layer is written; may be set anew for each record */
	int64_t entry_source; /* what the entry names; 0: several */
	int64_t txn;          /* 0 until something is different */
	int64_t at;
	struct hash hash;
	struct map known_keys;                      /* of the dictionary, asked already */
	struct map known_labels;                    /* text to id */
	struct ids told;                            /* sources that the log knows */
	int64_t created, changed, removed, retired; /* items, for the report */
};

/* Takes the write lock. source is whose layer is written; 0: it is set for each record. */
int change_begin(struct change *c, struct session *s, int64_t source, struct fault *f);
int change_commit(struct change *c, struct fault *f);
void change_rollback(struct change *c);

/* One record of many: what follows change_save is undone by change_undo_to, the rest stands. */
struct change_mark {
	int64_t txn, at, created, changed, removed, retired;
	struct hash hash;
};
int change_save(struct change *c, struct change_mark *mark, struct fault *f);
int change_undo_to(struct change *c, const struct change_mark *mark, struct fault *f);
int change_keep(struct change *c, struct fault *f);

/*
 * Makes an item. key may be NULL for kinds that are unique by name; name may be NULL if key
 * is not: the item is then named KIND-KEY. slot is what ref_slot gives, for kinds that are
 * known by their key, or NULL: then it is the change's source and the key (else the name). d is its
 * first layer (item is filled in): its attributes decide cloud, region, cell, parent and the rest.
 * FAULT_BAD if the place is taken.
 */
int change_create(struct change *c, const char *kind, const char *name, const char *key,
    const char *slot, struct document *d, struct fault *f);

/* Puts a layer as it shall be from now on; returns 1 if that changed anything, 0 if not. */
int change_document(struct change *c, const struct document *d, struct fault *f);

/* The source says nothing of the item any more. An item that loses its last layer retires. */
int change_drop(struct change *c, int64_t item, int64_t source, struct fault *f);

/*
 * Removes items and all below them (a region's cells and devices, a device's interfaces) for
 * good. FAULT_BAD if one is a device with child devices that are not among the items.
 */
int change_remove(struct change *c, const struct ids *items, struct fault *f);

/* What change_remove would remove, each once, the innermost first. Fails as it would. */
int change_cascade(struct session *s, const struct ids *items, struct ids *out, struct fault *f);

/* A source's rank; winners of all items that it speaks of are settled again. 1, 0 the same, -1. */
int change_rank(struct change *c, int64_t source, int64_t rank, struct fault *f);

/* The same for settings, stale and removed of the source as->id; its name never changes. */
int change_source(struct change *c, const struct source *as, struct fault *f);

/* The id of a label item with this text, made if it is new. */
int change_label(struct change *c, const char *text, int64_t *id, struct fault *f);

/*
 * Ties (source, key) to an item for ever: 1, 0 if it is already; FAULT_BAD if it is tied to
 * another one.
 */
int change_ident(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f);

/* Unties it: 1, 0 if it was not. For undo only: to a source a key is for ever. */
int change_untie(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f);

/*
 * Makes an item that was removed again, under its old id. was is the undo text of its removal;
 * first the layer that it comes back with, of source 0: none, it comes back retired.
 */
int change_restore(
    struct change *c, int64_t id, struct jtext was, const struct document *first, struct fault *f);

#endif
