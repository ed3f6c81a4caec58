/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/people/breaker.h"

#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "io/file.h"
#include "io/output.h"

#include <inttypes.h>
#include <string.h>

struct breaker_options {
	struct session_options base;
	struct output_options output;
	int all;
};

struct listing {
	struct output out;
	struct table table;
};

static void
add_row(struct table *t, const struct breaker *b)
{
	char opened[WHEN_TEXT], closed[WHEN_TEXT];

	table_cell(t, b->workflow);
	table_toned(t, b->closed ? TABLE_GOOD : TABLE_BAD, b->closed ? "closed" : "open");
	table_cell(t, when_second(b->opened, opened));
	table_cellf(t, "%" PRId64, b->run);
	table_cell(t, b->closed ? when_second(b->closed, closed) : NULL);
	table_cell(t, b->actor);
	table_cell(t, b->closed ? b->reason : b->why);
	table_end_row(t);
}

static void
print_one(const struct breaker *b, void *ctx)
{
	struct listing *l = ctx;
	struct str out = STR_INIT;

	if (l->out.format == OUTPUT_JSONL || l->out.format == OUTPUT_JSON) {
		breaker_to_json(b, &out);
		output_record(&l->out, out.text, out.len);
	} else if (l->out.format == OUTPUT_NAMES) {
		output_name(&l->out, b->workflow, 0);
	} else {
		add_row(&l->table, b);
	}
	str_done(&out);
}

static int
list(struct session *s, const struct breaker_options *o, struct fault *f)
{
	static const char *const heads[] = {
	    "WORKFLOW", "STATE", "OPENED", "RUN", "CLOSED", "BY", "WHY"};
	struct listing l = {.table = TABLE_INIT(heads)};
	enum output_format format;
	int rc = output_choose(&o->output, &format, f);

	if (rc == 0) {
		output_begin(&l.out, format);
		rc = breaker_each(s, o->all, print_one, &l, f);
		output_end(&l.out);
	}
	if (rc == 0)
		output_table(&l.table, format);
	else
		table_done(&l.table);
	return rc < 0 ? -1 : file_end_output(f);
}

static int
check_usage(const struct breaker_options *o, char *const *words, int n, struct fault *f)
{
	if (n && strcmp(words[0], "reset") != 0 && strcmp(words[0], "list") != 0)
		return fault_set(f, FAULT_USAGE, "breaker: \"%s\": list or reset", words[0]);
	if (n < 2 && (!n || !strcmp(words[0], "list")))
		return 0;
	if (n != 2 || !strcmp(words[0], "list"))
		return fault_set(f, FAULT_USAGE, "breaker %s: %s", words[0],
		    strcmp(words[0], "list") != 0 ? "one WORKFLOW is wanted" : "no name is wanted");
	if (!o->base.reason || !*o->base.reason)
		return fault_set(f, FAULT_USAGE, "breaker reset: -m REASON is wanted");
	return 0;
}

static int
run_word(const struct breaker_options *o, char *const *words, int n, struct fault *f)
{
	struct session s = {0};
	int is_reset = n == 2;
	int rc = check_usage(o, words, n, f);

	if (rc == 0)
		rc = session_open(&s, &o->base, is_reset ? DB_WRITE : DB_READ, f);
	if (rc == 0)
		rc = is_reset ? breaker_reset(&s, words[1], f) : list(&s, o, f);
	if (rc == 0 && is_reset)
		report_note("the breaker of workflow %s is closed; plans of it from before now are"
			    " void",
		    words[1]);
	session_close(&s);
	return rc;
}

int
remediate_breaker(int argc, char **argv)
{
	struct breaker_options o = {0};
	const struct args_opt own[] = {
	    {0, "all", NULL, ARGS_FLAG, &o.all, "list those too that were closed"},
	    OUTPUT_OPTIONS(&o.output, OUTPUT_ALL), SESSION_REASON(&o.base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"breaker [list | reset WORKFLOW] [options]",
	    "List the workflows that may not run because a run of theirs has tripped, or let one"
	    " run again.",
	    "craton-remediate breaker\n"
	    "craton-remediate breaker reset reboot -m 'the new kernel is withdrawn'",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(o.base.quiet ? -1 : o.base.verbose);
	if (status == 0)
		status = run_word(&o, argv + 1, n, &f);
	return status < 0 ? report_fault(&f) : 0;
}
