/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"
#include "printer.h"

#include "base/report.h"
#include "base/when.h"
#include "flow/audit/audit.h"
#include "flow/audit/turn.h"

#include <inttypes.h>
#include <signal.h>

#define FANOUT 32
#define FANOUT_MOST 4096

struct run {
	struct session_options base;
	struct printer_options print;
	struct audit_options audit;
	const char *fail_on;
	int exit_zero, due;
	struct printer printer;
	int64_t found; /* of the severity that counts, or above */
	int stopped, passed_over;
};

static volatile sig_atomic_t signalled;

static void
note_signal(int signo)
{
	signalled = signo;
}

/* The first signal lets the item at hand end; the second ends the process. */
static void
heed_signals(void)
{
	struct sigaction act = {.sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}

static int
stopping(void)
{
	return signalled != 0;
}

/* With -q, what is tolerated is as good as nothing. */
static int
show(const struct finding *x, void *ctx)
{
	return report_quiet() && x->waiver ? 0 : printer_finding(x, ctx);
}

static void
summarise(const struct definition *d, const struct audit_report *r)
{
	struct str text = STR_INIT;

	for (int i = 0; i < VERDICT_COUNT; i++)
		if (r->counts[i])
			str_addf(&text, "%s %" PRId64 " %s", text.len ? "," : "", r->counts[i],
			    verdict_words[i]);
	report_note("%s: %" PRId64 " %s:%s%s", d->audit, r->scope, r->scope == 1 ? "item" : "items",
	    text.len ? text.text : " nothing to judge",
	    r->complete ? "" : "; stopped before the end");
	str_done(&text);
}

static int
run_one(
    struct run *r, struct session *s, struct definition *d, enum severity fail_on, struct fault *f)
{
	struct audit_report report = {0};
	struct str json = STR_INIT;
	int64_t all = 0;

	if (audit_run(s, d, &r->audit, &report, f) < 0) {
		audit_report_done(&report);
		return -1;
	}
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		all += report.found[i];
		if (i >= (int)fail_on)
			r->found += report.found[i];
	}
	r->stopped |= !report.complete;
	r->passed_over |= report.passed_over;
	audit_to_json(d, &report, &json);
	if (all || !report.complete || !report_quiet())
		printer_record(&r->printer, &json);
	str_done(&json);
	summarise(d, &report);
	audit_report_done(&report);
	return 0;
}

/* Those that are read; with --due only what its own every: says, and not what runs already. */
struct wanted {
	struct definition *d;
	int *is_read;
	int n;
};

/*
 * All are read before the first runs: a mistake in the second is no half a night's work. Of
 * those that are due, one with a mistake is named and passed over.
 */
static int
read_all(struct run *r, struct wanted *w, char *const *called, struct fault *f)
{
	for (int i = 0; i < w->n; i++) {
		w->is_read[i] = open_definition(&w->d[i], called[i], f) == 0;
		if (w->is_read[i])
			continue;
		if (!r->due)
			return -1;
		report_fault(f);
		r->passed_over = 1;
	}
	return 0;
}

/* 0 or -1: it ran, or it need not. */
static int
run_due(
    struct run *r, struct session *s, struct definition *d, enum severity fail_on, struct fault *f)
{
	int due = turn_is_due(s, d, when_now(), f), status;

	if (due <= 0)
		return due;
	status = run_one(r, s, d, fail_on, f);
	if (status == 0 || f->kind == FAULT_SYSTEM)
		return status;
	if (f->kind == FAULT_BUSY) {
		report_note("%s", f->text);
		return 0;
	}
	report_fault(f);
	r->passed_over = 1;
	return 0;
}

static int
run_wanted(struct run *r, struct wanted *w, char *const *called, struct fault *f)
{
	enum severity fail_on = SEVERITY_INFO;
	struct session s = {0};
	int status = 0;

	if (r->fail_on)
		status = severity_read("--fail-on", r->fail_on, &fail_on, f);
	if (status == 0)
		status = read_all(r, w, called, f);
	if (status == 0)
		status = session_open(&s, &r->base, DB_WRITE, f);
	if (status == 0)
		status = printer_open(&r->printer, &s, &r->print, OUTPUT_JSONL, f);
	for (int i = 0; status == 0 && i < w->n && !r->stopped; i++)
		if (w->is_read[i])
			status = (r->due ? run_due : run_one)(r, &s, &w->d[i], fail_on, f);
	if (status < 0)
		printer_close(&r->printer, &(struct fault){0});
	else
		status = printer_close(&r->printer, f);
	session_close(&s);
	return status;
}

static int
run_all(struct run *r, char *const *called, int n, struct fault *f)
{
	struct wanted w = {mem_zero((size_t)n, sizeof(*w.d)), mem_zero((size_t)n, sizeof(int)), n};
	int status = run_wanted(r, &w, called, f);

	for (int i = 0; i < n; i++)
		definition_close(&w.d[i]);
	free(w.d);
	free(w.is_read);
	return status;
}

/* Without operands, --due is about all audits that can be run by name. */
static int
run_operands(struct run *r, char *const *called, int n, struct fault *f)
{
	struct words paths = {0};
	int status;

	if (n || !r->due)
		return run_all(r, called, n, f);
	shelf_list(&audit_shelf, &paths);
	status = run_all(r, paths.v, (int)paths.n, f);
	words_done(&paths);
	return status;
}

static int
check_usage(const struct run *r, int n, struct fault *f)
{
	const struct select_options *o = &r->audit.narrow;

	if (n == 0 && !r->due)
		return fault_set(
		    f, FAULT_USAGE, "run: AUDIT is wanted; craton-audit list shows what there is");
	if (r->due && select_narrows(o))
		return fault_set(f, FAULT_USAGE, "--due: what is due is the whole scope");
	if (r->audit.gather.fanout < 1 || r->audit.gather.fanout > FANOUT_MOST)
		return fault_set(f, FAULT_USAGE, "--fanout: 1 to %d are wanted", FANOUT_MOST);
	return 0;
}

int
verb_run(int argc, char **argv)
{
	struct run r = {.audit = {.gather.fanout = FANOUT,
			    .show = show,
			    .warn = print_warning,
			    .stopping = stopping}};
	const struct args_opt own[] = {
	    {'f', "fanout", "N", ARGS_INT, &r.audit.gather.fanout, "probes at once (32)"},
	    {'t', "timeout", "TIME", ARGS_DURATION, &r.audit.gather.timeout,
		"for each probe, in place of the definition's"},
	    {0, "fail-on", "SEVERITY", ARGS_TEXT, &r.fail_on,
		"exit 1 only for findings as severe as this"},
	    {0, "exit-zero", NULL, ARGS_FLAG, &r.exit_zero, "exit 0 whatever is found"},
	    {0, "due", NULL, ARGS_FLAG, &r.due, "those whose every: has passed; all there are"},
	    PRINTER_OPTIONS(&r.print), {0}};
	const struct args_opt shared[] = {SELECT_NARROWING(&r.audit.narrow),
	    {0, "all", NULL, ARGS_FLAG, &r.audit.narrow.all, "the whole scope; the default"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&r.base), {0}};
	const struct args args = {"run [options] [AUDIT ...]",
	    "Run audits, named or by file. The options that choose items narrow their scope.",
	    "craton-audit run os-support -o table\n"
	    "craton-audit run --due -q\n"
	    "craton-audit run kernel.yaml -l service=compute | craton-remediate plan reboot",
	    own, shared, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = check_usage(&r, n, &f);
	if (status == 0) {
		heed_signals();
		r.audit.ctx = &r.printer;
		status = run_operands(&r, argv + 1, n, &f);
	}
	if (status < 0)
		return report_fault(&f);
	if (r.stopped)
		return fault_status(FAULT_STOPPED);
	return r.passed_over || (r.found && !r.exit_zero) ? fault_status(FAULT_NO) : 0;
}
