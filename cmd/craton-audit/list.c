/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "base/num.h"
#include "base/report.h"
#include "base/when.h"
#include "flow/audit/turn.h"
#include "io/args.h"
#include "io/jtext.h"
#include "io/output.h"
#include "io/table.h"

#include <stdio.h>

/* One audit in the list. */
struct entry {
	const struct definition *d;
	const char *path;
	int64_t started; /* its last run; 0: none */
	int64_t ended;   /* 0: that was killed, or is still at it */
	int complete, overdue;
};

struct listing {
	struct session *s; /* NULL: there is no database */
	struct output out;
	struct table table;
};

static int
last_run(struct session *s, struct entry *e, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(s->db, &rows, f,
	    "SELECT started, ended, complete FROM audit_run "
	    "WHERE project = $1 AND audit = $2 ORDER BY id DESC LIMIT 1",
	    "is", s->project, e->d->audit);

	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		e->started = db_int(&rows, 0);
		e->ended = db_int(&rows, 1);
		e->complete = (int)db_int(&rows, 2);
	}
	db_end(&rows);
	if (more < 0)
		return -1;
	e->overdue = turn_is_overdue(s, e->d, when_now(), f);
	return e->overdue < 0 ? -1 : 0;
}

static void
put_record(struct listing *l, const struct entry *e)
{
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "kind", "audit-definition");
	jtext_text(&json, "name", e->d->audit);
	jtext_text(&json, "title", e->d->title);
	jtext_text(&json, "path", e->path);
	jtext_int(&json, "checks", (int64_t)e->d->checks.n);
	if (e->d->every)
		jtext_int(&json, "every_seconds", e->d->every / 1000);
	jtext_time(&json, "last_run", e->started);
	if (e->started)
		jtext_bool(&json, "complete", e->complete);
	if (e->overdue)
		jtext_bool(&json, "overdue", 1);
	jtext_close(&json);
	output_record(&l->out, json.text, json.len);
	str_done(&json);
}

static void
put_row(struct listing *l, const struct entry *e)
{
	char every[24], at[WHEN_TEXT];

	table_cell(&l->table, e->d->audit);
	table_cellf(&l->table, "%zu", e->d->checks.n);
	table_cell(&l->table, e->d->every ? num_duration_text(e->d->every, every) : "");
	table_cell(&l->table, e->started ? when_second(e->started, at) : "never");
	if (!e->started)
		table_cell(&l->table, "");
	else if (e->overdue)
		table_toned(&l->table, TABLE_BAD, "overdue");
	else if (e->complete)
		table_toned(&l->table, TABLE_GOOD, "complete");
	else
		table_toned(&l->table, TABLE_BAD, e->ended ? "stopped" : "not ended");
	table_cell(&l->table, e->d->title);
	table_end_row(&l->table);
}

static int
put(struct listing *l, const struct entry *e)
{
	switch (l->out.format) {
	case OUTPUT_TABLE:
	case OUTPUT_TSV: put_row(l, e); break;
	case OUTPUT_NAMES: output_name(&l->out, e->d->audit, 0); break;
	case OUTPUT_JSONL:
	case OUTPUT_JSON: put_record(l, e); break;
	}
	return 0;
}

static int
add(struct listing *l, const char *path, struct fault *f)
{
	struct definition d;
	struct entry e = {.d = &d, .path = path};
	int status = open_definition(&d, path, f);

	if (status == 0 && l->s)
		status = last_run(l->s, &e, f);
	if (status == 0)
		status = put(l, &e);
	definition_close(&d);
	return status;
}

static void
finish(struct listing *l)
{
	if (l->out.format == OUTPUT_TABLE)
		table_print(&l->table, stdout);
	else if (l->out.format == OUTPUT_TSV)
		table_print_tsv(&l->table, stdout);
	else
		output_end(&l->out);
	table_done(&l->table);
}

/* A definition that is bad is named and passed over; the others are listed. */
static int
list_all(struct listing *l)
{
	struct words paths = {0};
	struct fault f;
	int bad = 0;

	shelf_list(&audit_shelf, &paths);
	for (size_t i = 0; i < paths.n; i++) {
		if (add(l, paths.v[i], &f) < 0) {
			report_fault(&f);
			bad = fault_status(FAULT_NO);
		}
	}
	finish(l);
	words_done(&paths);
	return bad;
}

int
verb_list(int argc, char **argv)
{
	static const char *const heads[] = {
	    "AUDIT", "CHECKS", "EVERY", "LAST RUN", "STATE", "TITLE"};
	struct session_options base = {0};
	const char *format = NULL;
	int json = 0;
	const struct args_opt own[] = {
	    {'o', "output", "FORMAT", ARGS_TEXT, &format, "table, jsonl, json, tsv or names"},
	    {0, "json", NULL, ARGS_FLAG, &json, "short for -o jsonl"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"list [options]", "List the audits that can be run by name.",
	    "craton-audit list\n"
	    "craton-audit list -o names | xargs craton-audit run -o table",
	    own, NULL, common};
	struct listing l = {.table = TABLE_INIT(heads)};
	struct session s = {0};
	enum output_format chosen;
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n > 0)
		status = fault_set(&f, FAULT_USAGE, "list: no operands; run takes audits");
	if (status == 0)
		status = output_format(format, json ? OUTPUT_JSONL : OUTPUT_TABLE, &chosen, &f);
	if (status < 0)
		return report_fault(&f);
	/* Without a database there are definitions all the same, and no runs of them. */
	if (session_open(&s, &base, DB_READ, &f) == 0)
		l.s = &s;
	else
		report_note("last runs are not known: %s", f.text);
	output_begin(&l.out, chosen);
	status = list_all(&l);
	session_close(&s);
	return status;
}
