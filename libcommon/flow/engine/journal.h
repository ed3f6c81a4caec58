/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run's writes, put off to the end of the loop's turn and committed together. Memory may be
 * ahead of the file, and then nothing that depends on it has happened yet: nothing is
 * started and no event told before its commit. A commit that is not possible now keeps
 * everything for the next try.
 */
#ifndef FLOW_ENGINE_JOURNAL_H
#define FLOW_ENGINE_JOURNAL_H

#include "base/hash.h"
#include "base/str.h"
#include "base/vec.h"
#include "flow/event/event.h"
#include "store/db.h"

#define JOURNAL_ARGS 16

struct journal_write {
	const char *sql, *types;
	union db_arg args[JOURNAL_ARGS]; /* texts are its own */
	int64_t owner;                   /* the item's pos, or -1 */
	int is_claim;                    /* that it changes no row means: somebody else has it */
	int event;                       /* which event it stores, from 1; 0: none */
};

struct journal_event {
	const char *word;
	char *body;
	const char *hash; /* once stored, of the last one: journal.sealed */
	int64_t at, seq, owner;
};

struct journal {
	struct db *db;
	int64_t run, epoch;
	int is_dry; /* nothing is stored */
	VEC(struct journal_write) writes;
	VEC(struct journal_event) events;
	char sealed[HASH_TEXT]; /* the hash of the last commit's events */
	/* Of each event once it is committed, in order, and with NULL after the last of a commit.
	 */
	void (*told)(const struct event *e, void *ctx);
	void *ctx;
	int64_t refused_since; /* boot clock; 0: the last commit was possible */
	int said;
	int taken_over;
	int turns; /* since the last checkpoint */
};

void journal_init(struct journal *j, struct db *db, int64_t run,
    void (*told)(const struct event *, void *), void *ctx);
void journal_done(struct journal *j);

/*
 * One statement, which must change exactly one row. types as db_run's, without j and b; texts
 * are copied; sql and types are constants.
 */
void journal_write(struct journal *j, int64_t owner, const char *sql, const char *types, ...);

/* The same, but that it changes none is the answer of journal_commit, not a fault. */
void journal_claim(struct journal *j, int64_t owner, const char *sql, const char *types, ...);

/* body: a JSON object, or NULL; taken. word is a constant. */
void journal_event(struct journal *j, int64_t owner, const char *word, char *body);

/* An event of a dry run, told though nothing is stored; nothing in any other run. */
void journal_would(struct journal *j, const char *word, char *body);

/* Drops what is put off for an item that lost its claim. */
void journal_drop(struct journal *j, int64_t owner);

enum journal_answer {
	JOURNAL_COMMITTED,
	JOURNAL_NOT_NOW, /* busy, disk full, not writable: all is kept; f says which */
	JOURNAL_LOST,    /* a claim: *loser is its owner; all is kept */
};

/*
 * -1: FAULT_BUSY when another engine has taken the run over, else a bug or a broken file. An
 * answer otherwise.
 */
int journal_commit(struct journal *j, int64_t *loser, struct fault *f);

/* Whether anything waits for a commit. */
int journal_pending(const struct journal *j);

/* When the loop has nothing to do: keeps the write-ahead log short. */
void journal_idle(struct journal *j);

#endif
