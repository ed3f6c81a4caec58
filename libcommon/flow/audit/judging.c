/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/judging.h"

#include "fleet/expr/stored.h"
#include "flow/audit/assess.h"

#include <string.h>

/* Items a snapshot: long enough to make its cost nothing, short enough to hold no WAL back. */
#define SNAPSHOT ((size_t)5000)

/* The item at hand. */
struct case_file {
	int64_t id;
	struct expr_subject subject; /* read whole */
	int is_read;                 /* 1 it is, 0 not yet, -1 it is gone */
};

int
judging_wants(const struct judging *j, const struct check *c)
{
	return !j->only || strcmp(j->only, c->id) == 0;
}

static int
is_known(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_FAIL || v == VERDICT_NOT_APPLICABLE;
}

static int
read_whole(const struct judging *j, struct case_file *x, struct fault *f)
{
	struct item item;
	int found;

	if (x->is_read)
		return 0;
	found = item_get(j->s, x->id, &item, f);
	if (found == 1)
		found = expr_subject_of(j->s, &item, &x->subject, f) < 0 ? -1 : 1;
	x->is_read = found == 1 ? 1 : -1;
	if (found >= 0)
		item_done(&item);
	return found < 0 ? -1 : 0;
}

/* 1 if what is known of the item is no ground to judge it by: missing, or too old; 0, -1. */
static int
is_unknown(struct judging *j, const struct check *c, struct case_file *x, struct assessment *a,
    struct fault *f)
{
	const struct gather_miss *miss = gather_miss_of(j->gathered, j->d, c, x->id);

	if (!miss) {
		a->verdict = VERDICT_STALE;
		return silence_of(j->silence, c, x->id, &a->message, f);
	}
	a->verdict = miss->verdict;
	a->message = mem_dup(miss->why);
	return 1;
}

/* 1 if something is known of it now, 0 if it stayed unknown; -1. */
static int
judge_check(
    struct judging *j, size_t place, struct stored *stored, struct case_file *x, struct fault *f)
{
	const struct check *c = &j->d->checks.v[place];
	struct assessment a = {0};
	int unknown = is_unknown(j, c, x, &a, f), good = unknown;

	if (unknown == 0)
		good = assess_good(j->judge, c, stored_names(stored), &a.verdict, f);
	if (unknown == 0 && good == 0) {
		if (read_whole(j, x, f) < 0)
			return -1;
		if (x->is_read < 0) /* it went meanwhile */
			return 1;
		good = assess(j->judge, c, &x->subject, &a, f);
	}
	if (good < 0)
		return -1;
	j->applied[place] += a.verdict != VERDICT_NOT_APPLICABLE;
	ledger_add_take(j->ledger, c, x->id, NULL, a.verdict, a.observed, a.message);
	return is_known(a.verdict);
}

static int
judge_item(struct judging *j, struct stored *stored, int64_t id, struct fault *f)
{
	struct case_file x = {.id = id};
	int known = 1, status = 0;

	stored_move(stored, id);
	for (size_t i = 0; status >= 0 && i < j->d->checks.n; i++)
		if (j->d->checks.v[i].expect && judging_wants(j, &j->d->checks.v[i])) {
			status = judge_check(j, i, stored, &x, f);
			known &= status;
		}
	j->covered += known;
	expr_subject_done(&x.subject);
	return status < 0 ? -1 : 0;
}

/* Items from *at on, until there is a batch to write or the snapshot has lasted long enough. */
static int
judge_some(struct judging *j, const struct ids *scope, size_t *at, struct fault *f)
{
	size_t end = *at + SNAPSHOT < scope->n ? *at + SNAPSHOT : scope->n;
	struct stored *stored = NULL;
	int status = ledger_recall_items(j->ledger, scope->v[*at], scope->v[end - 1], f);

	if (status == 0)
		status = db_snapshot(j->s->db, f);
	if (status < 0)
		return -1;
	stored = stored_new(j->s, STORED_ALL, f);
	status = stored ? 0 : -1;
	while (status == 0 && *at < end && !ledger_is_full(j->ledger)) {
		j->stopped = j->stopped || (j->stopping && j->stopping());
		if (j->stopped)
			break;
		status = judge_item(j, stored, scope->v[(*at)++], f);
	}
	stored_free(stored);
	db_rollback(j->s->db);
	return status < 0 ? -1 : ledger_flush(j->ledger, 1, f);
}

int
judging_run(struct judging *j, const struct ids *scope, struct fault *f)
{
	for (size_t at = 0; at < scope->n && !j->stopped;)
		if (judge_some(j, scope, &at, f) < 0)
			return -1;
	return 0;
}
