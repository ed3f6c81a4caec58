/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/steer.h"

#include "base/num.h"
#include "base/when.h"
#include "flow/engine/admit.h"
#include "flow/engine/after.h"
#include "flow/engine/control.h"
#include "flow/engine/once.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
say(struct engine *e, const char *word, struct str *body)
{
	jtext_close(body);
	journal_event(&e->journal, -1, word, str_take(body));
}

/* ---- waves ---- */

static void
end_wave(struct engine *e)
{
	struct str body = STR_INIT;

	if (e->wave_ended || e->admission.wave < 0)
		return;
	e->wave_ended = 1;
	jtext_open(&body);
	jtext_int(&body, "wave", e->admission.wave);
	jtext_int(&body, "ok", e->run.ok);
	jtext_int(&body, "kicked", e->run.kicked);
	jtext_int(&body, "skipped", e->run.skipped);
	say(e, "wave.end", &body);
	if (e->run.limits.wait && !e->bake_until)
		e->bake_until = when_boot() + e->run.limits.wait;
}

static void
would_hold(struct engine *e, const char *why, int64_t wave)
{
	struct str body = STR_INIT;

	jtext_open(&body);
	jtext_int(&body, "wave", wave);
	jtext_text(&body, "why", why);
	jtext_close(&body);
	journal_would(&e->journal, "would.hold", str_take(&body));
}

/* A person has to let this wave through, and has not yet. */
static int
wants_approval(struct engine *e, int64_t wave)
{
	enum approval approve = e->workflow.batch.approve;
	int64_t first = e->run.limits.canary ? 0 : 1;

	if (wave <= first || wave <= e->run.approved || approve == APPROVE_NEVER)
		return 0;
	return approve == APPROVE_EVERY_WAVE || e->admission.wave == 0;
}

static int
is_held_back(struct engine *e, int64_t wave)
{
	char why[96];

	if (wants_approval(e, wave)) {
		snprintf(why, sizeof(why), "wave %" PRId64 " waits for approval", wave);
		if (!e->is_dry) {
			engine_stop(e, ENGINE_DRAIN, RUN_HELD, why);
			return 1;
		}
		would_hold(e, why, wave);
	}
	if (e->is_dry && e->bake_until)
		would_hold(e, "it waits after the wave before", wave);
	return !e->is_dry && when_boot() < e->bake_until;
}

static void
open_wave(struct engine *e, int64_t wave)
{
	static const char sql[] = "UPDATE run SET wave = $2 WHERE id = $1 AND epoch = $3";
	struct str body = STR_INIT;

	admission_open_wave(&e->admission, wave);
	e->run.wave = wave;
	e->wave_ended = 0;
	e->bake_until = 0;
	journal_write(&e->journal, -1, sql, "iii", e->run.id, wave, e->journal.epoch);
	jtext_open(&body);
	jtext_int(&body, "wave", wave);
	jtext_int(&body, "items", e->admission.wave_sizes.v[wave]);
	if (e->is_dry) {
		jtext_close(&body);
		journal_would(&e->journal, "wave.start", str_take(&body));
	} else {
		say(e, "wave.start", &body);
	}
}

/* 1 if a wave was opened. */
static int
next_wave(struct engine *e)
{
	int64_t wave = admission_following(&e->admission);

	end_wave(e);
	if (wave < 0) {
		engine_stop(
		    e, ENGINE_CLOSE_DOWN, e->run.kicked ? RUN_DONE_WITH_KICKED : RUN_DONE, NULL);
		return 0;
	}
	if (is_held_back(e, wave)) {
		engine_wake_at(e, e->bake_until);
		return 0;
	}
	open_wave(e, wave);
	return 1;
}

/* All that are left wait for domains in which nothing is in work: broken items fill them. */
static void
hold_if_stuck(struct engine *e)
{
	const struct domain *d;
	struct str why = STR_INIT;

	if (e->admission.active || e->locked.n || admission_has_room(&e->admission) ||
	    !(d = admission_full_domain(&e->admission)))
		return;
	str_addf(&why, "%s is full: %" PRId64 " of %" PRId64 " kicked out", d->name, d->broken,
	    d->limit);
	engine_stop(e, ENGINE_DRAIN, RUN_HELD, why.text);
	str_done(&why);
}

/* ---- the end ---- */

static void
cancel_all(struct engine *e)
{
	e->has_cancelled = 1;
	e->locked.n = 0;
	timer_stop(&e->loop.timers, &e->unlock);
	for (int64_t i = 0; i < e->run.items; i++)
		if (e->works[i].state == WORK_ACTIVE)
			work_cancel(&e->works[i]);
		else if (e->works[i].state == WORK_QUEUED)
			work_drop(&e->works[i]);
	e->counts_moved = 1;
}

static int
is_quiet(struct engine *e)
{
	if (e->will == ENGINE_DRAIN)
		return !e->running && !e->starts.n;
	return e->will != ENGINE_GO && !e->admission.active && !e->starts.n && once_after(e);
}

static const char *
end_word(enum run_state state)
{
	switch (state) {
	case RUN_TRIPPED: return "run.trip";
	case RUN_HELD: return "run.hold";
	case RUN_PAUSED: return "run.pause";
	default: return "run.end";
	}
}

static void
end_run(struct engine *e)
{
	static const char sql[] = "UPDATE run SET state = $2, why = $3, ended = $4"
				  " WHERE id = $1 AND epoch = $5";
	const struct run *r = &e->run;
	struct str body = STR_INIT;
	/* A cancelled run that is interrupted goes on being cancelled. */
	int is_cut = e->has_cancelled && e->goal != RUN_CANCELLED;

	e->is_ending = 1;
	e->run.state = is_cut ? RUN_STOPPING : e->goal;
	free(e->run.why);
	e->run.why = mem_dup(e->why);
	journal_write(&e->journal, -1, sql, "issri", r->id, run_words[r->state],
	    is_cut ? (e->undoing ? "cancel-undo" : "cancel") : e->why,
	    run_is_over(r) ? when_now() : (int64_t)0, e->journal.epoch);
	jtext_open(&body);
	jtext_text(&body, "state", run_words[r->state]);
	jtext_text(&body, "why", e->why);
	jtext_int(&body, "ok", r->ok);
	jtext_int(&body, "kicked", r->kicked);
	jtext_int(&body, "skipped", r->skipped);
	jtext_int(&body, "cancelled", r->cancelled);
	jtext_int(&body, "left", r->items - r->ok - r->kicked - r->skipped - r->cancelled);
	jtext_int(&body, "ms", when_boot() - e->began);
	if (e->is_dry) {
		jtext_close(&body);
		journal_would(&e->journal, "would.end", str_take(&body));
	} else {
		say(e, end_word(r->state), &body);
	}
}

/* ---- a turn ---- */

static int
move_all(struct engine *e)
{
	size_t n = e->moved.n;

	for (size_t i = 0; i < e->moved.n; i++) { /* it may grow meanwhile */
		struct work *w = e->moved.v[i];

		w->is_moved = 0;
		work_go(w);
	}
	e->moved.n = 0;
	return n > 0;
}

static void
run_out(struct engine *e)
{
	char limit[24], why[80];

	num_duration_text(e->workflow.run_limit, limit);
	snprintf(why, sizeof(why), "the run's time limit of %s has passed", limit);
	engine_stop(e, ENGINE_CLOSE_DOWN, RUN_TRIPPED, why);
}

static int
go_on(struct engine *e)
{
	int moved;

	/* First: what moves in this turn must know that it is cancelled. */
	if (e->will == ENGINE_CANCEL && !e->has_cancelled)
		cancel_all(e);
	moved = move_all(e);
	if (e->will == ENGINE_GO && e->until && when_boot() >= e->until)
		run_out(e);
	if (e->will != ENGINE_GO || !once_before(e))
		return moved;
	if (after_skip(e) || admit_items(e))
		return 1;
	if (e->will == ENGINE_GO && admission_wave_over(&e->admission))
		return next_wave(e) || moved;
	if (e->will == ENGINE_GO && !moved)
		hold_if_stuck(e);
	return moved;
}

void
steer(struct engine *e)
{
	while (!e->is_ending && !e->fault.kind && go_on(e))
		;
	if (!e->is_ending && !e->fault.kind && is_quiet(e))
		end_run(e);
}
