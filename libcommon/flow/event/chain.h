/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal is append-only, and chained: the last event of each commit carries the SHA-256
 * over the hash before it (nothing, for the first) and the lines of craton-events(5) since
 * then, each without its own hash and with its newline. So what log --all -o jsonl prints can
 * be checked with nothing but sha256sum. One who may write the file may write a new chain: it
 * finds the mistake and the flipped bit, and the forger only beside a copy kept elsewhere.
 */
#ifndef FLOW_CHAIN_H
#define FLOW_CHAIN_H

#include "base/hash.h"
#include "fleet/session.h"
#include "flow/event/event.h"

/* The end of the journal, while events are added to it. */
struct chain {
	struct db *db;
	int64_t seq;          /* of the last event */
	char hash[HASH_TEXT]; /* the last hash; "" before the first */
	struct hash sum;      /* over it and what was added since */
	struct str line;
};

/* In a write transaction, which all that is added belongs to. End with chain_done. */
int chain_open(struct chain *c, struct db *db, struct fault *f);
void chain_done(struct chain *c);

/* Stores the event, whose seq is set; is_last: of this commit, and then its hash is c->hash. */
int chain_add(struct chain *c, struct event *e, int is_last, struct fault *f);

/* One event as a commit of its own or part of the caller's; run 0: of none. body: an object. */
int chain_put(struct db *db, int64_t run, const char *word, const char *body, struct fault *f);

/*
 * A person's word, likewise, that belongs to no run: members (what jtext_close has not ended
 * yet; NULL: none), then the session's actor and reason. It takes members.
 */
int chain_say(struct session *s, const char *word, struct str *members, struct fault *f);

/*
 * Holds every event to the chain, inside the caller's snapshot: each is called with a sentence
 * for every fault. Returns the number of events, or -1.
 */
int64_t chain_check(
    struct db *db, void (*each)(const char *fault, void *ctx), void *ctx, struct fault *f);

#endif
