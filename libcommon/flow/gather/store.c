/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"
#include "base/when.h"
#include "fleet/log/change.h"
#include "fleet/source.h"
#include "flow/gather/job.h"

int
store_open(struct gathering *g)
{
	char *name = mem_printf("audit/%s", g->d->audit);
	int status = db_begin(g->s->db, g->fault);

	if (status == 0)
		status = source_want(g->s, name, &g->source, g->fault);
	if (status == 0)
		status = db_commit(g->s->db, g->fault);
	else
		db_rollback(g->s->db);
	free(name);
	return status;
}

static int
store_one(struct gathering *g, struct change *c, const struct answer *a, int64_t now)
{
	const char *into = g->d->gathers.v[a->probe].into;
	struct str variables = STR_INIT;
	struct document document;
	int status = document_get(g->s, a->item, g->source, &document, g->fault);

	if (status >= 0) {
		jtext_with(JTEXT(document.variables), into, JTEXT(a->value), &variables);
		free(document.variables);
		document.variables = str_take(&variables);
		status = change_document(c, &document, g->fault);
		document_done(&document);
	}
	if (status < 0)
		return -1;
	return db_run(g->s->db, g->fault,
		   "INSERT INTO gathered (item, source, key, at) VALUES ($1, $2, $3, $4) "
		   "ON CONFLICT (item, source, key) DO UPDATE SET at = excluded.at",
		   "iisi", a->item, g->source, into, now) < 0
		   ? -1
		   : 0;
}

int
store_all(struct gathering *g)
{
	int64_t now = when_now();
	struct change c;

	g->stored = when_boot();
	if (!g->answers.n)
		return 0;
	if (change_begin(&c, g->s, g->source, g->fault) < 0)
		return -1;
	for (size_t i = 0; i < g->answers.n; i++) {
		if (store_one(g, &c, &g->answers.v[i], now) < 0) {
			change_rollback(&c);
			return -1;
		}
	}
	if (change_commit(&c, g->fault) < 0)
		return -1;
	for (size_t i = 0; i < g->answers.n; i++)
		free(g->answers.v[i].value);
	g->answers.n = 0;
	return 0;
}

/* When the value was gathered: 1, 0 it never was, -1. */
static int
gathered_at(struct gathering *g, int64_t item, const char *into, int64_t *at)
{
	/* hot: each probe of each item, in each run */
	static const char sql[] =
	    "SELECT at FROM gathered WHERE item = $1 AND source = $2 AND key = $3";

	*at = 0;
	return db_get_int(g->s->db, at, g->fault, sql, "iis", item, g->source, into);
}

int
store_is_fresh(struct gathering *g, int64_t item, const struct gather *what)
{
	int64_t at, from = g->since;
	int found;

	if (g->o->fresh || (!what->max_age && !from))
		return 0;
	if (what->max_age && (!from || when_now() - what->max_age < from))
		from = when_now() - what->max_age;
	found = gathered_at(g, item, what->into, &at);
	return found == 1 ? at >= from : found;
}

int
store_outlived(struct gathering *g, struct gather_miss *miss)
{
	const struct gather *what = &g->d->gathers.v[miss->probe];
	char limit[24], text[WHEN_TEXT], *why = miss->why;
	int64_t at;
	int found;

	if (!what->max_age ||
	    (miss->verdict != VERDICT_UNREACHABLE && miss->verdict != VERDICT_TIMEOUT))
		return 0;
	found = gathered_at(g, miss->item, what->into, &at);
	if (found < 1 || when_now() - at <= what->max_age)
		return found < 0 ? -1 : 0;
	miss->why =
	    mem_printf("%s is of %s, older than %s, and the item could not be asked: %s: %s",
		what->into, when_second(at, text), num_duration_text(what->max_age, limit),
		verdict_words[miss->verdict], why);
	miss->verdict = VERDICT_STALE;
	free(why);
	return 0;
}
