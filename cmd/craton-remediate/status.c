/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/status.h"

#include "one_run.h"
#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "io/file.h"

#include <inttypes.h>

#define STEPS 20 /* in lines for people; records have all */

/* Of one run all that is known, of several a line each. */
struct listing {
	struct output out;
	struct table table;
	int is_list;
};

static void
add_row(struct table *t, const struct status *st)
{
	const struct run *r = &st->run;
	char at[WHEN_TEXT];

	table_cellf(t, "%" PRId64, r->id);
	table_cell(t, r->workflow);
	table_toned(t,
	    r->kicked        ? TABLE_BAD
	    : run_is_over(r) ? TABLE_GOOD
			     : TABLE_WARN,
	    run_words[r->state]);
	table_cellf(t, "%" PRId64, r->items);
	table_cellf(t, "%" PRId64, r->ok);
	table_cellf(t, "%" PRId64, r->kicked);
	table_cellf(t, "%" PRId64, st->queued + st->active);
	table_cell(t, r->started ? when_second(r->started, at) : NULL);
	table_cell(t, r->why);
	table_end_row(t);
}

static void
add_text(const struct status *st)
{
	struct str out = STR_INIT;

	draw_status(st, STEPS, STATUS_BLOCKS, &out);
	output_text(&out);
	str_done(&out);
}

static int
print_one(struct session *s, struct run *r, void *ctx, struct fault *f)
{
	struct listing *l = ctx;
	struct status st = {.run = *r};
	struct str out = STR_INIT;
	int rc;

	*r = (struct run){0};
	rc = status_read(s, &st, f);
	if (rc == 0 && l->out.format != OUTPUT_TABLE) {
		status_json(&st, &out);
		output_record(&l->out, out.text, out.len);
	} else if (rc == 0 && l->is_list) {
		add_row(&l->table, &st);
	} else if (rc == 0) {
		add_text(&st);
	}
	str_done(&out);
	status_done(&st);
	return rc;
}

static int
print_named(struct session *s, char *const *names, int n, struct listing *l, struct fault *f)
{
	for (int i = 0; i < n || i == 0; i++) {
		struct run r;
		int rc = run_want(s, n ? names[i] : NULL, &r, f);

		if (rc == 0)
			rc = print_one(s, &r, l, f);
		run_done(&r);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
print(struct one_run *o, int is_all, char *const *names, int n, struct fault *f)
{
	static const char *const heads[] = {
	    "RUN", "WORKFLOW", "STATE", "ITEMS", "OK", "KICKED", "LEFT", "STARTED", "WHY"};
	struct listing l = {.table = TABLE_INIT(heads), .is_list = is_all || n > 1};
	int rc;

	l.table.rights = "r  rrrr";
	output_begin(&l.out, o->format);
	rc = is_all ? run_each(&o->session, print_one, &l, f)
		    : print_named(&o->session, names, n, &l, f);
	if (rc == 0 && o->format == OUTPUT_TABLE)
		table_print(&l.table, stdout);
	output_end(&l.out);
	table_done(&l.table);
	return rc < 0 ? -1 : file_end_output(f);
}

int
remediate_status(int argc, char **argv)
{
	struct one_run o = {0};
	int is_all = 0;
	const struct args_opt own[] = {
	    {0, "all", NULL, ARGS_FLAG, &is_all, "a line for every run, the newest first"},
	    RUN_FORMAT(&o), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"status [options] [RUN ...]",
	    "Say how far a run is, what it waits for and what to do next; of several a line each.",
	    "craton-remediate status\n"
	    "craton-remediate status --all\n"
	    "craton-remediate status -o jsonl 7 | jq .blocked",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(o.base.quiet ? -1 : o.base.verbose);
	if (status == 0 && is_all && n)
		status = fault_set(&f, FAULT_USAGE, "status: either --all or RUN");
	if (status == 0)
		status = one_run_format(&o, &f);
	if (status == 0)
		status = session_open(&o.session, &o.base, DB_READ, &f);
	if (status == 0)
		status = print(&o, is_all, argv + 1, n, &f);
	one_run_close(&o);
	return status < 0 ? report_fault(&f) : 0;
}
