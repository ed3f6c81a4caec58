/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words to a run: rows that its engine sees within a moment, or the next engine when it
 * begins. No engine has to run.
 */
#include "notify.h"
#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "flow/engine/run.h"
#include "flow/event/chain.h"

#include <inttypes.h>
#include <string.h>

static int
refuse_over(const struct run *r, struct fault *f)
{
	if (!run_is_over(r))
		return 0;
	return fault_set(
	    f, FAULT_REFUSED, "run %" PRId64 " is over: %s", r->id, run_words[r->state]);
}

struct word {
	const char *word;
	const char *later; /* what is said where no engine hears it yet */
	int64_t wave;
	struct session_options base;
};

/* Opens, finds the run, says the word; the rest of a verb. */
static int
say(const struct word *w, char *const *argv, int n, int (*check)(struct run *r, struct fault *f),
    struct fault *f)
{
	struct session s = {0};
	struct run r = {0};
	int64_t wave = w->wave, id;
	int status;

	report_level(w->base.quiet ? -1 : w->base.verbose);
	if (n > 1)
		return fault_set(f, FAULT_USAGE, "%s: one run at a time", argv[0]);
	status = session_open(&s, &w->base, DB_WRITE, f);
	if (status == 0)
		status = run_want(&s, n ? argv[1] : NULL, &r, f);
	if (status == 0)
		status = refuse_over(&r, f);
	if (status == 0 && check)
		status = check(&r, f);
	if (status == 0 && check && !wave)
		wave = r.wave + 1;
	if (status == 0)
		status = run_tell(&s, r.id, w->word, wave, &id, f);
	if (status == 0 && !run_is_moving(&r))
		report_note("no engine is at work on run %" PRId64 "; %s \"craton-remediate "
			    "resume %" PRId64 "\"",
		    r.id, w->later, r.id);
	run_done(&r);
	session_close(&s);
	return status;
}

int
remediate_pause(int argc, char **argv)
{
	struct word w = {.word = "pause", .later = "nothing starts before"};
	const struct args_opt own[] = {SESSION_REASON(&w.base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&w.base), {0}};
	const struct args args = {"pause [options] [RUN]",
	    "Start nothing more of a run; what runs may end. Resume goes on.",
	    "craton-remediate pause -m 'storage is slow' 7", own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0)
		status = say(&w, argv, n, NULL, &f);
	return status < 0 ? report_fault(&f) : 0;
}

int
remediate_cancel(int argc, char **argv)
{
	struct word w = {.word = "cancel", .later = "it is cancelled by"};
	int undo = 0;
	const struct args_opt own[] = {
	    {0, "undo", NULL, ARGS_FLAG, &undo, "undo the done steps of items that are in work"},
	    SESSION_REASON(&w.base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&w.base), {0}};
	const struct args args = {"cancel [options] [RUN]",
	    "End a run for good: no more steps; what runs may end, then finally.",
	    "craton-remediate cancel --undo -m 'wrong kernel' 7", own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (undo)
		w.word = "cancel-undo";
	if (status == 0)
		status = say(&w, argv, n, NULL, &f);
	return status < 0 ? report_fault(&f) : 0;
}

static int
check_approval(struct run *r, struct fault *f)
{
	if (r->wave < r->limits.waves)
		return 0;
	return fault_set(
	    f, FAULT_BAD, "run %" PRId64 ": wave %" PRId64 " is the last one", r->id, r->wave);
}

/* Runs have numbers; whoever calls a plan 7 writes ./7. */
static int
is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static int
approve_plan(const struct word *w, const char *path, int is_dry, struct fault *f)
{
	report_level(w->base.quiet ? -1 : w->base.verbose);
	if (w->wave)
		return fault_set(f, FAULT_USAGE, "approve --wave: of a run only");
	return remediate_approve_plan(&w->base, path, is_dry, f);
}

int
remediate_approve(int argc, char **argv)
{
	struct word w = {.word = "approve", .later = "it goes on by"};
	int is_dry = 0;
	const struct args_opt own[] = {
	    {'n', "dry-run", NULL, ARGS_FLAG, &is_dry, "show the plan, and approve nothing"},
	    {0, "wave", "N", ARGS_INT, &w.wave, "all waves up to this one; else the next"},
	    SESSION_REASON(&w.base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&w.base), {0}};
	const struct args args = {"approve [options] [RUN | PLAN]",
	    "Let the wave through that a run is held for; or, as a second person, a plan.",
	    "craton-remediate approve -m 'canary looks good' 7\n"
	    "craton-remediate resume 7\n"
	    "craton-remediate approve -m 'CHG0031' tonight.plan",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n == 1 && !is_number(argv[1]))
		status = approve_plan(&w, argv[1], is_dry, &f);
	else if (status == 0 && is_dry)
		status = fault_set(&f, FAULT_USAGE, "approve -n: of a plan only");
	else if (status == 0)
		status = say(&w, argv, n, check_approval, &f);
	return status < 0 ? report_fault(&f) : 0;
}

/* ---- all runs ---- */

static int
set_halt(struct session *s, int is_clear, struct fault *f)
{
	static const char sql[] =
	    "UPDATE control SET seen = $1 WHERE run IS NULL AND word = 'halt' AND seen IS NULL";
	int64_t id, cleared;

	if (!is_clear)
		return run_tell(s, 0, "halt", 0, &id, f);
	cleared = db_run(s->db, f, sql, "i", when_now());
	if (cleared == 0)
		return fault_set(f, FAULT_NO,
		    "nothing is halted by a word; a halt file is ended "
		    "by removing it");
	return cleared < 0 ? -1 : 0;
}

/* The word and its place in the journal are one. */
static int
halt_all(struct session *s, int is_clear, struct fault *f)
{
	if (db_begin(s->db, f) < 0)
		return -1;
	if (set_halt(s, is_clear, f) == 0 &&
	    chain_say(s, is_clear ? "halt.clear" : "halt.set", NULL, f) == 0 &&
	    db_commit(s->db, f) == 0)
		return 0;
	db_rollback(s->db);
	return -1;
}

int
remediate_halt(int argc, char **argv)
{
	struct session_options base = {0};
	int is_clear = 0;
	const struct args_opt own[] = {
	    {0, "clear", NULL, ARGS_FLAG, &is_clear, "end the halt; runs go on when resumed"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"halt [options]",
	    "Stop every run on this database, and start none, until it is cleared.",
	    "craton-remediate halt -m 'incident 4711'\n"
	    "craton-remediate halt --clear",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(base.quiet ? -1 : base.verbose);
	if (status == 0 && n)
		status = fault_set(&f, FAULT_USAGE, "halt: no name is wanted; it is for all runs");
	if (status == 0)
		status = session_open(&s, &base, DB_WRITE, &f);
	if (status == 0)
		status = halt_all(&s, is_clear, &f);
	if (status == 0 && !is_clear)
		notify_word(&s, "halt.set");
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
