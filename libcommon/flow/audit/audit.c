/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/audit.h"

#include "base/when.h"
#include "flow/audit/example.h"
#include "flow/audit/fleet_check.h"
#include "flow/audit/judging.h"
#include "flow/audit/trust.h"
#include "flow/audit/turn.h"
#include "io/jtext.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct run {
	struct session *s;
	struct definition *d;
	const struct audit_options *o;
	struct ledger ledger;
	struct ids scope; /* ascending */
	struct gather_options gather;
	struct gather_result gathered;
	struct judging judging;
	struct silence silence;
	char *doubt; /* see audit_report */
	int stopped, passed_over;
	int turn;       /* the lock of a whole run, or -1 */
	int64_t killed; /* the run that is gone on with, or 0 */
};

/* ---- the scope ---- */

static int
is_narrowed(const struct audit_options *o)
{
	const struct select_options *n = &o->narrow;

	return o->nnames || o->only || select_narrows(n);
}

/* What is odd about a definition's own scope is not about the command line. */
static void
warn_of_definition(const char *text, void *ctx)
{
	const struct run *r = ctx;
	char *line = mem_printf("%s: %s", r->d->audit, text);

	r->o->warn(line, r->o->ctx);
	free(line);
}

/* Names on stdin are read first: no snapshot is held while somebody up the pipe still works. */
static int
choose(struct run *r, struct fault *f)
{
	struct select_options own = {
	    .labels = r->d->select, .where = r->d->where, .where_is = "where"};
	const struct audit_options *o = r->o;
	struct ids some = {0};
	int status = 0, narrowed = is_narrowed(o);

	if (narrowed)
		status = select_items(r->s, &o->narrow, o->names, o->nnames, SELECT_TO_READ,
		    o->warn, o->ctx, &some, f);
	r->passed_over = status > 0;
	if (status >= 0)
		status = select_items(
		    r->s, &own, NULL, 0, SELECT_TO_READ, warn_of_definition, r, &r->scope, f);
	if (status >= 0 && narrowed)
		ids_intersect(&r->scope, &some);
	vec_done(&some);
	return status < 0 ? -1 : 0;
}

/* ---- what drives repairs ---- */

/*
 * A check that gets its own examples wrong still reports, but no plan may be made of what it
 * says. It is tried with each run, so that the answer is that of this definition.
 */
static int
try_examples(struct run *r, struct str *doubted, struct fault *f)
{
	int status = 1, n = 0;

	str_addc(doubted, '[');
	for (size_t i = 0; status >= 0 && i < r->d->checks.n; i++) {
		const struct check *c = &r->d->checks.v[i];
		const char *why;
		char *text;

		if (!c->remedy || !judging_wants(&r->judging, c))
			continue;
		status = example_holds(c, r->judging.judge, &why, f);
		if (status != 0)
			continue;
		if (n++)
			str_addc(doubted, ',');
		jtext_put_string(doubted, c->name);
		text = mem_printf("%s: %s: no repair is planned on its word", c->name, why);
		if (r->o->warn)
			r->o->warn(text, r->o->ctx);
		free(text);
	}
	str_addc(doubted, ']');
	return status < 0 ? -1 : 0;
}

/* ---- the fleet ---- */

static int
stopping(struct run *r)
{
	if (r->o->stopping && r->o->stopping())
		r->stopped = 1;
	return r->stopped;
}

static int
judge_fleet(struct run *r, struct fault *f)
{
	for (size_t i = 0; i < r->d->checks.n && !stopping(r); i++) {
		const struct check *c = &r->d->checks.v[i];

		if (!c->query || !judging_wants(&r->judging, c))
			continue;
		r->judging.applied[i] += (int64_t)r->scope.n;
		if (ledger_recall_check(&r->ledger, c, f) < 0 ||
		    fleet_check_run(r->s, c, r->judging.judge, &r->scope, &r->ledger, f) < 0 ||
		    ledger_flush(&r->ledger, 1, f) < 0)
			return -1;
	}
	return 0;
}

/*
 * A check that nothing was asked of looks like one that all passed. Only a run over the whole
 * scope can tell.
 */
static int
judge_checks(struct run *r, struct fault *f)
{
	if (r->ledger.narrowed || stopping(r))
		return 0;
	for (size_t i = 0; i < r->d->checks.n; i++) {
		const struct check *c = &r->d->checks.v[i];
		char *message = NULL;

		if (ledger_recall_check(&r->ledger, c, f) < 0)
			return -1;
		if (!r->judging.applied[i])
			message =
			    mem_printf("applies to none of the %zu items in its scope", r->scope.n);
		if (message)
			ledger_add_take(&r->ledger, c, 0, "scope", VERDICT_ERROR, NULL, message);
		else
			ledger_pass_subject(&r->ledger, c, "scope");
		if (ledger_flush(&r->ledger, 1, f) < 0)
			return -1;
	}
	return 0;
}

static int
judge_itself(struct run *r, struct fault *f)
{
	struct trust_run whole = {(int64_t)r->scope.n, r->judging.covered, r->ledger.failed, 0, 0};
	char *silent = NULL;
	int status;

	if (r->ledger.narrowed || stopping(r))
		return 0;
	if (silence_scope(&r->silence, &r->scope, &silent, f) < 0)
		return -1;
	whole.silent = silent;
	status = trust_book(&r->ledger, &whole, f);
	r->doubt = whole.doubt;
	free(silent);
	return status;
}

/* ---- the whole ---- */

/* "ssh hosts have a shell start-up file that is slow: db1 (3.2 s) and 12 more" */
static int
warn_of_remarks(struct run *r, struct fault *f)
{
	for (size_t i = 0; r->o->warn && i < r->gathered.remarks.n; i++) {
		const struct gather_remark *remark = &r->gathered.remarks.v[i];
		struct str text = STR_INIT;
		char *name = NULL;

		if (item_name(r->s, remark->item, &name, f) < 0)
			return -1;
		str_addf(&text, "%s: %s: %s (%s)", r->d->audit, remark->what, name ? name : "?",
		    remark->more);
		if (remark->items > 1)
			str_addf(&text, " and %" PRId64 " more", remark->items - 1);
		r->o->warn(text.text, r->o->ctx);
		str_done(&text);
		free(name);
	}
	return 0;
}

/* One whole run at a time; one that was killed is gone on with. */
static int
take_turn(struct run *r, struct fault *f)
{
	if (is_narrowed(r->o))
		return 0;
	r->turn = turn_take(r->s, r->d->audit, f);
	if (r->turn < 0)
		return -1;
	return turn_killed(r->s, r->d->audit, when_now(), &r->killed, &r->gather.since, f);
}

static void
warn_of_killed(struct run *r)
{
	char *text;

	if (!r->killed || !r->gathered.fresh || !r->o->warn)
		return;
	text = mem_printf("%s: goes on with run %" PRId64 ", which was killed: %" PRId64
			  " values are there",
	    r->d->audit, r->killed, r->gathered.fresh);
	r->o->warn(text, r->o->ctx);
	free(text);
}

static int
judge_items(struct run *r, struct fault *f)
{
	r->judging.stopped = r->stopped;
	if (judging_run(&r->judging, &r->scope, f) < 0)
		return -1;
	r->stopped = r->judging.stopped;
	return 0;
}

static int
run_all(struct run *r, struct fault *f)
{
	if (gather_run(r->s, r->d, &r->scope, &r->gather, &r->gathered, f) < 0 ||
	    warn_of_remarks(r, f) < 0)
		return -1;
	warn_of_killed(r);
	r->stopped = r->gathered.stopped;
	if (judge_items(r, f) < 0 || judge_fleet(r, f) < 0 || judge_checks(r, f) < 0 ||
	    judge_itself(r, f) < 0)
		return -1;
	return ledger_close(&r->ledger, (int64_t)r->scope.n, r->judging.covered, !r->stopped, f);
}

static void
report(struct run *r, struct audit_report *out)
{
	*out = (struct audit_report){
	    .run = r->ledger.run,
	    .at = r->ledger.at,
	    .scope = (int64_t)r->scope.n,
	    .complete = !r->stopped,
	    .narrowed = r->ledger.narrowed,
	    .passed_over = r->passed_over,
	    .doubt = r->doubt,
	};
	memcpy(out->counts, r->ledger.counts, sizeof(out->counts));
	memcpy(out->found, r->ledger.found, sizeof(out->found));
}

int
audit_run(struct session *s, struct definition *d, const struct audit_options *o,
    struct audit_report *out, struct fault *f)
{
	struct run r = {.s = s, .d = d, .o = o, .gather = o->gather, .turn = -1};
	struct str doubted = STR_INIT;
	int status = -1;

	if (definition_check_names(d, s, f) < 0 || silence_open(&r.silence, s, f) < 0 ||
	    choose(&r, f) < 0 || take_turn(&r, f) < 0)
		goto out;
	r.judging = (struct judging){.s = s,
	    .d = d,
	    .only = o->only,
	    .gathered = &r.gathered,
	    .judge = judge_new(f),
	    .ledger = &r.ledger,
	    .silence = &r.silence,
	    .stopping = o->stopping,
	    .applied = mem_zero(d->checks.n, sizeof(int64_t))};
	if (!r.judging.judge || try_examples(&r, &doubted, f) < 0 ||
	    ledger_open(&r.ledger, s, d, is_narrowed(o), doubted.text, f) < 0)
		goto out;
	r.ledger.show = o->show;
	r.ledger.ctx = o->ctx;
	status = run_all(&r, f);
	report(&r, out);
out:
	str_done(&doubted);
	ledger_done(&r.ledger);
	judge_free(r.judging.judge);
	gather_result_done(&r.gathered);
	silence_done(&r.silence);
	if (r.turn >= 0)
		close(r.turn);
	free(r.judging.applied);
	vec_done(&r.scope);
	return status;
}

void
audit_report_done(struct audit_report *r)
{
	free(r->doubt);
	r->doubt = NULL;
}

void
audit_to_json(const struct definition *d, const struct audit_report *r, struct str *out)
{
	struct str counts = STR_INIT;

	ledger_counts(r->counts, &counts);
	jtext_open(out);
	jtext_text(out, "kind", "audit");
	jtext_int(out, "run", r->run);
	jtext_text(out, "audit", d->audit);
	jtext_text(out, "definition", d->hash);
	jtext_bool(out, "complete", r->complete);
	if (r->narrowed)
		jtext_bool(out, "narrowed", 1);
	if (r->doubt)
		jtext_text(out, "doubt", r->doubt);
	jtext_int(out, "scope", r->scope);
	jtext_raw(out, "counts", counts.text);
	jtext_time(out, "at", r->at);
	jtext_close(out);
	str_done(&counts);
}
