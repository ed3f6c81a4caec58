/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the change log begins once its older entries were pruned: who took them away, when and
 * why, the hash that the oldest entry left is chained to, and a digest of what the inventory
 * was then, signed off by a seal over all that and the seal before it.
 */
#ifndef FLEET_ANCHOR_H
#define FLEET_ANCHOR_H

#include "base/hash.h"
#include "fleet/past/past.h"

struct anchor {
	int64_t entry, at; /* the last entry that is gone, and its time */
	int64_t pruned;    /* when */
	char *hash, *state, *actor, *reason, *seal;
};

/* The newest. 1, 0: nothing was ever pruned, -1. End with anchor_done in any case. */
int anchor_get(struct session *s, struct anchor *out, struct fault *f);
void anchor_done(struct anchor *a);

/*
 * Takes away all entries up to a point, but never the newest one: to becomes the last that
 * goes. s writes; base opens the
 * same database for reading. reason may not be NULL. *gone is how many went; with dry only
 * would. 0 or -1.
 */
int anchor_prune(struct session *s, const struct session_options *base, struct past_point *to,
    int dry, int64_t *gone, struct fault *f);

/*
 * SHA-256 over layers, kinds, native keys and ranks as the session sees them: what a log that
 * begins there cannot tell.
 */
int anchor_state(struct session *s, char out[HASH_TEXT], struct fault *f);

/* The seal that belongs to an anchor, after the seal before it ("" for the first). */
void anchor_seal(const struct anchor *a, const char *before, char out[HASH_TEXT]);

#endif
