/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/run.h"

#include "base/when.h"
#include "exec/proc.h"
#include "flow/event/chain.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

const char *const run_words[RUN_STATES + 1] = {
    [RUN_PLANNED] = "planned",
    [RUN_RUNNING] = "running",
    [RUN_PAUSED] = "paused",
    [RUN_HELD] = "held",
    [RUN_STOPPING] = "stopping",
    [RUN_TRIPPED] = "tripped",
    [RUN_DONE] = "done",
    [RUN_DONE_WITH_KICKED] = "done-with-kicked",
    [RUN_CANCELLED] = "cancelled",
};

void
run_done(struct run *r)
{
	free(r->plan);
	free(r->workflow);
	free(r->definition);
	free(r->selection);
	policy_done(&r->policy);
	free(r->why);
	free(r->engine_host);
	free(r->boot);
	free(r->actor);
	free(r->reason);
	*r = (struct run){0};
}

int
run_is_over(const struct run *r)
{
	return r->state >= RUN_DONE;
}

int
run_engine_lives(const struct run *r)
{
	char host[256] = "";

	if (r->state != RUN_RUNNING && r->state != RUN_STOPPING)
		return 0; /* it has said so, and is about to end */
	gethostname(host, sizeof(host) - 1);
	return r->engine_pid && r->engine_host && !strcmp(r->engine_host, host) &&
	       proc_alive((pid_t)r->engine_pid, (uint64_t)r->engine_start);
}

int
run_is_moving(const struct run *r)
{
	return r->state == RUN_PLANNED || run_engine_lives(r);
}

int
run_exit_status(const struct run *r)
{
	switch (r->state) {
	case RUN_DONE: return r->why ? 1 : 0;
	case RUN_DONE_WITH_KICKED: return 1;
	case RUN_TRIPPED: return 3;
	default: return 4;
	}
}

char *
run_folder(const struct db *db, int64_t id)
{
	return mem_printf("%s.runs/%" PRId64, db_path(db), id);
}

/* ---- reading ---- */

static int64_t
limit(struct jtext limits, const char *key)
{
	char *text = jtext_plain_dup(jtext_member(limits, key));
	struct fault ignored;
	int64_t n = 0;

	if (text && num_int(text, 0, INT64_MAX, &n, &ignored) < 0)
		num_duration(text, &n, &ignored);
	free(text);
	return n;
}

static int
truth(struct jtext limits, const char *key)
{
	struct jtext value = jtext_member(limits, key);

	return value.text && jtext_type(value) == JTEXT_TRUE;
}

static void
read_limits(struct jtext limits, struct plan_limits *out)
{
	*out = (struct plan_limits){.items = limit(limits, "items"),
	    .canary = limit(limits, "canary"),
	    .waves = limit(limits, "waves"),
	    .in_flight = limit(limits, "in_flight"),
	    .max_fail = limit(limits, "max_fail"),
	    .max_fail_in_a_row = limit(limits, "max_fail_in_a_row"),
	    .wait = limit(limits, "wait"),
	    .gap = limit(limits, "gap"),
	    .together = limit(limits, "together"),
	    .per_hour = limit(limits, "per_hour"),
	    .one_region = truth(limits, "one_region"),
	    .strict = truth(limits, "strict")};
}

static enum run_state
state_of(const char *word)
{
	int state = 0;

	while (run_words[state] && strcmp(run_words[state], word) != 0)
		state++;
	return (enum run_state)state;
}

static int
from_row(struct run *r, const struct db_rows *rows, struct fault *f)
{
	struct jtext policy = db_jtext(rows, 26);

	*r = (struct run){.id = db_int(rows, 0),
	    .project = db_int(rows, 1),
	    .plan = db_text_dup(rows, 2),
	    .workflow = db_text_dup(rows, 3),
	    .definition = db_text_dup(rows, 4),
	    .selection = db_text_dup(rows, 6),
	    .state = state_of(db_text(rows, 7)),
	    .why = db_text_dup(rows, 8),
	    .wave = db_int(rows, 9),
	    .approved = db_int(rows, 10),
	    .epoch = db_int(rows, 11),
	    .engine_pid = db_int(rows, 12),
	    .engine_start = db_int(rows, 13),
	    .engine_host = db_text_dup(rows, 14),
	    .boot = db_text_dup(rows, 15),
	    .items = db_int(rows, 16),
	    .ok = db_int(rows, 17),
	    .kicked = db_int(rows, 18),
	    .skipped = db_int(rows, 19),
	    .cancelled = db_int(rows, 20),
	    .actor = db_text_dup(rows, 21),
	    .reason = db_text_dup(rows, 22),
	    .created = db_int(rows, 23),
	    .started = db_int(rows, 24),
	    .ended = db_int(rows, 25)};
	read_limits(db_jtext(rows, 5), &r->limits);
	return policy_from_json(&r->policy, policy.text ? policy : JTEXT("{}"), f);
}

int
run_get(struct session *s, int64_t id, struct run *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, project, plan, workflow, definition, limits, selection, state, why, wave,"
	    " approved, epoch, engine_pid, engine_start, engine_host, boot, items, ok, kicked,"
	    " skipped, cancelled, actor, reason, created, started, ended, policy"
	    " FROM run WHERE id = $1 AND project = $2";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", id, s->project);

	*out = (struct run){0};
	if (more == 0 && (more = db_next(&rows, f)) == 1 && from_row(out, &rows, f) < 0)
		more = -1;
	db_end(&rows);
	return more;
}

int
run_each(struct session *s,
    int (*each)(struct session *s, struct run *r, void *ctx, struct fault *f), void *ctx,
    struct fault *f)
{
	static const char sql[] = "SELECT id FROM run WHERE project = $1 ORDER BY id DESC";
	struct ids ids = {0};
	int rc = db_get_ids(s->db, &ids, f, sql, "i", s->project);

	for (size_t i = 0; i < ids.n && rc == 0; i++) {
		struct run r;
		int found = run_get(s, ids.v[i], &r, f);

		rc = found == 1 ? each(s, &r, ctx, f) : found;
		run_done(&r);
	}
	vec_done(&ids);
	return rc;
}

/* Runs that are open come first, then the newest. */
static int
newest(struct session *s, int64_t *id, struct fault *f)
{
	static const char sql[] = "SELECT id FROM run WHERE project = $1"
				  " ORDER BY ended IS NULL DESC, id DESC LIMIT 1";
	int found = db_get_int(s->db, id, f, sql, "i", s->project);

	return found ? found : fault_set(f, FAULT_BAD, "no run yet; \"craton-remediate run PLAN\"");
}

int
run_want(struct session *s, const char *text, struct run *out, struct fault *f)
{
	int64_t id = 0;
	int found;

	*out = (struct run){0};
	if (text && num_int(text, 1, INT64_MAX, &id, f) < 0)
		return fault_within(f, "run");
	if (!text && newest(s, &id, f) < 0)
		return -1;
	found = run_get(s, id, out, f);
	return found ? (found < 0 ? -1 : 0) : fault_set(f, FAULT_BAD, "no run %" PRId64, id);
}

/* ---- making ---- */

static int
refuse_second(struct session *s, const struct plan *p, struct fault *f)
{
	static const char sql[] = "SELECT id FROM run WHERE plan = $1";
	int64_t id;
	int found = db_get_int(s->db, &id, f, sql, "s", p->hash);

	if (found <= 0)
		return found;
	return fault_set(f, FAULT_REFUSED,
	    "this plan has run already, as run %" PRId64 "; a plan runs once: make a new one, or"
	    " \"craton-remediate resume %" PRId64 "\" if it is not over",
	    id, id);
}

static int
add_run(struct session *s, const struct plan *p, int64_t *id, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO run (project, plan, workflow, definition, limits, selection, items, actor,"
	    " reason, created, policy) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	struct str limits = STR_INIT, policy = STR_INIT;
	int64_t rc;

	plan_limits_json(&p->limits, &limits);
	policy_json(&p->policy, &policy);
	rc = db_run(s->db, f, sql, "isssssissis", s->project, p->hash, p->workflow.name,
	    p->workflow.json, limits.text, p->selection, (int64_t)p->items.n, s->actor, s->reason,
	    when_now(), policy.text);
	*id = db_last_id(s->db);
	str_done(&limits);
	str_done(&policy);
	return rc < 0 ? -1 : 0;
}

static int
add_after(struct session *s, const struct plan_item *i, int64_t run, int64_t pos, struct fault *f)
{
	static const char sql[] = "INSERT INTO run_after (run, pos, after) VALUES ($1, $2, $3)";

	for (size_t n = 0; n < i->after.n; n++)
		if (db_run(s->db, f, sql, "iii", run, pos, i->after.v[n]) < 0)
			return -1;
	return 0;
}

static int
add_items(struct session *s, const struct plan *p, int64_t run, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO run_item (run, pos, item, ref, name, wave, finding, check_name, spread,"
	    " uses) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

	for (size_t n = 0; n < p->items.n; n++) {
		const struct plan_item *i = &p->items.v[n];

		if (db_run(s->db, f, sql, "iiissirsss", run, (int64_t)n, i->item, i->ref, i->name,
			i->wave, i->finding, i->check, i->spread, i->uses) < 0 ||
		    add_after(s, i, run, (int64_t)n, f) < 0)
			return -1;
	}
	return 0;
}

/* Each limit that was loosened, in the journal: by whom it was asked for, and why. */
static int
tell_loosened(struct session *s, const struct plan *p, int64_t run, struct fault *f)
{
	char was[LIMIT_TEXT], is[LIMIT_TEXT];
	int rc = 0;

	for (int l = 0; l < LIMITS && rc == 0; l++) {
		const struct policy_value *v = &p->policy.values[l];
		struct str body = STR_INIT;

		if (!v->is_loosened)
			continue;
		jtext_open(&body);
		jtext_text(&body, "limit", limit_table[l].name);
		jtext_text(&body, "was", limit_text((enum limit)l, v->was, was));
		jtext_text(&body, "is", limit_text((enum limit)l, v->is, is));
		jtext_text(&body, "actor", p->actor);
		jtext_text(&body, "reason", p->reason);
		jtext_close(&body);
		rc = chain_put(s->db, run, "run.loosened", body.text, f);
		str_done(&body);
	}
	return rc;
}

int
run_create(struct session *s, const struct plan *p, int64_t *id, struct fault *f)
{
	if (db_begin(s->db, f) < 0)
		return -1;
	if (refuse_second(s, p, f) == 0 && add_run(s, p, id, f) == 0 &&
	    add_items(s, p, *id, f) == 0 && tell_loosened(s, p, *id, f) == 0 &&
	    db_commit(s->db, f) == 0)
		return 0;
	db_rollback(s->db);
	return -1;
}

int
run_tell(
    struct session *s, int64_t run, const char *word, int64_t wave, int64_t *id, struct fault *f)
{
	static const char sql[] = "INSERT INTO control (run, word, wave, at, actor, reason)"
				  " VALUES ($1, $2, $3, $4, $5, $6)";

	if (db_run(s->db, f, sql, "rsriss", run, word, wave, when_now(), s->actor, s->reason) < 0)
		return -1;
	*id = db_last_id(s->db);
	return 0;
}
