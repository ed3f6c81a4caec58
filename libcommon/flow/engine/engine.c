/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/engine.h"

#include "base/report.h"
#include "base/when.h"
#include "exec/crash.h"
#include "exec/proc.h"
#include "exec/spawn.h"
#include "fleet/expr/expr.h"
#include "flow/engine/admit.h"
#include "flow/engine/after.h"
#include "flow/engine/control.h"
#include "flow/engine/floors.h"
#include "flow/engine/hear.h"
#include "flow/engine/hours.h"
#include "flow/engine/load.h"
#include "flow/engine/steer.h"
#include "flow/engine/take.h"
#include "flow/people/breaker.h"
#include "io/file.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AGAIN_MS 20       /* a commit that was refused is tried again */
#define FILES 6           /* that an attempt keeps open, at most */
#define COMPLAIN_MS 30000 /* and complained about */
#define GIVE_UP_MS 5000   /* after a signal, with nothing running, it is given up */
#define PATIENCE 5000     /* for other writers, before the loop begins */

/* ---- what the other files of the room call ---- */

void
engine_fail(struct engine *e, const struct fault *f)
{
	if (!e->fault.kind)
		e->fault = *f;
	loop_stop(&e->loop);
}

void
engine_move(struct engine *e, struct work *w)
{
	if (w->is_moved)
		return;
	w->is_moved = 1;
	vec_push(&e->moved, w);
}

void
engine_stop(struct engine *e, enum engine_will will, enum run_state goal, const char *why)
{
	if (will <= e->will)
		return;
	e->will = will;
	/* That it has tripped is what people have to know first. */
	if (e->goal == RUN_TRIPPED && goal != RUN_CANCELLED)
		return;
	e->goal = goal;
	free(e->why);
	e->why = mem_dup(why);
}

void
engine_trip(struct engine *e, const char *why)
{
	struct str body = STR_INIT;

	if (e->will >= ENGINE_CLOSE_DOWN)
		return;
	engine_stop(e, ENGINE_CLOSE_DOWN, RUN_TRIPPED, why);
	journal_write(&e->journal, -1, breaker_open, "isiis", e->run.project, e->run.workflow,
	    when_now(), e->run.id, why);
	jtext_open(&body);
	jtext_text(&body, "workflow", e->run.workflow);
	jtext_text(&body, "why", why);
	jtext_close(&body);
	journal_event(&e->journal, -1, "breaker.open", str_take(&body));
}

/* Only to wake the loop: the next turn looks at the time. */
static void
on_wake(void *arg)
{
	(void)arg;
}

void
engine_wake_at(struct engine *e, int64_t at)
{
	e->wake.fn = on_wake;
	timer_set(&e->loop.timers, &e->wake, at);
}

void
engine_item_over(struct engine *e, struct work *w, enum work_end how)
{
	static const enum admission_end ends[] = {
	    [WORK_OK] = ADMISSION_OK,
	    [WORK_KICKED] = ADMISSION_KICKED,
	    [WORK_SKIPPED] = ADMISSION_LEFT,
	    [WORK_CANCELLED] = ADMISSION_LEFT,
	};
	int64_t *counts[] = {
	    [WORK_OK] = &e->run.ok,
	    [WORK_KICKED] = &e->run.kicked,
	    [WORK_SKIPPED] = &e->run.skipped,
	    [WORK_CANCELLED] = &e->run.cancelled,
	};
	const struct step *s = w->failing ? task_step(w->failing) : NULL;

	if (how == WORK_KICKED && s && s->otherwise == ELSE_HALT)
		engine_trip(e, "a step that halts has failed");
	++*counts[how];
	e->counts_moved = 1;
	admission_end(&e->admission, w->pos, ends[how]);
	work_let_go(w);
	w->state = WORK_OVER;
	after_over(e, w, how == WORK_OK || w->was_right);
}

/* ---- a turn ---- */

static void
store_counts(struct engine *e)
{
	static const char sql[] = "UPDATE run SET ok = $2, kicked = $3, skipped = $4,"
				  " cancelled = $5 WHERE id = $1 AND epoch = $6";
	const struct run *r = &e->run;

	if (e->counts_moved)
		journal_write(&e->journal, -1, sql, "iiiiii", r->id, r->ok, r->kicked, r->skipped,
		    r->cancelled, e->journal.epoch);
	e->counts_moved = 0;
}

static void
on_retry(void *arg)
{
	(void)arg; /* the turn that follows tries */
}

static void
not_now(struct engine *e, const struct fault *why)
{
	int64_t since = e->journal.refused_since ? when_boot() - e->journal.refused_since : 0;

	if (since > COMPLAIN_MS && !e->journal.said) {
		e->journal.said = 1;
		report_warn(
		    "for 30 s nothing could be stored, so nothing is started: %s", why->text);
	}
	if (e->signals && !e->running && since > GIVE_UP_MS)
		engine_fail(e, why);
	timer_set(&e->loop.timers, &e->retry, when_boot() + AGAIN_MS);
}

static void
start_all(struct engine *e)
{
	for (size_t i = 0; i < e->starts.n; i++) {
		if (control_halt_file(e))
			engine_stop(e, ENGINE_DRAIN, RUN_HELD, CONTROL_HALT_FILE);
		if (e->will == ENGINE_DRAIN)
			task_withdraw(e->starts.v[i]);
		else
			task_start(e->starts.v[i]);
	}
	if (e->starts.n)
		loop_again(&e->loop);
	e->starts.n = 0;
}

/* Room on the disk for what is to be started comes first: no start or end can then fail for it. */
static int
make_room(struct engine *e, struct fault *f)
{
	int rc = record_reserve(&e->record, e->slots + 1, f);

	for (size_t i = 0; i < e->starts.n && rc == 0; i++)
		rc = task_ready(e->starts.v[i], f);
	if (rc < 0 && !e->journal.refused_since)
		e->journal.refused_since = when_boot();
	return rc;
}

static int
commit(struct engine *e, struct fault *f)
{
	int64_t loser;
	int rc;

	if (make_room(e, f) < 0)
		return JOURNAL_NOT_NOW;
	while ((rc = journal_commit(&e->journal, &loser, f)) == JOURNAL_LOST) {
		admit_lose(e, &e->works[loser]);
		loop_again(&e->loop);
	}
	return rc;
}

static void
show(struct engine *e)
{
	const struct run *r = &e->run;

	e->progress.done = r->ok + r->kicked + r->skipped + r->cancelled;
	snprintf(e->progress.extra, sizeof(e->progress.extra),
	    "%" PRId64 " in work, %" PRId64 " failed of %" PRId64 " allowed", e->admission.active,
	    r->kicked, r->limits.max_fail);
	progress_draw(&e->progress);
}

static void
turn(void *arg)
{
	struct engine *e = arg;
	struct fault f;
	int rc;

	steer(e);
	store_counts(e);
	if (e->journal.events.n) /* its line and theirs would be one */
		progress_pause(&e->progress);
	rc = e->fault.kind ? -1 : commit(e, &f);
	if (rc == JOURNAL_COMMITTED) {
		if (e->is_alone)
			loop_again(&e->loop);
		e->is_alone = 0;
		start_all(e);
		if (e->is_ending && !journal_pending(&e->journal))
			loop_stop(&e->loop);
	} else if (rc == JOURNAL_NOT_NOW) {
		not_now(e, &f);
	} else if (!e->fault.kind) {
		engine_fail(e, &f);
	}
	if (!e->running)
		journal_idle(&e->journal);
	show(e);
}

/* ---- opening ---- */

/* How many steps of an item can be at work at once, at most: the widest level of the graph. */
static size_t
width(const struct workflow *w)
{
	const struct graph *g = &w->graph;
	size_t *level = mem_zero(g->n, sizeof(*level)), *count = mem_zero(g->n, sizeof(*count));
	size_t most = 1;

	for (size_t i = 0; i < g->n; i++) {
		size_t node = g->order[i];

		for (size_t j = 0; j < g->nodes[node].needs.n; j++)
			if (level[node] <= level[g->nodes[node].needs.v[j]])
				level[node] = level[g->nodes[node].needs.v[j]] + 1;
		count[level[node]] +=
		    w->steps.v[node].each.n ? (size_t)w->steps.v[node].at_once : 1;
		if (count[level[node]] > most)
			most = count[level[node]];
	}
	free(level);
	free(count);
	return most;
}

static int
open_loop(struct engine *e, struct fault *f)
{
	if (loop_open(&e->loop, f) < 0)
		return -1;
	e->loop.turn = turn;
	e->loop.arg = e;
	e->attempts.loop = &e->loop;
	e->attempts.record = &e->record;
	e->attempts.settled = task_settled;
	if (attempts_open(&e->attempts, f) < 0)
		return -1;
	return spawn_room((size_t)e->run.limits.in_flight * width(&e->workflow) * FILES + 64, f);
}

/* 1: there is nothing to do: the run is over, or still held. */
static int
open_run(struct engine *e, int64_t id, const struct engine_options *o, struct fault *f)
{
	int held;

	if (take_run(e, id, o->takeover, f) < 0)
		return -1;
	if (run_is_over(&e->run))
		return 1;
	if (take_refused(e, o->max_fail, f) < 0 || take_slots(e, f) < 0 ||
	    load_workflow(e, f) < 0 || (held = hours_hold(e, f)) < 0)
		return -1;
	if (held)
		return 1;
	if (open_loop(e, f) < 0 || take_epoch(e, o, f) < 0)
		return -1;
	/* Checkpoints by hand: SQLite's own would come in the middle of a commit. */
	return db_run(e->session->db, f, "PRAGMA wal_autocheckpoint = 0", "") < 0 ? -1 : 0;
}

/* From here nothing waits for the database. */
static int
run_loop(struct engine *e, struct fault *f)
{
	if (load_items(e, NULL, f) < 0 || control_open(e, f) < 0 || load_active(e, f) < 0)
		return -1;
	hear_open(e);
	progress_start(&e->progress, "items", e->run.items);
	db_patience(e->session->db, 0);
	if (loop_run(&e->loop, f) < 0)
		return -1;
	progress_end(&e->progress);
	db_patience(e->session->db, PATIENCE);
	if (e->fault.kind) {
		*f = e->fault;
		return -1;
	}
	db_checkpoint(e->session->db, 1);
	return run_is_over(&e->run) ? record_remove(&e->record, f) : 0;
}

/* ---- a dry run: the same, but that nothing is started or stored ---- */

static void
pretend_run(struct engine *e, const struct plan *p)
{
	e->is_dry = e->journal.is_dry = 1;
	e->run = (struct run){.plan = mem_dup(p->hash),
	    .workflow = mem_dup(p->workflow.name),
	    .definition = mem_dup(p->workflow.json),
	    .selection = mem_dup(p->selection),
	    .limits = p->limits,
	    .approved = -1,
	    .items = (int64_t)p->items.n};
	policy_copy(&e->run.policy, &p->policy);
}

static int
run_dry(struct engine *e, const struct plan *p, struct fault *f)
{
	pretend_run(e, p);
	if (load_workflow(e, f) < 0 || load_items(e, p, f) < 0)
		return -1;
	while (!e->is_ending && !e->fault.kind) {
		steer(e);
		for (size_t i = 0; i < e->starts.n; i++) {
			engine_move(e, e->starts.v[i]->work);
			task_pretend(e->starts.v[i]);
		}
		e->starts.n = 0;
	}
	*f = e->fault;
	return e->fault.kind ? -1 : 0;
}

/* ---- */

static void
engine_close(struct engine *e)
{
	for (int64_t i = 0; e->works && i < e->run.items; i++)
		work_done(&e->works[i]);
	free(e->works);
	work_done(&e->once);
	after_free(e->after);
	if (e->loop.base) {
		control_close(e);
		hear_close(e);
		attempts_close(&e->attempts);
		loop_close(&e->loop);
	}
	if (e->record.path)
		record_close(&e->record);
	for (size_t i = 0; i < e->workflow.steps.n; i++) {
		if (e->whens)
			expr_free(e->whens[i]);
		if (e->actions)
			free(e->actions[i]);
	}
	free(e->whens);
	free(e->actions);
	judge_free(e->judge);
	recheck_free(e->recheck);
	calendar_done(&e->hours);
	floors_done(e);
	workflow_done(&e->workflow);
	run_done(&e->run);
	journal_done(&e->journal);
	admission_done(&e->admission);
	vec_done(&e->moved);
	vec_done(&e->locked);
	vec_done(&e->starts);
	free(e->folder);
	free(e->host);
	words_done(&e->halt_files);
	free(e->prover);
	free(e->why);
	free(e->waits);
}

static void
engine_init(struct engine *e, struct session *s, int64_t run, const struct engine_options *o)
{
	char host[256] = "", *prefix = file_prefix();

	gethostname(host, sizeof(host) - 1);
	*e = (struct engine){.session = s,
	    .begun_seen = -1,
	    .breaks_glass = o->breaks_glass,
	    .host = mem_dup(host),
	    .prover = mem_printf("%s/bin/craton-audit", prefix),
	    .record = {.slots = -1, .lock = -1},
	    .retry = {.fn = on_retry},
	    .began = when_boot()};
	control_halt_files(db_path(s->db), &e->halt_files);
	journal_init(&e->journal, s->db, run, o->told, o->ctx);
	free(prefix);
}

int
engine_run(struct session *s, int64_t run, const struct plan *plan, const struct engine_options *o,
    struct fault *f)
{
	struct engine e;
	int rc;

	engine_init(&e, s, run, o);
	if (o->is_dry)
		rc = run_dry(&e, plan, f);
	else if ((rc = open_run(&e, run, o, f)) == 0)
		rc = run_loop(&e, f);
	else if (rc > 0) /* killed, it may be, between its last commit and its exit */
		rc = run_is_over(&e.run) ? record_remove(&e.record, f) : 0;
	if (rc == 0 && !o->is_dry)
		rc = run_exit_status(&e.run);
	engine_close(&e);
	return rc;
}
