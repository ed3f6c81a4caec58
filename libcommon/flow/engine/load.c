/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/load.h"

#include "base/when.h"
#include "exec/plugin.h"
#include "fleet/expr/expr.h"
#include "flow/engine/after.h"
#include "flow/engine/budget.h"
#include "flow/engine/floors.h"
#include "flow/engine/hours.h"
#include "flow/engine/once.h"

#include <inttypes.h>
#include <string.h>

/* ---- the workflow ---- */

static int
load_step(struct engine *e, size_t i, struct fault *f)
{
	const struct step *s = &e->workflow.steps.v[i];

	if (s->when && !(e->whens[i] = expr_new(s->name, s->when, f)))
		return -1;
	return s->action && !step_is_none(s) ? plugin_find("action", s->action, &e->actions[i], f)
					     : 0;
}

/*
 * What is protected now is let in no more, also where the plan is from before; and windows and
 * freezes are those of today.
 */
static int
load_policy(struct engine *e, struct fault *f)
{
	struct words *protect = &e->run.policy.protect;
	struct policy now;
	int rc = policy_open(&now, db_path(e->session->db), NULL, NULL, f);

	for (size_t i = 0; rc == 0 && i < now.protect.n; i++)
		if (!words_have(protect, now.protect.v[i]))
			words_add(protect, now.protect.v[i]);
	if (rc == 0)
		rc = floors_load(e, &now, f);
	if (rc == 0)
		hours_load(e, &now);
	policy_done(&now);
	return rc;
}

int
load_workflow(struct engine *e, struct fault *f)
{
	const char *text = e->run.definition;

	if (workflow_read(&e->workflow, "the run's workflow", text, strlen(text), NULL, NULL, f) <
	    0)
		return -1;
	e->whens = mem_zero(e->workflow.steps.n, sizeof(struct expr *));
	e->actions = mem_zero(e->workflow.steps.n, sizeof(char *));
	for (size_t i = 0; i < e->workflow.steps.n; i++)
		if (load_step(e, i, f) < 0)
			return -1;
	e->judge = judge_new(f);
	if (!e->judge || load_policy(e, f) < 0)
		return -1;
	e->recheck =
	    recheck_new(e->session, &e->workflow, e->run.selection, &e->run.policy, e->run.id, f);
	return e->recheck ? 0 : -1;
}

/* ---- failure domains ---- */

/* "cabinet=a12", or for an item without the label a domain of its own. */
static char *
domain_name(const struct spread *s, struct jtext spread, int64_t pos)
{
	char *value = jtext_plain_dup(jtext_member(spread, s->label)), *name;

	name = value ? mem_printf("%s=%s", s->label, value)
		     : mem_printf("%s of item %" PRId64, s->label, pos);
	free(value);
	return name;
}

/* with_value: by domain, how many items of the plan have it; a share is a share of them. */
static int64_t
domain_of(struct engine *e, const struct spread *s, struct jtext spread, int64_t pos,
    const struct map *with_value)
{
	char *name = domain_name(s, spread, pos);
	const union map_value *n = map_get(with_value, name);
	int64_t domain = admission_domain(&e->admission, name, plan_spread_limit(s, n ? n->i : 1));

	free(name);
	return domain;
}

static void
count_values(
    struct engine *e, struct jtext spread, int64_t pos, int64_t items, struct map *with_value)
{
	for (size_t i = 0; i < e->workflow.batch.spread.n; i++) {
		char *name = domain_name(&e->workflow.batch.spread.v[i], spread, pos);

		map_put(with_value, name, NULL)->i += items;
		free(name);
	}
}

static int
count_plan(struct engine *e, struct map *with_value, struct fault *f)
{
	static const char sql[] = "SELECT spread, count(*), min(pos) FROM run_item"
				  " WHERE run = $1 GROUP BY spread";
	struct db_rows rows;
	int more;

	if (!e->workflow.batch.spread.n)
		return 0;
	more = db_query(e->session->db, &rows, f, sql, "i", e->run.id);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		count_values(e, db_jtext(&rows, 0), db_int(&rows, 2), db_int(&rows, 1), with_value);
	db_end(&rows);
	return more;
}

/* ---- items ---- */

static void
add_item(struct engine *e, int64_t pos, int64_t item, const char *ref, int64_t wave, int active,
    struct jtext spread, const struct map *with_value)
{
	const struct batch *b = &e->workflow.batch;
	struct work *w = &e->works[pos];

	w->item = item;
	w->ref = mem_dup(ref);
	w->wave = wave;
	w->state = active ? WORK_ACTIVE : WORK_QUEUED;
	admission_add(&e->admission, pos, wave);
	for (size_t i = 0; i < b->spread.n; i++)
		admission_add_domain(
		    &e->admission, pos, domain_of(e, &b->spread.v[i], spread, pos, with_value));
	if (active)
		admission_take(&e->admission, pos);
	else if (!after_waits(e->after, pos))
		admission_queue(&e->admission, pos);
}

static int
load_open(struct engine *e, const struct map *with_value, struct fault *f)
{
	static const char sql[] = "SELECT pos, item, ref, wave, state, spread FROM run_item"
				  " WHERE run = $1 AND state IN ('queued', 'active') ORDER BY pos";
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "i", e->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		add_item(e, db_int(&rows, 0), db_int(&rows, 1), db_text(&rows, 2), db_int(&rows, 3),
		    !strcmp(db_text(&rows, 4), "active"), db_jtext(&rows, 5), with_value);
	db_end(&rows);
	return more;
}

/*
 * Broken items keep their place in their domains until a person has settled them. One that is to
 * be tried again is queued like any other, the first of its domains: it takes its own place.
 */
static int
load_broken(struct engine *e, const struct map *with_value, struct fault *f)
{
	static const char sql[] = "SELECT i.pos, i.spread FROM kicked AS k JOIN run_item AS i"
				  " ON i.run = k.run AND i.pos = k.pos"
				  " WHERE k.run = $1 AND k.state = 'open'";
	const struct batch *b = &e->workflow.batch;
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "i", e->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		for (size_t i = 0; i < b->spread.n; i++)
			admission_broken(
			    &e->admission, domain_of(e, &b->spread.v[i], db_jtext(&rows, 1),
					       db_int(&rows, 0), with_value));
	db_end(&rows);
	return more;
}

/*
 * How many of the last that ended were failures, without an ok between. By the order of the
 * events: many end in one millisecond. A person's new limit begins anew.
 */
static int
load_in_a_row(struct engine *e, int64_t *in_a_row, struct fault *f)
{
	static const char sql[] =
	    "SELECT event IN ('item.kick', 'item.undone') FROM event WHERE run = $1"
	    " AND event IN ('item.ok', 'item.kick', 'item.undone', 'run.limit')"
	    " ORDER BY seq DESC LIMIT $2";
	struct db_rows rows;
	int more;

	*in_a_row = 0;
	if (!e->run.limits.max_fail_in_a_row || e->has_new_limit)
		return 0;
	more = db_query(
	    e->session->db, &rows, f, sql, "ii", e->run.id, e->run.limits.max_fail_in_a_row + 1);
	while (more >= 0 && (more = db_next(&rows, f)) == 1 && db_int(&rows, 0))
		++*in_a_row;
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

/* The gap after the last start is kept, also by the next engine. */
static int
load_gap(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT coalesce(max(started), 0) FROM run_item WHERE run = $1";
	int64_t started = 0, left;

	if (db_get_int(e->session->db, &started, f, sql, "i", e->run.id) < 0)
		return -1;
	left = started + e->run.limits.gap - when_now();
	/* a clock that was set wrong cannot make it longer */
	e->gap_until = when_boot() + (left < e->run.limits.gap ? left : e->run.limits.gap);
	return 0;
}

static int
load_counts(struct engine *e, struct fault *f)
{
	static const char changed[] = "SELECT count(*) FROM run_item WHERE run = $1"
				      " AND state = 'skipped' AND substr(reason, 1, 7) = 'changed'";
	int64_t in_a_row = 0;

	if (load_in_a_row(e, &in_a_row, f) < 0)
		return -1;
	if (e->run.skipped &&
	    db_get_int(e->session->db, &e->changed, f, changed, "i", e->run.id) < 0)
		return -1;
	if (e->run.limits.gap && load_gap(e, f) < 0)
		return -1;
	admission_failures(&e->admission, e->run.kicked, in_a_row);
	return 0;
}

static void
load_plan(struct engine *e, const struct plan *p)
{
	struct map with_value = {0};

	for (size_t i = 0; i < p->items.n; i++)
		count_values(e, JTEXT(p->items.v[i].spread), (int64_t)i, 1, &with_value);
	for (size_t i = 0; i < p->items.n; i++) {
		const struct plan_item *item = &p->items.v[i];

		add_item(e, (int64_t)i, item->item, item->ref, item->wave, 0, JTEXT(item->spread),
		    &with_value);
		e->works[i].uses = mem_dup(item->uses);
		e->works[i].check = mem_dup(item->check);
		e->works[i].finding = item->finding;
	}
	map_done(&with_value);
}

int
load_items(struct engine *e, const struct plan *dry, struct fault *f)
{
	const struct plan_limits *l = &e->run.limits;
	const struct admission_limits limits = {
	    l->in_flight, l->max_fail, l->max_fail_in_a_row, l->strict};
	struct map with_value = {0};
	int rc;

	once_init(e);
	admission_init(&e->admission, &limits, e->run.items);
	e->works = mem_zero((size_t)e->run.items, sizeof(*e->works));
	for (int64_t i = 0; i < e->run.items; i++) {
		e->works[i].engine = e;
		e->works[i].pos = i;
		e->works[i].state = WORK_OVER;
	}
	if (after_load(e, dry, f) < 0)
		return -1;
	if (dry) {
		load_plan(e, dry);
		return 0;
	}
	rc = count_plan(e, &with_value, f);
	if (rc == 0)
		rc = load_open(e, &with_value, f);
	if (rc == 0)
		rc = load_broken(e, &with_value, f);
	if (rc == 0)
		rc = load_counts(e, f);
	map_done(&with_value);
	return rc;
}

/* ---- on resume ---- */

/* The wave that was open is open; one that is over has been baking since its last item. */
static int
resume_wave(struct engine *e, struct fault *f)
{
	static const char sql[] =
	    "SELECT coalesce(max(ended), 0) FROM run_item WHERE run = $1 AND wave = $2";
	int64_t ended = 0, left;

	admission_open_wave(&e->admission, e->run.wave);
	if (!admission_wave_over(&e->admission) || !e->run.limits.wait)
		return 0;
	e->wave_ended = 1;
	if (db_get_int(e->session->db, &ended, f, sql, "ii", e->run.id, e->run.wave) < 0)
		return -1;
	left = ended ? ended + e->run.limits.wait - when_now() : 0;
	if (left > e->run.limits.wait)
		left = e->run.limits.wait;
	e->bake_until = left > 0 ? when_boot() + left : 0;
	return 0;
}

int
load_active(struct engine *e, struct fault *f)
{
	if (e->is_resumed && (resume_wave(e, f) < 0 || once_resume(e, f) < 0))
		return -1;
	if (e->is_resumed && budget_resume(e, f) < 0)
		return -1;
	for (int64_t i = 0; i < e->run.items; i++)
		if (e->works[i].state == WORK_ACTIVE && work_resume(&e->works[i], f) < 0)
			return -1;
	if (e->run.state != RUN_STOPPING || !e->run.why)
		return 0;
	e->undoing = !strcmp(e->run.why, "cancel-undo");
	engine_stop(e, ENGINE_CANCEL, RUN_CANCELLED, "cancelled");
	return 0;
}
