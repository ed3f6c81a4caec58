/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/status.h"

#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "io/file.h"
#include "io/output.h"

#include <inttypes.h>

static void
add_head(const struct status *st, struct str *out)
{
	const struct run *r = &st->run;

	str_addf(out, "run %" PRId64 "     %s, %s%s%s%s\n", r->id, r->workflow, run_words[r->state],
	    r->why ? ": " : "", r->why ? r->why : "",
	    r->state == RUN_RUNNING && !st->engine_lives ? ", but its engine is gone" : "");
	str_addf(out,
	    "items     %" PRId64 ": %" PRId64 " ok, %" PRId64 " in work, %" PRId64
	    " queued, %" PRId64 " kicked out, %" PRId64 " skipped, %" PRId64 " cancelled\n",
	    r->items, r->ok, st->active, st->queued, r->kicked, r->skipped, r->cancelled);
	str_addf(out, "wave      %" PRId64 " of %" PRId64 "%s\n", r->wave, r->limits.waves,
	    r->wave == 0 && r->limits.canary ? ", the canary" : "");
	str_addf(out, "failures  %" PRId64 " of %" PRId64 " allowed (%.1f %% of %" PRId64 ")\n",
	    r->kicked, r->limits.max_fail,
	    r->items ? 100.0 * (double)r->kicked / (double)r->items : 0.0, r->items);
}

static void
add_lists(const struct status *st, struct str *out)
{
	char due[WHEN_TEXT];

	for (size_t i = 0; i < st->steps.n; i++) {
		const struct status_step *s = &st->steps.v[i];

		str_addf(out, "%-9s %s %s, attempt %" PRId64 "%s%s\n", s->state, s->ref, s->step,
		    s->tries, s->due ? ", again " : "", s->due ? when_text(s->due, due) : "");
	}
	for (size_t i = 0; i < st->blocks.n; i++)
		str_addf(out, "waits     %s: %s\n", st->blocks.v[i].ref, st->blocks.v[i].why);
	if (st->next)
		str_addf(out, "next      %s\n", st->next);
}

static int
print(const struct status *st, enum output_format format, struct fault *f)
{
	struct str out = STR_INIT;
	struct output output;

	if (format == OUTPUT_TABLE) {
		add_head(st, &out);
		add_lists(st, &out);
		draw_print(&out);
	} else {
		output_begin(&output, format);
		status_json(st, &out);
		output_record(&output, out.text, out.len);
		output_end(&output);
	}
	str_done(&out);
	return file_end_output(f);
}

int
remediate_status(int argc, char **argv)
{
	struct session_options base = {0};
	const char *word = NULL;
	enum output_format format = OUTPUT_TABLE;
	const struct args_opt own[] = {
	    {'o', "output", "FORMAT", ARGS_TEXT, &word, "table (lines), jsonl or json"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"status [options] [RUN]",
	    "Say how far a run is, what it waits for and what to do next.",
	    "craton-remediate status\n"
	    "craton-remediate status -o jsonl 7 | jq .blocked",
	    own, NULL, common};
	struct session s = {0};
	struct status st = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(base.quiet ? -1 : base.verbose);
	if (status == 0 && n > 1)
		status = fault_set(&f, FAULT_USAGE, "status: one run at a time");
	if (status == 0)
		status = output_format(word, OUTPUT_TABLE, &format, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = run_want(&s, n ? argv[1] : NULL, &st.run, &f);
	if (status == 0)
		status = status_read(&s, &st, &f);
	if (status == 0)
		status = print(&st, format, &f);
	status_done(&st);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
