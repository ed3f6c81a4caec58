/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "base/report.h"
#include "base/show.h"
#include "flow/engine/event.h"
#include "flow/engine/run.h"
#include "io/file.h"
#include "io/output.h"

static void
print(const struct event *e, void *ctx)
{
	struct output *out = ctx;
	struct str line = STR_INIT, shown = STR_INIT;

	if (out->format == OUTPUT_NAMES) {
		event_text(e, &line);
		show_text(&shown, line.text);
		output_name(out, shown.text, 0);
	} else {
		event_json(e, &line);
		output_record(out, line.text, line.len);
	}
	str_done(&line);
	str_done(&shown);
}

static int
print_log(
    struct session *s, const char *run, int64_t since, enum output_format format, struct fault *f)
{
	struct output out;
	struct run r;
	int rc = run_want(s, run, &r, f);

	if (rc < 0)
		return -1;
	output_begin(&out, format == OUTPUT_TABLE ? OUTPUT_NAMES : format);
	rc = event_each(s, r.id, since, print, &out, f);
	output_end(&out);
	run_done(&r);
	return rc < 0 ? -1 : file_end_output(f);
}

int
remediate_log(int argc, char **argv)
{
	struct session_options base = {0};
	const char *word = NULL;
	int64_t since = 0;
	enum output_format format;
	const struct args_opt own[] = {
	    {0, "since", "SEQ", ARGS_INT, &since, "only what came after this event"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &word, "table (lines), jsonl or json"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"log [options] [RUN]",
	    "Print the events of a run, oldest first; by default of the newest open run.",
	    "craton-remediate log 7\n"
	    "craton-remediate log -o jsonl --since 4711",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(base.quiet ? -1 : base.verbose);
	if (status == 0 && n > 1)
		status = fault_set(&f, FAULT_USAGE, "log: one run at a time");
	if (status == 0)
		status = output_format(word, OUTPUT_TABLE, &format, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = print_log(&s, n ? argv[1] : NULL, since, format, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
