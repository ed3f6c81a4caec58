/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"
#include "notify.h"
#include "one_run.h"
#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "flow/engine/control.h"
#include "flow/engine/engine.h"
#include "flow/engine/status.h"
#include "flow/people/loop.h"
#include "flow/plan/wants.h"

#include <inttypes.h>
#include <string.h>

/* What a person may do now; and how it stands, where no line on stdout has said it. */
static void
summarise(struct session *s, int64_t id, const struct lines *l)
{
	struct status st = {0};
	struct fault ignored;
	const struct run *r = &st.run;

	if (run_get(s, id, &st.run, &ignored) != 1)
		return;
	if (!l->has_ended || l->output.format != OUTPUT_NAMES)
		report_note("run %" PRId64 " is %s%s%s: %" PRId64 " of %" PRId64 " ok, %" PRId64
			    " kicked out, %" PRId64 " skipped",
		    id, run_words[r->state], r->why ? ": " : "", r->why ? r->why : "", r->ok,
		    r->items, r->kicked, r->skipped);
	if (status_read(s, &st, &ignored) == 0 && st.next)
		report_note("next: %s", st.next);
	status_done(&st);
}

static void
warn_glass(struct session *s)
{
	report_warn("the glass is broken by %s: %s; no second person is asked, no window and no "
		    "freeze is heeded",
	    s->actor, s->reason);
}

/* Who hears of each event once it is stored. */
struct hearers {
	struct lines lines;
	struct notify notify;
};

static void
tell_all(const struct event *e, void *ctx)
{
	struct hearers *h = ctx;

	lines_put(e, &h->lines);
	if (e)
		notify_event(&h->notify, e);
}

/*
 * Whom the same repair has come for too often is labelled for people. It is about the inventory,
 * not about the run, which is stored already: that it could not be done is a warning.
 */
static void
label_loops(struct session *s, int64_t id)
{
	struct run r;
	struct fault f;
	int64_t n = 0;

	if (run_get(s, id, &r, &f) != 1 ||
	    (n = loop_label(s, id, r.workflow, policy_number(&r.policy, LIMIT_SAME_FIX_DAY),
		 when_now(), &f)) < 0)
		report_warn("label " LOOP_LABEL ": %s", f.text);
	else if (n)
		report_note("%" PRId64 " labelled " LOOP_LABEL, n);
	run_done(&r);
}

static int
carry_out(struct session *s, int64_t run, const struct plan *dry, struct engine_options *o,
    const struct one_run *one, struct fault *f)
{
	struct hearers h = {
	    .lines = {.is_brief = !one->base.verbose, .is_silent = one->base.quiet}};
	struct fault lost;
	int status;

	if (o->breaks_glass && !o->is_dry)
		warn_glass(s);
	notify_open(&h.notify, s);
	lines_begin(&h.lines, one->format);
	o->told = tell_all;
	o->ctx = &h;
	status = engine_run(s, run, dry, o, f);
	o->ctx = NULL;
	if (status >= 0 && !o->is_dry)
		label_loops(s, run);
	if (lines_end(&h.lines, &lost) < 0 && status == 0) {
		/* The run is what counts: that its lines could not be written does not undo it. */
		*f = lost;
		status = -1;
	}
	if (status >= 0 && !o->is_dry && (status || !dry || dry->items.n))
		summarise(s, run, &h.lines);
	notify_close(&h.notify);
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

/*
 * Nothing of some kinds is done on one person's word, but for one who breaks the glass and says
 * why. A dry run only says what is missing.
 */
static int
want_second(struct session *s, const struct plan *p, const char *path,
    const struct engine_options *o, struct fault *f)
{
	const struct second a = remediate_second(p);
	const char *file = path && strcmp(path, "-") != 0 ? path : "PLAN";
	struct words why = {0};
	int rc = o->breaks_glass ? 0 : wants_second(s, p, &why, f);

	if (rc == 0 && why.n)
		rc = second_check(s, &a, &why, policy_number(&p->policy, LIMIT_APPROVAL_LIFE),
		    when_now(), file, f);
	if (rc < 0 && o->is_dry && f->kind == FAULT_REFUSED) {
		report_note("%s", f->text);
		rc = 0;
	}
	words_done(&why);
	return rc;
}

static int
check_glass(
    const struct one_run *one, const struct engine_options *o, const char *verb, struct fault *f)
{
	if (!o->breaks_glass || (one->base.reason && *one->base.reason))
		return 0;
	return fault_set(f, FAULT_USAGE, "%s --break-glass: -m REASON is wanted", verb);
}

static int
run_plan(struct one_run *one, const char *path, struct engine_options *o, struct fault *f)
{
	struct session *s = &one->session;
	struct plan p = {0};
	int64_t id = 0;
	int rc = plan_read(&p, path, f);

	if (rc == 0)
		rc = session_open(s, &one->base, o->is_dry ? DB_READ : DB_WRITE, f);
	if (rc == 0)
		rc = plan_check(s, &p, when_now(), f);
	if (rc == 0)
		rc = want_second(s, &p, path, o, f);
	if (rc == 0 && !o->is_dry && (rc = refuse_halted(s, f)) == 0)
		rc = run_create(s, &p, &id, f);
	if (rc == 0)
		rc = carry_out(s, id, &p, o, one, f);
	plan_done(&p);
	return rc;
}

int
remediate_run(int argc, char **argv)
{
	struct one_run one = {0};
	struct engine_options o = {.max_fail = -1};
	const struct args_opt own[] = {
	    {'n', "dry-run", NULL, ARGS_FLAG, &o.is_dry, "say what would be done; touch nothing"},
	    {0, "break-glass", NULL, ARGS_FLAG, &o.breaks_glass,
		"without a second person, windows, freezes; -m says why"},
	    RUN_FORMAT(&one), SESSION_REASON(&one.base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&one.base), {0}};
	const struct args args = {"run [options] PLAN",
	    "Carry out a plan: in waves, within its limits, until it is done, held or stopped.",
	    "craton-remediate run -n tonight.plan\n"
	    "craton-remediate run -m 'CVE-2026-1234' tonight.plan",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(one.base.quiet ? -1 : one.base.verbose);
	if (status == 0 && n != 1)
		status = fault_set(&f, FAULT_USAGE, "run: one plan is wanted");
	if (status == 0)
		status = check_glass(&one, &o, "run", &f);
	if (status == 0)
		status = one_run_format(&one, &f);
	if (status == 0)
		status = run_plan(&one, argv[1], &o, &f);
	one_run_close(&one);
	return status < 0 ? report_fault(&f) : status;
}

int
remediate_resume(int argc, char **argv)
{
	struct one_run one = {0};
	struct engine_options o = {.max_fail = -1};
	const struct args_opt own[] = {
	    {0, "break-glass", NULL, ARGS_FLAG, &o.breaks_glass,
		"without a second person, windows, freezes; -m says why"},
	    {0, "takeover", NULL, ARGS_FLAG, &o.takeover, "end the engine that has it, first"},
	    {0, "max-fail", "N", ARGS_INT, &o.max_fail, "a new limit, for a run that has tripped"},
	    RUN_FORMAT(&one), SESSION_REASON(&one.base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&one.base), {0}};
	const struct args args = {"resume [options] [RUN]",
	    "Go on with a run that was interrupted, paused or held, from where it is.",
	    "craton-remediate resume\n"
	    "craton-remediate resume --max-fail 5 -m 'two bad disks, seen to' 7",
	    own, NULL, common};
	struct fault f;
	int status = one_run_open(&one, &args, argc, argv, DB_WRITE, &f);

	if (status == 0)
		status = check_glass(&one, &o, "resume", &f);
	if (status == 0)
		status = carry_out(&one.session, one.run.id, NULL, &o, &one, &f);
	else if (status > 0)
		status = 0;
	one_run_close(&one);
	return status < 0 ? report_fault(&f) : status;
}
