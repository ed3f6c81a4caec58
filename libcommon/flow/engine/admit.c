/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/admit.h"

#include "base/when.h"
#include "flow/engine/budget.h"
#include "flow/engine/floors.h"
#include "flow/engine/hours.h"

#include <inttypes.h>
#include <string.h>

#define UNLOCK_MS 1000 /* how often items of another run are asked for again */

/* ---- items of another run ---- */

static void
on_unlock(void *arg)
{
	struct engine *e = arg;

	/* the last first: each goes to the front */
	for (size_t i = e->locked.n; i > 0; i--)
		admission_again(&e->admission, e->locked.v[i - 1]->pos);
	e->locked.n = 0;
}

static void
park(struct engine *e, struct work *w, int64_t run)
{
	struct str body;

	admission_put_back(&e->admission, w->pos);
	vec_push(&e->locked, w);
	if (!e->unlock.place) {
		e->unlock = (struct timer){.fn = on_unlock, .arg = e};
		timer_set(&e->loop.timers, &e->unlock, when_boot() + UNLOCK_MS);
	}
	if (w->is_blocked || !run) /* which run it is, the next look will tell */
		return;
	w->is_blocked = 1;
	body = work_event(w, NULL);
	jtext_int(&body, "by_run", run);
	jtext_close(&body);
	journal_event(&e->journal, -1, "item.block", str_take(&body));
}

void
admit_lose(struct engine *e, struct work *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->starts.n; i++)
		if (e->starts.v[i]->work != w)
			e->starts.v[kept++] = e->starts.v[i];
	e->starts.n = kept;
	journal_drop(&e->journal, w->pos);
	work_forget(w);
	park(e, w, 0);
}

/* The run that has the item now: 1 and its number, 0, -1. */
static int
is_locked(struct engine *e, const struct work *w, int64_t *run, struct fault *f)
{
	static const char sql[] = "SELECT run FROM item_lock WHERE item = $1 AND run <> $2";

	return db_get_int(e->session->db, run, f, sql, "ii", w->item, e->run.id);
}

/* ---- letting in ---- */

static void
too_many_changed(struct engine *e)
{
	struct str why = STR_INIT;

	if (e->changed * 100 <= e->run.items * PLAN_CHANGED_PERCENT)
		return;
	str_addf(&why,
	    "%" PRId64 " of %" PRId64 " items changed since the plan was made (%.1f %%) > %d %%",
	    e->changed, e->run.items, 100.0 * (double)e->changed / (double)e->run.items,
	    PLAN_CHANGED_PERCENT);
	engine_stop(e, ENGINE_CLOSE_DOWN, RUN_TRIPPED, why.text);
	str_done(&why);
}

/* 1: it stands; 0: it was skipped; -1. */
static int
still_stands(struct engine *e, struct work *w, struct fault *f)
{
	const struct plan_item item = {.item = w->item,
	    .ref = w->ref,
	    .wave = w->wave,
	    .finding = w->finding,
	    .check = w->check,
	    .uses = w->uses};
	struct str why = STR_INIT;
	int rc = recheck_item(e->recheck, &item, &why, f);

	if (rc == 1) {
		e->changed += !strncmp(why.text, RECHECK_CHANGED, strlen(RECHECK_CHANGED));
		work_skip(w, why.text);
		too_many_changed(e);
	}
	str_done(&why);
	return rc < 0 ? -1 : !rc;
}

/* Said when it begins, and when it is another reason; "10 of 10" may come and go unsaid. */
static void
wait_for_room(struct engine *e, const char *why)
{
	struct str body = STR_INIT;

	engine_wake_at(e, when_boot() + UNLOCK_MS);
	if (e->waits && !strcmp(e->waits, why))
		return;
	free(e->waits);
	e->waits = mem_dup(why);
	jtext_open(&body);
	jtext_text(&body, "why", why);
	jtext_close(&body);
	journal_event(&e->journal, -1, "run.wait", str_take(&body));
}

/* FLOORS_WAIT, also where it has to wait for another region; FLOORS_FREE, FLOORS_ALONE, -1. */
static int
may_begin(struct engine *e, const struct work *w, struct fault *f)
{
	struct str why = STR_INIT;
	int rc = budget_region(e, w, &why, f);

	if (rc == 1)
		rc = floors_ask(e, w, &why, f);
	if (rc == FLOORS_WAIT && why.len)
		wait_for_room(e, why.text);
	str_done(&why);
	return rc;
}

#define LET_WAIT 1 /* not now, and none after it */

static int
let_in(struct engine *e, struct work *w, struct fault *f)
{
	int64_t other = 0;
	int rc, may;

	if (work_load(w, f) < 0)
		return -1;
	rc = is_locked(e, w, &other, f);
	if (rc == 1 && !e->is_dry) {
		park(e, w, other);
		return 0;
	}
	if (rc < 0 || (may = may_begin(e, w, f)) < 0)
		return -1;
	if (may == FLOORS_WAIT)
		return LET_WAIT;
	if ((rc = still_stands(e, w, f)) <= 0)
		return rc;
	e->is_alone = may == FLOORS_ALONE;
	return work_begin(w, f);
}

/* It has started, and the next has to wait; one that was skipped is no start. */
static int
is_gap_begun(struct engine *e, const struct work *w)
{
	if (!e->run.limits.gap || e->is_dry || w->state != WORK_ACTIVE)
		return 0;
	e->gap_until = when_boot() + e->run.limits.gap;
	return 1;
}

/* How many may be begun in this turn; 0 where none or where it cannot be told now. */
static int64_t
room_now(struct engine *e)
{
	struct str why = STR_INIT;
	struct fault f;
	int64_t room = e->is_dry ? INT64_MAX : budget_room(e, &why, &f);

	if (room == 0)
		wait_for_room(e, why.text);
	else if (room < 0 && f.kind != FAULT_BUSY)
		engine_fail(e, &f);
	str_done(&why);
	return room > 0 ? room : 0;
}

/* Lets in who may; 1 if anybody was. */
static int
admit_all(struct engine *e)
{
	struct fault f;
	int64_t pos, room = room_now(e);
	int n = 0, rc;

	while (e->will == ENGINE_GO && !e->fault.kind && room > 0) {
		switch (admission_next(&e->admission, &pos)) {
		case ADMISSION_TRIPPED:
		case ADMISSION_FULL:
		case ADMISSION_NONE: return n;
		case ADMISSION_ITEM: break;
		}
		rc = let_in(e, &e->works[pos], &f);
		if (rc == 0) {
			n = 1;
			if (is_gap_begun(e, &e->works[pos]) || e->is_alone)
				return n;
			room -= e->works[pos].state == WORK_ACTIVE;
			continue;
		}
		/* Readers do not wait either: the item keeps, and the next turn asks again. */
		work_forget(&e->works[pos]);
		admission_put_back(&e->admission, pos);
		admission_again(&e->admission, pos);
		if (rc < 0 && f.kind != FAULT_BUSY)
			engine_fail(e, &f);
		return rc < 0 ? 0 : n;
	}
	return n;
}

/* One snapshot for all that are let in: each of their dozen reads would else lock the file. */
int
admit_items(struct engine *e)
{
	struct fault f;
	int n;

	if (e->will == ENGINE_GO && admission_tripped(&e->admission))
		engine_trip(e, admission_tripped(&e->admission));
	if (e->will != ENGINE_GO || e->is_alone || !admission_has_room(&e->admission))
		return 0;
	if (when_boot() < e->gap_until) {
		engine_wake_at(e, e->gap_until);
		return 0;
	}
	if (!hours_open(e))
		return 0;
	if (db_snapshot(e->session->db, &f) < 0) {
		if (f.kind != FAULT_BUSY)
			engine_fail(e, &f);
		return 0;
	}
	n = admit_all(e);
	db_rollback(e->session->db);
	return n;
}
