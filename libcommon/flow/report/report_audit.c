/* SPDX-License-Identifier: Apache-2.0 */
/* The audits of a report: what ran, how it ended, and what its definition calls it. */
#include "flow/report/inside.h"

#include "base/num.h"
#include "flow/audit/definition.h"
#include "io/jtext.h"

#include <string.h>

void
report_done_audits(struct report *r)
{
	for (size_t i = 0; i < r->audits.n; i++) {
		free(r->audits.v[i].name);
		free(r->audits.v[i].title);
		vec_done(&r->audits.v[i].runs);
	}
	vec_done(&r->audits);
}

/* A report is made where the definition may be long gone: then the name has to do. */
static char *
title_of(const char *name, const char *path)
{
	struct definition d = {0};
	char *title = NULL;

	if (path && definition_open(&d, path, &(struct fault){0}) == 0 && d.title)
		title = mem_dup(d.title);
	definition_close(&d);
	return title ? title : mem_dup(name);
}

static void
read_counts(struct jtext counts, int64_t out[VERDICT_COUNT])
{
	for (int v = 0; v < VERDICT_COUNT; v++) {
		struct jtext n = jtext_member(counts, verdict_words[v]);
		char *digits = jtext_plain_dup(n);

		if (digits && num_int(digits, 0, INT64_MAX, &out[v], &(struct fault){0}) < 0)
			out[v] = 0;
		free(digits);
	}
}

static void
add_run(struct report_audit *a, const struct db_rows *row)
{
	struct report_run *run = vec_add(&a->runs);

	*run = (struct report_run){
	    .id = db_int(row, 0),
	    .started = db_int(row, 1),
	    .ended = db_int(row, 2),
	    .complete = (int)db_int(row, 3),
	    .scope = db_int(row, 4),
	};
	if (!db_is_null(row, 5))
		read_counts(db_jtext(row, 5), run->counts);
}

static int
read_runs(struct session *s, struct report_audit *a, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, started, ended, complete, scope, counts FROM "
	    "(SELECT id, started, ended, complete, scope, counts FROM audit_run "
	    "WHERE project = $1 AND audit = $2 AND narrowed = 0 ORDER BY id DESC LIMIT $3) AS "
	    "newest ORDER BY id";
	struct db_rows rows;
	int more =
	    db_query(s->db, &rows, f, sql, "isi", s->project, a->name, (int64_t)REPORT_TREND);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		add_run(a, &rows);
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

/*
 * The newest complete run is compared with the one before it: what has gone between the two,
 * proved right by a repair, is news as well.
 */
static int64_t
settle_since(const struct report_audit *a)
{
	const struct report_run *newest = NULL;

	for (size_t i = a->runs.n; i-- > 0;) {
		const struct report_run *run = &a->runs.v[i];

		if (!run->complete)
			continue;
		if (newest)
			return run->ended < newest->started ? run->ended + 1 : newest->started;
		newest = run;
	}
	return newest ? newest->started : a->runs.n ? a->runs.v[0].started : 0;
}

int
report_read_audits(
    struct report *r, struct session *s, const struct report_options *o, struct fault *f)
{
	static const char sql[] =
	    "SELECT audit, file FROM audit_run WHERE id IN "
	    "(SELECT max(id) FROM audit_run WHERE project = $1 GROUP BY audit) "
	    "ORDER BY audit";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct report_audit *a = vec_add(&r->audits);

		a->name = db_text_dup(&rows, 0);
		a->title = title_of(a->name, db_text(&rows, 1));
	}
	db_end(&rows);
	for (size_t i = 0; more >= 0 && i < r->audits.n; i++) {
		more = read_runs(s, &r->audits.v[i], f);
		r->audits.v[i].since = o->since ? o->since : settle_since(&r->audits.v[i]);
	}
	return more < 0 ? -1 : 0;
}
