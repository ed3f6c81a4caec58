/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/take.h"

#include "base/report.h"
#include "base/when.h"
#include "exec/crash.h"
#include "exec/proc.h"
#include "flow/engine/control.h"
#include "flow/people/breaker.h"
#include "io/file.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define AGAIN_MS 20
#define TAKEOVER_MS 10000 /* a killed engine's lock is free by then, or never */
#define GONE_MS 2000

/* The engine that the row names is ended, and only it: pid and start time must agree. */
static int
end_other(const struct run *r, const char *host, struct fault *f)
{
	if (!r->engine_pid || !r->engine_host || strcmp(r->engine_host, host) != 0 ||
	    !proc_alive((pid_t)r->engine_pid, (uint64_t)r->engine_start))
		return fault_set(f, FAULT_BUSY,
		    "run %" PRId64 ": locked, but not by the engine that its row names", r->id);
	if (kill((pid_t)r->engine_pid, SIGKILL) < 0)
		return fault_errno(f, "engine %" PRId64, r->engine_pid);
	report_note("ended the engine %" PRId64, r->engine_pid);
	return 0;
}

static int
name_other(const struct run *r, struct fault *f)
{
	struct proc p;
	const char *state = "";

	if (f->kind != FAULT_BUSY || !r->engine_pid)
		return -1;
	if (proc_read((pid_t)r->engine_pid, &p) && p.state == 'T')
		state = ", which is stopped";
	return fault_set(f, FAULT_BUSY,
	    "run %" PRId64 " is in the hands of the engine with pid %" PRId64 " on %s%s", r->id,
	    r->engine_pid, r->engine_host, state);
}

/*
 * The lock of an engine that was killed while it started a program is held for an instant more, by
 * the child that was on its way to becoming that: it is no engine, and is waited for.
 */
static int
is_gone(const struct run *r, const char *host)
{
	return r->engine_pid && r->engine_host && !strcmp(r->engine_host, host) &&
	       !proc_alive((pid_t)r->engine_pid, (uint64_t)r->engine_start);
}

static int
open_record(struct engine *e, int takeover, struct fault *f)
{
	char *path = mem_printf("%s/run", e->folder);
	int64_t until = when_boot() + (takeover ? TAKEOVER_MS : GONE_MS);
	int rc = file_make_dir(e->folder, f);

	if (rc == 0)
		rc = record_open(&e->record, path, f);
	if (rc < 0 && f->kind == FAULT_BUSY && is_gone(&e->run, e->host))
		rc = 0;
	else if (rc < 0 && f->kind == FAULT_BUSY && takeover)
		rc = end_other(&e->run, e->host, f);
	else if (rc < 0)
		name_other(&e->run, f);
	while (rc == 0 && e->record.lock < 0 && record_open(&e->record, path, f) < 0) {
		if (f->kind != FAULT_BUSY || when_boot() > until)
			rc = -1;
		usleep(AGAIN_MS * 1000);
	}
	free(path);
	return rc;
}

/* On failures, not on what resuming it may mend: a before that failed, a time limit. */
static int
has_too_many_failures(const struct run *r)
{
	return r->state == RUN_TRIPPED && r->why &&
	       !strncmp(r->why, ADMISSION_TRIPPED_ON, strlen(ADMISSION_TRIPPED_ON));
}

static int
is_cancelled(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM control WHERE run = $1 AND seen IS NULL"
				  " AND (word = 'cancel' OR word = 'cancel-undo')";
	int64_t n = 0;

	if (e->run.state == RUN_STOPPING)
		return 1;
	return db_get_int(e->session->db, &n, f, sql, "i", e->run.id) < 0 ? -1 : n > 0;
}

/* Opened by another run; what cancels and undoes may go on all the same. */
static int
refuse_breaker(struct engine *e, struct fault *f)
{
	struct breaker b;
	int rc = is_cancelled(e, f);

	if (rc)
		return rc < 0 ? -1 : 0;
	rc = breaker_get(e->session, e->run.workflow, &b, f);
	if (rc == 1)
		rc = b.run == e->run.id ? 0 : breaker_check(e->session, b.workflow, 0, f);
	breaker_done(&b);
	return rc;
}

int
take_refused(struct engine *e, int64_t max_fail, struct fault *f)
{
	const struct run *r = &e->run;
	struct str why = STR_INIT;
	int halted;

	if (has_too_many_failures(r) && max_fail < 0)
		return fault_set(f, FAULT_REFUSED,
		    "run %" PRId64 " has tripped: %s; --max-fail N lets it go on", r->id, r->why);
	if (max_fail >= 0 && r->kicked > max_fail)
		return fault_set(f, FAULT_REFUSED,
		    "run %" PRId64 ": --max-fail %" PRId64 ": %" PRId64 " have failed already",
		    r->id, max_fail, r->kicked);
	halted = control_halted(e->session, &why, f);
	if (halted > 0)
		fault_set(
		    f, FAULT_REFUSED, "%s; \"craton-remediate halt --clear\" ends that", why.text);
	str_done(&why);
	return halted ? -1 : refuse_breaker(e, f);
}

int
take_slots(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT coalesce(max(slot), 0) FROM attempt WHERE run = $1";
	int64_t known = 0;
	uint32_t last;
	int cancelled;

	if (db_get_int(e->session->db, &known, f, sql, "i", e->run.id) < 0)
		return -1;
	last = record_last(&e->record, (uint32_t)known);
	e->slots = last > known ? last : (uint32_t)known;
	if (!last || (cancelled = is_cancelled(e, f)) > 0)
		return 0;
	return cancelled < 0 ? -1
			     : fault_set(f, FAULT_REFUSED,
				   "run %" PRId64 ": its record knows of attempt %" PRIu32
				   ", the database only of those up to %" PRId64
				   ": that was cut off, or is an older copy; put the newer one "
				   "back, or cancel the run",
				   e->run.id, last, known);
}

static int
raise_limit(struct engine *e, int64_t max_fail, struct fault *f)
{
	static const char sql[] = "UPDATE run SET limits = $2 WHERE id = $1";
	struct str limits = STR_INIT, body = STR_INIT;
	int64_t rc;

	if (max_fail < 0)
		return 0;
	jtext_open(&body);
	jtext_int(&body, "max_fail", max_fail);
	jtext_int(&body, "was", e->run.limits.max_fail);
	jtext_text(&body, "actor", e->session->actor);
	jtext_text(&body, "reason", e->session->reason);
	jtext_close(&body);
	e->has_new_limit = 1;
	e->run.limits.max_fail = max_fail;
	plan_limits_json(&e->run.limits, &limits);
	rc = db_run(e->session->db, f, sql, "is", e->run.id, limits.text);
	journal_event(&e->journal, -1, "run.limit", str_take(&body));
	str_done(&limits);
	return rc < 0 ? -1 : 0;
}

/* From its commit on, every update of an older engine finds another epoch. */
static int
raise_epoch(struct engine *e, struct fault *f)
{
	static const char sql[] =
	    "UPDATE run SET epoch = epoch + 1, engine_pid = $3, engine_start = $4,"
	    " engine_host = $5, boot = $6, started = coalesce(started, $7),"
	    " state = CASE state WHEN 'stopping' THEN state ELSE 'running' END,"
	    " why = CASE state WHEN 'stopping' THEN why END,"
	    " deadline = CASE WHEN $8 IS NULL OR (deadline IS NOT NULL AND state <> 'tripped')"
	    " THEN deadline ELSE $8 END"
	    " WHERE id = $1 AND epoch = $2";
	const int64_t limit = e->workflow.run_limit;
	struct proc self = {0};
	int64_t changed;

	proc_read(getpid(), &self);
	changed = db_run(e->session->db, f, sql, "iiiissir", e->run.id, e->run.epoch,
	    (int64_t)getpid(), (int64_t)self.ticks, e->host, e->record.era, when_now(),
	    limit ? when_now() + limit : (int64_t)0);
	if (changed == 0)
		return fault_set(
		    f, FAULT_BUSY, "run %" PRId64 ": another engine was faster", e->run.id);
	e->journal.epoch = e->run.epoch + 1;
	e->attempts.epoch = (uint32_t)e->journal.epoch;
	return changed < 0 ? -1 : 0;
}

/* A clock that was set back makes the run's time no longer than it is. */
static int
set_limit(struct engine *e, struct fault *f)
{
	int64_t deadline = 0, left;

	if (!e->workflow.run_limit)
		return 0;
	if (db_get_int(e->session->db, &deadline, f, "SELECT deadline FROM run WHERE id = $1", "i",
		e->run.id) < 0)
		return -1;
	left = deadline - when_now();
	e->until = when_boot() + (left < e->workflow.run_limit ? left : e->workflow.run_limit);
	return 0;
}

/* Whoever says resume has the last word: a pause said while no engine was at work is answered. */
static int
answer_pauses(struct engine *e, struct fault *f)
{
	static const char sql[] =
	    "UPDATE control SET seen = $2 WHERE run = $1 AND word = 'pause' AND seen IS NULL";

	return db_run(e->session->db, f, sql, "ii", e->run.id, when_now()) < 0 ? -1 : 0;
}

static int
reload(struct engine *e, int64_t id, struct fault *f)
{
	run_done(&e->run);
	return run_get(e->session, id, &e->run, f) == 1
		   ? 0
		   : fault_set(f, FAULT_BAD, "no run %" PRId64, id);
}

static void
say_start(struct engine *e)
{
	const struct run *r = &e->run;
	struct str body = STR_INIT;

	jtext_open(&body);
	jtext_text(&body, "workflow", r->workflow);
	jtext_text(&body, "plan", r->plan);
	jtext_int(&body, "items", r->items);
	if (e->is_resumed)
		jtext_int(&body, "epoch", e->journal.epoch);
	jtext_int(&body, "max_fail", r->limits.max_fail);
	jtext_text(&body, "actor", e->session->actor);
	jtext_text(&body, "reason", e->session->reason);
	jtext_close(&body);
	journal_event(&e->journal, -1, e->is_resumed ? "run.resume" : "run.start", str_take(&body));
}

/* Loud, and for good: who went past the guards. */
static void
say_glass(struct engine *e)
{
	struct str body = STR_INIT;

	jtext_open(&body);
	jtext_text(&body, "actor", e->session->actor);
	jtext_text(&body, "reason", e->session->reason);
	jtext_close(&body);
	journal_event(&e->journal, -1, "run.glass", str_take(&body));
}

int
take_run(struct engine *e, int64_t id, int takeover, struct fault *f)
{
	e->folder = run_folder(e->session->db, id);
	/* Again under the lock: what another engine has written since is in it. */
	if (reload(e, id, f) < 0 || open_record(e, takeover, f) < 0)
		return -1;
	return reload(e, id, f);
}

int
take_epoch(struct engine *e, const struct engine_options *o, struct fault *f)
{
	e->is_resumed = e->run.epoch > 0;
	if (answer_pauses(e, f) < 0 || raise_limit(e, o->max_fail, f) < 0 ||
	    raise_epoch(e, f) < 0 || set_limit(e, f) < 0)
		return -1;
	crash_point("engine.epoch");
	say_start(e);
	if (o->breaks_glass)
		say_glass(e);
	return 0;
}
