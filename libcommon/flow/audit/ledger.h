/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books of one run of an audit: every verdict is counted, what is not pass is stored in
 * batches, what is pass again is closed. A finding is shown only after it is committed, and
 * nothing is shown inside a transaction: a reader that is slow never holds the file.
 */
#ifndef FLOW_LEDGER_H
#define FLOW_LEDGER_H

#include "base/map.h"
#include "flow/audit/definition.h"
#include "flow/audit/finding.h"
#include "flow/audit/waiver.h"

#define LEDGER_BATCH 500 /* findings a transaction */

struct gone {
	int64_t finding;
	enum resolution how;
};

struct ledger {
	struct session *s;
	const struct definition *d;
	int64_t run, at;
	int narrowed;
	int64_t counts[VERDICT_COUNT];
	int64_t found[SEVERITY_COUNT]; /* neither pass nor waived, by severity */
	int64_t *failed;               /* by check: items that fail, those waived left out */
	int (*show)(const struct finding *x, void *ctx);
	void *ctx;

	/* ledger.c's own */
	struct waiver_set *waivers;
	struct map open; /* findings that the run may close: "item check subject" to id */
	VEC(struct finding) findings;
	VEC(struct gone) gone;
};

/*
 * Starts a run: doubted is a JSON array of checks that drive no repair. Its row says that it is not
 * complete until ledger_close says so. show is called for each finding, may be NULL, and ends the
 * run as FAULT_STOPPED by non-zero. ledger_done also after a failure.
 */
int ledger_open(struct ledger *l, struct session *s, const struct definition *d, int narrowed,
    const char *doubted, struct fault *f);
void ledger_done(struct ledger *l);

/* The open findings that the next verdicts may close: of a range of items, of one check. */
int ledger_recall_items(struct ledger *l, int64_t first, int64_t last, struct fault *f);
int ledger_recall_check(struct ledger *l, const struct check *c, struct fault *f);

/*
 * A verdict of a check on an item, or on the fleet (item 0, with a subject). The texts are
 * taken and may be NULL.
 */
void ledger_add_take(struct ledger *l, const struct check *c, int64_t item, const char *subject,
    enum verdict verdict, char *observed, char *message);

/*
 * The check has been asked about all: what was recalled and not seen again has passed, where
 * the item is in the scope (ascending); what is about no item only if the run is not narrowed.
 */
void ledger_pass_rest(struct ledger *l, const struct ids *scope);

/* The same for one finding about the fleet: it is gone. */
void ledger_pass_subject(struct ledger *l, const struct check *c, const char *subject);

/* Whether a batch waits to be written. */
int ledger_is_full(const struct ledger *l);

/* Commits and shows what has been added, if it is a batch or with all. */
int ledger_flush(struct ledger *l, int all, struct fault *f);

/*
 * Ends the run. covered: items of which nothing stayed unknown. complete: the whole scope was
 * judged; then, if it was not narrowed, what the run did not see is out of scope.
 */
int ledger_close(struct ledger *l, int64_t scope, int64_t covered, int complete, struct fault *f);

/* Appends counts by verdict as a JSON object, every verdict in it. */
void ledger_counts(const int64_t counts[VERDICT_COUNT], struct str *out);

#endif
