/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/trust.h"

#include "base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LEAST_FAILED 5  /* fewer say nothing about the check, however small its scope */
#define SHRUNK 10       /* percent */
#define SHRUNK_LEAST 10 /* items that were there */

enum { MISSED, COVERAGE, SCOPE, SOURCES, WORDS };

const char *const trust_words[] = {[MISSED] = "missed-run",
    [COVERAGE] = "coverage",
    [SCOPE] = "scope",
    [SOURCES] = "sources",
    [WORDS] = NULL};

/* ---- booking ---- */

/* A finding with this message, or, without one, that there is none any more. */
static int
book_take(
    struct ledger *l, const struct check *c, const char *subject, char *message, struct fault *f)
{
	if (ledger_recall_check(l, c, f) < 0) {
		free(message);
		return -1;
	}
	if (message)
		ledger_add_take(l, c, 0, subject, VERDICT_ERROR, NULL, message);
	else
		ledger_pass_subject(l, c, subject);
	return ledger_flush(l, 1, f);
}

static int
book_of_audit(struct ledger *l, int word, char *message, struct fault *f)
{
	char *name = mem_printf("%s/%s", l->d->audit, trust_words[word]);
	struct check c = {.name = name, .severity = SEVERITY_MEDIUM};
	int status = book_take(l, &c, "audit", message, f);

	free(name);
	return status;
}

/* ---- the audit ---- */

/* The last whole run before this one: 1, 0 there was none, -1. */
static int
last_whole(const struct ledger *l, int64_t *id, int64_t *started, int64_t *scope, struct fault *f)
{
	struct db_rows rows;
	int found = db_query(l->s->db, &rows, f,
	    "SELECT id, started, scope FROM audit_run WHERE project = $1 AND audit = $2 "
	    "AND id < $3 AND complete = 1 AND narrowed = 0 ORDER BY id DESC LIMIT 1",
	    "isi", l->s->project, l->d->audit, l->run);

	if (found == 0 && (found = db_next(&rows, f)) == 1) {
		*id = db_int(&rows, 0);
		*started = db_int(&rows, 1);
		*scope = db_int(&rows, 2);
	}
	db_end(&rows);
	return found;
}

static char *
missed(const struct ledger *l, int64_t started)
{
	int64_t every = l->d->every, late = l->at - started;
	char at[WHEN_TEXT];

	if (!every || late < 2 * every)
		return NULL;
	return mem_printf("%" PRId64 " missed: the last complete run began at %s", late / every - 1,
	    when_second(started, at));
}

static char *
shrunk(const struct trust_run *run, int64_t id, int64_t scope)
{
	if (scope < SHRUNK_LEAST || run->scope > scope * (100 - SHRUNK) / 100)
		return NULL;
	return mem_printf("looks at %" PRId64 " items, and did at %" PRId64 " in run %" PRId64,
	    run->scope, scope, id);
}

/* One item may always stay unknown: it has findings of its own. */
static char *
uncovered(const struct ledger *l, const struct trust_run *run)
{
	int64_t wanted = num_share_of(&l->d->coverage, run->scope);
	int64_t unknown = run->scope - run->covered;

	if (unknown <= 1 || run->covered >= wanted)
		return NULL;
	return mem_printf("judged %" PRId64 " of %" PRId64 " items (%.1f %%), and should %" PRId64,
	    run->covered, run->scope, 100.0 * (double)run->covered / (double)run->scope, wanted);
}

/* What it rests on is not what it was: a finding, and no ground for repairs. */
static int
book_doubt(struct ledger *l, int word, struct trust_run *run, char *message, struct fault *f)
{
	if (message && !run->doubt)
		run->doubt = mem_dup(message);
	return book_of_audit(l, word, message, f);
}

static int
book_audit(struct ledger *l, struct trust_run *run, struct fault *f)
{
	int64_t id = 0, started = 0, scope = 0;
	int found = last_whole(l, &id, &started, &scope, f);

	if (found < 0 || book_of_audit(l, MISSED, found ? missed(l, started) : NULL, f) < 0 ||
	    book_doubt(l, SCOPE, run, found ? shrunk(run, id, scope) : NULL, f) < 0 ||
	    book_doubt(l, SOURCES, run, run->silent ? mem_dup(run->silent) : NULL, f) < 0)
		return -1;
	return book_of_audit(l, COVERAGE, uncovered(l, run), f);
}

/* ---- its checks ---- */

static int
note_distrust(
    const struct ledger *l, const struct check *c, int64_t failed, int64_t scope, struct fault *f)
{
	return db_run(l->s->db, f,
		   "INSERT INTO distrust (project, name, since, until, failed, scope) "
		   "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (project, name) DO UPDATE SET "
		   "since = CASE WHEN distrust.until > excluded.since THEN distrust.since "
		   "ELSE excluded.since END, until = excluded.until, failed = excluded.failed, "
		   "scope = excluded.scope",
		   "isiiii", l->s->project, c->name, l->at, l->at + l->d->quiet, failed, scope) < 0
		   ? -1
		   : 0;
}

static const char *
share_text(const struct num_share *share, char buf[32])
{
	if (share->is_percent)
		snprintf(buf, 32, "%g %%", (double)share->value / 1000);
	else
		snprintf(buf, 32, "%" PRId64, share->value);
	return buf;
}

static int
book_check(struct ledger *l, const struct check *c, int64_t failed, int64_t scope, struct fault *f)
{
	char *message = NULL, share[32];

	if (c->remedy && failed >= LEAST_FAILED && failed > num_share_of(&c->distrust, scope)) {
		if (note_distrust(l, c, failed, scope, f) < 0)
			return -1;
		message =
		    mem_printf("fails on %" PRId64 " of %" PRId64
			       " items (%.1f %%), more than %s: no repair is planned on its word",
			failed, scope, 100.0 * (double)failed / (double)scope,
			share_text(&c->distrust, share));
	}
	return book_take(l, c, "distrust", message, f);
}

int
trust_book(struct ledger *l, struct trust_run *run, struct fault *f)
{
	for (size_t i = 0; i < l->d->checks.n; i++)
		if (book_check(l, &l->d->checks.v[i], run->failed[i], run->scope, f) < 0)
			return -1;
	return book_audit(l, run, f);
}

int
trust_check(struct session *s, const char *check, int64_t now, struct fault *f)
{
	/* hot: each finding of a plan */
	static const char sql[] =
	    "SELECT failed, scope, until FROM distrust WHERE project = $1 AND name = $2";
	struct db_rows rows;
	char at[WHEN_TEXT];
	int found = db_query(s->db, &rows, f, sql, "is", s->project, check);

	if (found == 0 && (found = db_next(&rows, f)) == 1 && db_int(&rows, 2) > now) {
		int64_t failed = db_int(&rows, 0), scope = db_int(&rows, 1);

		found = fault_set(f, FAULT_REFUSED,
		    "refused: check %s failed on %" PRId64 " of %" PRId64
		    " items (%.1f %%): it is not trusted before %s",
		    check, failed, scope, 100.0 * (double)failed / (double)scope,
		    when_second(db_int(&rows, 2), at));
	}
	db_end(&rows);
	return found < 0 ? -1 : 0;
}
