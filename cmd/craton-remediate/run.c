/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "base/report.h"
#include "base/show.h"
#include "base/when.h"
#include "flow/engine/control.h"
#include "flow/engine/engine.h"
#include "io/file.h"
#include "io/output.h"

#include <inttypes.h>

/* What run and resume share: the event lines, and what is said at the end. */
struct teller {
	enum output_format format;
	struct output output;
};

static void
tell(const struct event *e, void *ctx)
{
	struct teller *t = ctx;
	struct str line = STR_INIT, shown = STR_INIT;

	if (!e) { /* whoever reads along need not wait for a full buffer */
		file_flush_output();
	} else if (t->format == OUTPUT_JSONL) {
		event_json(e, &line);
		output_record(&t->output, line.text, line.len);
	} else if (!report_quiet()) {
		event_text(e, &line);
		show_text(&shown, line.text);
		output_name(&t->output, shown.text, 0);
	}
	str_done(&line);
	str_done(&shown);
}

/* Events are a stream: as records, or as lines for people. */
static int
event_format(const char *word, enum output_format *out, struct fault *f)
{
	if (output_format(word, OUTPUT_TABLE, out, f) < 0)
		return -1;
	if (*out == OUTPUT_TABLE || *out == OUTPUT_JSONL)
		return 0;
	return fault_set(f, FAULT_USAGE, "-o %s: events are lines (table) or jsonl", word);
}

static void
summarise(struct session *s, int64_t id)
{
	struct run r;
	struct fault ignored;

	if (run_get(s, id, &r, &ignored) == 1 && (r.state != RUN_DONE || r.items))
		report_note("run %" PRId64 " is %s%s%s: %" PRId64 " of %" PRId64 " ok, %" PRId64
			    " kicked out, %" PRId64 " skipped",
		    id, run_words[r.state], r.why ? ": " : "", r.why ? r.why : "", r.ok, r.items,
		    r.kicked, r.skipped);
	run_done(&r);
}

static int
carry_out(struct session *s, int64_t run, const struct plan *dry, struct engine_options *o,
    const char *format, struct fault *f)
{
	struct teller teller = {0};
	struct fault lost;
	int status;

	if (event_format(format, &teller.format, f) < 0)
		return -1;
	output_begin(&teller.output, teller.format == OUTPUT_JSONL ? OUTPUT_JSONL : OUTPUT_NAMES);
	teller.output.flush = 0; /* by the commit, not by the line */
	o->told = tell;
	o->ctx = &teller;
	status = engine_run(s, run, dry, o, f);
	o->ctx = NULL;
	if (status >= 0 && !o->is_dry)
		summarise(s, run);
	output_end(&teller.output);
	/* The run is what counts: that its lines could not be written does not undo it. */
	if (file_end_output(&lost) < 0 && status == 0) {
		*f = lost;
		return -1;
	}
	return status;
}

/* Before a run is made of it: a plan that is refused now may be run later. */
static int
refuse_halted(struct session *s, struct fault *f)
{
	struct str why = STR_INIT;
	int halted = control_halted(s, &why, f);

	if (halted > 0)
		fault_set(
		    f, FAULT_REFUSED, "%s; \"craton-remediate halt --clear\" ends that", why.text);
	str_done(&why);
	return halted ? -1 : 0;
}

static int
run_plan(const struct session_options *base, const char *path, struct engine_options *o,
    const char *format, struct fault *f)
{
	struct session s = {0};
	struct plan p = {0};
	int64_t id = 0;
	int rc = plan_read(&p, path, f);

	if (rc == 0)
		rc = session_open(&s, base, o->is_dry ? DB_READ : DB_WRITE, f);
	if (rc == 0)
		rc = plan_check(&s, &p, when_now(), f);
	if (rc == 0 && !o->is_dry && (rc = refuse_halted(&s, f)) == 0)
		rc = run_create(&s, &p, &id, f);
	if (rc == 0)
		rc = carry_out(&s, id, &p, o, format, f);
	plan_done(&p);
	session_close(&s);
	return rc;
}

int
remediate_run(int argc, char **argv)
{
	struct session_options base = {0};
	struct engine_options o = {.max_fail = -1};
	const char *format = NULL;
	const struct args_opt own[] = {
	    {'n', "dry-run", NULL, ARGS_FLAG, &o.is_dry, "say what would be done; touch nothing"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &format, "events as table (lines) or jsonl"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"run [options] PLAN",
	    "Carry out a plan: in waves, within its limits, until it is done, held or stopped.",
	    "craton-remediate run -n tonight.plan\n"
	    "craton-remediate run -m 'CVE-2026-1234' tonight.plan",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(base.quiet ? -1 : base.verbose);
	if (status == 0 && n != 1)
		status = fault_set(&f, FAULT_USAGE, "run: one plan is wanted");
	if (status == 0)
		status = run_plan(&base, argv[1], &o, format, &f);
	return status < 0 ? report_fault(&f) : status;
}

int
remediate_resume(int argc, char **argv)
{
	struct session_options base = {0};
	struct engine_options o = {.max_fail = -1};
	const char *format = NULL;
	const struct args_opt own[] = {
	    {0, "takeover", NULL, ARGS_FLAG, &o.takeover, "end the engine that has it, first"},
	    {0, "max-fail", "N", ARGS_INT, &o.max_fail, "a new limit, for a run that has tripped"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &format, "events as table (lines) or jsonl"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"resume [options] [RUN]",
	    "Go on with a run that was interrupted, paused or held, from where it is.",
	    "craton-remediate resume\n"
	    "craton-remediate resume --max-fail 5 -m 'two bad disks, seen to' 7",
	    own, NULL, common};
	struct session s = {0};
	struct run r = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(base.quiet ? -1 : base.verbose);
	if (status == 0 && n > 1)
		status = fault_set(&f, FAULT_USAGE, "resume: one run at a time");
	if (status == 0)
		status = session_open(&s, &base, DB_WRITE, &f);
	if (status == 0)
		status = run_want(&s, n ? argv[1] : NULL, &r, &f);
	if (status == 0)
		status = carry_out(&s, r.id, NULL, &o, format, &f);
	run_done(&r);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
