/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Auditing the audit: what a whole run says of itself and of its checks. Each of these is a
 * finding about no item, and goes when a later run is in order again:
 *
 *	AUDIT/missed-run  no complete run for twice the time that every: says
 *	AUDIT/coverage    more items than it allows stayed unknown
 *	AUDIT/scope       it looks at a tenth less items than the last time, or more than that
 *	AUDIT/sources     items that nobody reports but sources that are stale
 *	the check itself  subject "distrust": one with a remedy fails on more than its share
 */
#ifndef FLOW_TRUST_H
#define FLOW_TRUST_H

#include "flow/audit/ledger.h"

/* Words that are no ids of checks, ended by NULL. */
extern const char *const trust_words[];

/* What a whole run came to. */
struct trust_run {
	int64_t scope, covered; /* items; those of which nothing stayed unknown */
	const int64_t *failed;  /* by check: items, those that are waived left out */
	const char *silent;     /* see silence_scope; NULL: all are reported */
	char *doubt;            /* set by trust_book, to be freed: what no repair is planned on */
};

/* Books what is to be said at the end of a run that is neither narrowed nor stopped. */
int trust_book(struct ledger *l, struct trust_run *run, struct fault *f);

/*
 * FAULT_REFUSED with the arithmetic if a check is not trusted at a time, so that no repair is
 * planned on its word.
 */
int trust_check(struct session *s, const char *check, int64_t now, struct fault *f);

#endif
