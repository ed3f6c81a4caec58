/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "base/show.h"
#include "base/when.h"
#include "fleet/log/history.h"
#include "fleet/past/anchor.h"
#include "fleet/past/tell.h"
#include "fleet/ref.h"
#include "fleet/source.h"
#include "io/output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct log {
	struct session *s;
	struct history_query query;
	struct ids items;
	enum output_format format;
	struct table table;
	struct output out;
	struct fault *fault; /* of a call inside the walk */
	int changes;         /* the values, for people */
};

static void
add_row(struct log *l, const struct history_entry *e)
{
	char at[WHEN_TEXT];

	table_cellf(&l->table, "%" PRId64, e->id);
	table_cell(&l->table, when_second(e->at, at));
	table_cell(&l->table, e->actor);
	table_cell(&l->table, e->source);
	table_cellf(&l->table, "%" PRId64, e->created);
	table_cellf(&l->table, "%" PRId64, e->changed);
	table_cellf(&l->table, "%" PRId64, e->removed);
	table_cell(&l->table, e->reason);
	table_end_row(&l->table);
}

static int
put_records(struct log *l, const struct history_entry *e)
{
	struct history_rows rows = {0};
	struct str json = STR_INIT;
	int status = history_rows(l->s, e->id, &l->query, &rows, l->fault);

	for (size_t i = 0; status == 0 && i < rows.n; i++) {
		str_reset(&json);
		status = history_to_json(l->s, e, &rows.v[i], &json, l->fault);
		if (status == 0)
			output_record(&l->out, json.text, json.len);
	}
	history_rows_done(&rows);
	str_done(&json);
	return status;
}

int
inv_tell_rows(struct session *s, const struct history_rows *rows, struct fault *f)
{
	struct str text = STR_INIT;
	int status = 0;

	for (size_t i = 0; status == 0 && i < rows->n; i++) {
		str_reset(&text);
		status = tell_row(s, &rows->v[i], &text, f);
		fputs(text.text, stdout);
	}
	str_done(&text);
	return status;
}

/* "entry 17, 2026-11-23T12:00:00Z, ann: new servers", and each value under its item. */
static int
tell_entry(const struct log *l, const struct history_entry *e)
{
	struct history_rows rows = {0};
	struct str reason = STR_INIT;
	char at[WHEN_TEXT];
	int status = history_rows(l->s, e->id, &l->query, &rows, l->fault);

	str_reset(&reason);
	show_text(&reason, e->reason ? e->reason : "");
	printf("entry %" PRId64 ", %s, %s%s%s\n", e->id, when_text(e->at, at), e->actor,
	    reason.len ? ": " : "", reason.text);
	if (status == 0)
		status = inv_tell_rows(l->s, &rows, l->fault);
	putchar('\n');
	history_rows_done(&rows);
	str_done(&reason);
	return status;
}

static int
add_entry(const struct history_entry *e, void *ctx)
{
	struct log *l = ctx;
	char id[24];

	if (l->changes)
		return tell_entry(l, e);
	switch (l->format) {
	case OUTPUT_TABLE:
	case OUTPUT_TSV: add_row(l, e); return 0;
	case OUTPUT_NAMES:
		snprintf(id, sizeof(id), "%" PRId64, e->id);
		output_name(&l->out, id, 0);
		return 0;
	case OUTPUT_JSONL:
	case OUTPUT_JSON: break;
	}
	return put_records(l, e);
}

static int
print(struct log *l, struct fault *f)
{
	static const char *const heads[] = {
	    "ENTRY", "AT", "ACTOR", "SOURCE", "NEW", "CHANGED", "REMOVED", "REASON"};
	int status;

	l->fault = f;
	l->table = (struct table)TABLE_INIT(heads);
	l->table.rights = "r   rrr";
	output_begin(&l->out, l->format);
	status = history_each(l->s, &l->query, add_entry, l, f);
	if (l->changes)
		table_done(&l->table);
	else if (l->format == OUTPUT_TABLE || l->format == OUTPUT_TSV)
		output_table(&l->table, l->format);
	else
		output_end(&l->out);
	return status;
}

static const char source_before[] = "source:";

static int
find_source(struct log *l, const char *name, struct fault *f)
{
	struct source source = {0};
	int status = -1;

	if (l->query.ranked)
		fault_set(f, FAULT_USAGE, "log: one source at a time");
	else
		status = source_need(l->s, name, &source, f);
	l->query.ranked = source.id;
	source_done(&source);
	return status;
}

/* Items that are there, else items that were: who removed one is what the log is asked most. */
static int
find_items(struct log *l, char *const *names, int n, struct fault *f)
{
	int status = 0;

	for (int i = 0; status == 0 && i < n; i++) {
		size_t before = l->items.n;
		int64_t id;
		int found;

		if (strncmp(names[i], source_before, sizeof(source_before) - 1) == 0) {
			status = find_source(l, names[i] + sizeof(source_before) - 1, f);
			continue;
		}
		found = ref_find(l->s, NULL, names[i], &id, f);

		if (found == 1)
			vec_push(&l->items, id);
		else if (found == 0)
			found = history_find_removed(l->s, names[i], &l->items, f);
		status = found < 0 ? -1 : 0;
		if (status == 0 && l->items.n == before)
			status = ref_want(l->s, NULL, names[i], &id, f);
	}
	l->query.items = l->items.n ? &l->items : NULL;
	return status;
}

/* An answer that is not the whole of it says so. */
static int
note_pruned(struct session *s, struct fault *f)
{
	struct anchor a;
	char at[WHEN_TEXT], pruned[WHEN_TEXT];
	int found = anchor_get(s, &a, f);

	if (found == 1)
		report_note("entries up to %" PRId64 " (%s) were pruned at %s by %s: %s", a.entry,
		    when_second(a.at, at), when_second(a.pruned, pruned), a.actor, a.reason);
	anchor_done(&a);
	return found < 0 ? -1 : 0;
}

int
inv_log(int argc, char **argv)
{
	struct session_options base = {0};
	struct log l = {0};
	struct output_options output = {0};
	const struct args_opt own[] = {
	    {0, "actor", "NAME", ARGS_TEXT, &l.query.actor, "only what this user did"},
	    {0, "source", "NAME", ARGS_TEXT, &l.query.source, "only what this source said"},
	    {0, "reason", "TEXT", ARGS_TEXT, &l.query.reason, "only with this in the reason"},
	    {0, "since", "TIME", ARGS_TIME, &l.query.since, "not before: 2026-11-23, 2h"},
	    {0, "until", "TIME", ARGS_TIME, &l.query.until, "only before"},
	    {0, "limit", "N", ARGS_INT, &l.query.limit, "at most so many entries"},
	    {0, "changes", NULL, ARGS_FLAG, &l.changes, "each value: what it was, what it became"},
	    OUTPUT_OPTIONS(&output, OUTPUT_ALL), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"log [options] [NAME ...]",
	    "List the entries of the change log, the newest first; of some items, those that "
	    "touched one of them. Records (-o jsonl) tell old and new values.",
	    "craton-inv log --since 2h\n"
	    "craton-inv log host:dfw/db1 -o jsonl | jq '[.actor,.old,.new]'",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	l.s = &s;
	if (status == 0)
		status = output_choose(&output, &l.format, &f);
	if (status == 0 && l.changes && l.format != OUTPUT_TABLE)
		status =
		    fault_set(&f, FAULT_USAGE, "log: --changes is for people; -o jsonl has all");
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = find_items(&l, argv + 1, n, &f);
	if (status == 0)
		status = print(&l, &f);
	if (status == 0)
		status = note_pruned(&s, &f);
	vec_done(&l.items);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
