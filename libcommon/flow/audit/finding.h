/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finding: what a check said of an item, where that was not pass. It is one row for an item
 * and a check, and lives across runs: first and last seen, how often, since when it is gone,
 * whether it came back. Passes are counted per run and not stored.
 */
#ifndef FLOW_FINDING_H
#define FLOW_FINDING_H

#include "base/str.h"
#include "fleet/session.h"
#include "flow/audit/verdict.h"

/* Why a finding is gone. */
enum resolution {
	RESOLUTION_NONE, /* it is open */
	RESOLUTION_PASS,
	RESOLUTION_NOT_APPLICABLE,
	RESOLUTION_OUT_OF_SCOPE, /* the audit no longer looks at the item */
};

struct finding {
	int64_t id;
	int64_t item;        /* 0: it is about the fleet, or about the check itself */
	char *subject;       /* of a finding without item; else "" */
	char *check;         /* full name: kernel-currency/supported */
	enum verdict status; /* as judged; with a waiver in force it counts as waived */
	enum severity severity;
	char *expected; /* or NULL, as the rest of the texts */
	char *observed; /* canonical JSON object: the evidence */
	char *message;
	char *remedy;   /* the workflow that fixes it */
	char *domain;   /* canonical JSON array of label keys */
	int64_t waiver; /* id of one that is in force; 0: none */
	int64_t first_seen, last_seen, times;
	int64_t opened;   /* since when it is open this time: first_seen, or when it came back */
	int64_t resolved; /* since when it is gone; 0: it is open */
	enum resolution resolution;
	int64_t reopened, run;
	int64_t attempts; /* runs that tried to put it right: flow/people/repair.h */
};

void finding_done(struct finding *x);

/* What it counts as: waived while a waiver is in force. */
enum verdict finding_status(const struct finding *x);

/*
 * Stores what a run saw: a new finding, or an old one seen once more (and opened again if it
 * was resolved). In a transaction of the caller's. item, subject, check, status, severity,
 * the texts, waiver, last_seen and run are the caller's; the rest is filled in.
 */
int finding_put(struct session *s, struct finding *x, struct fault *f);

/* Closes an open one. In a transaction of the caller's. */
int finding_resolve(
    struct session *s, int64_t id, enum resolution how, int64_t at, struct fault *f);

/*
 * Closes as out of scope all open ones of an audit that its run did not see: for the end of a
 * run that judged its whole scope. Returns how many, or -1.
 */
int64_t finding_sweep(
    struct session *s, const char *audit, int64_t run, int64_t at, struct fault *f);

/* The finding of an item and a check, as it counts at a time: 1 found, 0 not, -1. */
int finding_get(struct session *s, int64_t item, const char *check, int64_t now,
    struct finding *out, struct fault *f);

/*
 * Whether a check, AUDIT/ID, matches a pattern of the shell. One without a slash may match the
 * audit alone: "os-support" means all of its checks.
 */
int finding_check_matches(const char *pattern, const char *check);

/* Which of the project's findings; what is 0 or NULL does not narrow. */
struct finding_filter {
	int64_t id;
	unsigned statuses; /* 1u << enum verdict, or-ed; VERDICT_WAIVED among them */
	enum severity at_least;
	const char *check;       /* pattern as the shell's: os-support/... */
	const struct ids *items; /* ascending */
	int open, resolved;
	int64_t since;  /* last seen then or later */
	int64_t before; /* first seen then or earlier; 0: whenever */
};

/* In order of check, then item. Stops when each returns non-zero, and returns that. */
int finding_each(struct session *s, const struct finding_filter *filter, int64_t now,
    int (*each)(const struct finding *x, void *ctx), void *ctx, struct fault *f);

/*
 * Appends the record: kind check item (a ref) or subject, status severity expected observed
 * remedy domain at id run first_seen last_seen times reopened resolved resolution waiver
 * message; of what was tried to put right, attempts and repairs. No newline.
 */
int finding_to_json(struct session *s, const struct finding *x, struct str *out, struct fault *f);

#endif
