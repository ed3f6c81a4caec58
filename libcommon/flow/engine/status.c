/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/status.h"

#include "base/when.h"
#include "exec/proc.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

void
status_done(struct status *st)
{
	for (size_t i = 0; i < st->steps.n; i++) {
		free(st->steps.v[i].ref);
		free(st->steps.v[i].step);
		free(st->steps.v[i].state);
	}
	for (size_t i = 0; i < st->blocks.n; i++) {
		free(st->blocks.v[i].ref);
		free(st->blocks.v[i].why);
	}
	vec_done(&st->steps);
	vec_done(&st->blocks);
	free(st->next);
	run_done(&st->run);
}

/* ---- what is at work ---- */

static char *
step_name(const struct workflow *w, int64_t step)
{
	if (step == STEP_PROOF_BEFORE || step == STEP_PROOF_AFTER)
		return mem_dup(step < 0 ? "proof-before" : "proof-after");
	return mem_dup(step == STEP_FINALLY ? "finally" : w->steps.v[step].name);
}

static int
read_steps(struct session *s, const struct workflow *w, struct status *st, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.ref, s.step, s.state, s.tries, s.due, s.started FROM step AS s"
	    " JOIN run_item AS i ON i.run = s.run AND i.pos = s.pos WHERE s.run = $1 AND"
	    " s.state IN ('running', 'backoff', 'unknown', 'undoing') AND i.state = 'active'"
	    " ORDER BY s.pos, s.step";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", st->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&st->steps, ((struct status_step){db_text_dup(&rows, 0),
					 step_name(w, db_int(&rows, 1)), db_text_dup(&rows, 2),
					 db_int(&rows, 3), db_int(&rows, 4), db_int(&rows, 5)}));
	db_end(&rows);
	return more;
}

/* ---- what waits, and for whom ---- */

/* By domain: how many hold it, and the first of them in words. */
struct holder {
	int64_t held, items;
	char *who;
};

static char *
domain_name(const struct spread *s, struct jtext spread)
{
	char *value = jtext_plain_dup(jtext_member(spread, s->label)), *name = NULL;

	if (value)
		name = mem_printf("%s=%s", s->label, value);
	free(value);
	return name;
}

static void
count_item(struct map *holders, const struct spread *s, const struct db_rows *rows)
{
	char *name = domain_name(s, db_jtext(rows, 0));
	const char *state = db_text(rows, 1);
	union map_value *v;
	struct holder *h;

	if (!name)
		return;
	v = map_put(holders, name, NULL);
	if (!v->p)
		v->p = mem_zero(1, sizeof(*h));
	h = v->p;
	h->items++;
	if (!strcmp(state, "active") || !strcmp(state, "kicked") || !strcmp(state, "undone")) {
		h->held++;
		if (!h->who)
			h->who = mem_printf("%s is %s", db_text(rows, 2), state);
	}
	free(name);
}

static int
count_holders(
    struct session *s, const struct workflow *w, int64_t run, struct map *holders, struct fault *f)
{
	static const char sql[] = "SELECT spread, state, ref FROM run_item WHERE run = $1";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", run);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		for (size_t i = 0; i < w->batch.spread.n; i++)
			count_item(holders, &w->batch.spread.v[i], &rows);
	db_end(&rows);
	return more;
}

/* Why this queued item waits for others, to be freed, or NULL. */
static char *
blocked_by(const struct workflow *w, struct jtext spread, const struct map *holders)
{
	char *why = NULL;

	for (size_t i = 0; i < w->batch.spread.n && !why; i++) {
		const struct spread *s = &w->batch.spread.v[i];
		char *name = domain_name(s, spread);
		const union map_value *v = name ? map_get(holders, name) : NULL;
		const struct holder *h = v ? v->p : NULL;
		int64_t limit = h ? plan_spread_limit(s, h->items) : 0;

		if (h && h->held >= limit)
			why = mem_printf(
			    "%s: %" PRId64 " of %" PRId64 ", %s", name, h->held, limit, h->who);
		free(name);
	}
	return why;
}

static int
read_blocks(struct session *s, const struct workflow *w, struct status *st,
    const struct map *holders, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.ref, i.spread, l.run FROM run_item AS i LEFT JOIN item_lock AS l"
	    " ON l.item = i.item AND l.run <> i.run"
	    " WHERE i.run = $1 AND i.state = 'queued' AND i.wave <= $2 ORDER BY i.pos";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", st->run.id, st->run.wave);

	while (more >= 0 && st->blocks.n < STATUS_BLOCKS && (more = db_next(&rows, f)) == 1) {
		char *why = db_is_null(&rows, 2)
				? blocked_by(w, db_jtext(&rows, 1), holders)
				: mem_printf("in work by run %" PRId64, db_int(&rows, 2));

		if (why)
			vec_push(&st->blocks, ((struct status_block){db_text_dup(&rows, 0), why}));
	}
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

static int
find_blocks(struct session *s, const struct workflow *w, struct status *st, struct fault *f)
{
	struct map holders = {0};
	const struct map_entry *entry;
	size_t at = 0;
	int rc = count_holders(s, w, st->run.id, &holders, f);

	if (rc == 0)
		rc = read_blocks(s, w, st, &holders, f);
	while ((entry = map_each(&holders, &at))) {
		struct holder *h = entry->value.p;

		free(h->who);
		free(h);
	}
	map_done(&holders);
	return rc;
}

/* ---- the whole ---- */

static int
count_open(struct session *s, struct status *st, struct fault *f)
{
	static const char sql[] =
	    "SELECT count(*) FROM run_item WHERE run = $1 AND state = 'active'";
	const struct run *r = &st->run;

	if (db_get_int(s->db, &st->active, f, sql, "i", r->id) < 0)
		return -1;
	st->queued = r->items - r->ok - r->kicked - r->skipped - r->cancelled - st->active;
	return 0;
}

static int
engine_lives(const struct run *r)
{
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	return r->engine_pid && r->engine_host && !strcmp(r->engine_host, host) &&
	       proc_alive((pid_t)r->engine_pid, (uint64_t)r->engine_start);
}

static char *
what_next(const struct status *st)
{
	const struct run *r = &st->run;
	const char *why = r->why ? r->why : "";

	if (run_is_over(r))
		return r->kicked ? mem_printf("craton-remediate kicked --run %" PRId64, r->id)
				 : NULL;
	if (st->engine_lives)
		return NULL;
	if (r->state == RUN_TRIPPED)
		return mem_printf("craton-remediate resume --max-fail N %" PRId64, r->id);
	if (r->state == RUN_HELD && strstr(why, "approval") && r->approved <= r->wave)
		return mem_printf("craton-remediate approve %" PRId64, r->id);
	if (r->state == RUN_HELD && !strncmp(why, "halted", 6))
		return mem_printf("craton-remediate halt --clear");
	return mem_printf("craton-remediate resume %" PRId64, r->id);
}

int
status_read(struct session *s, struct status *st, struct fault *f)
{
	struct workflow w;
	const char *text = st->run.definition;
	int rc = workflow_read(&w, "the run's workflow", text, strlen(text), NULL, NULL, f);

	if (rc == 0)
		rc = count_open(s, st, f);
	if (rc == 0)
		rc = read_steps(s, &w, st, f);
	if (rc == 0 && st->queued)
		rc = find_blocks(s, &w, st, f);
	st->engine_lives = engine_lives(&st->run);
	st->next = what_next(st);
	workflow_done(&w);
	return rc;
}

static void
add_lists(const struct status *st, struct str *out)
{
	jtext_key(out, "steps");
	str_addc(out, '[');
	for (size_t i = 0; i < st->steps.n; i++) {
		str_add(out, i ? "," : "");
		jtext_open(out);
		jtext_text(out, "item", st->steps.v[i].ref);
		jtext_text(out, "step", st->steps.v[i].step);
		jtext_text(out, "state", st->steps.v[i].state);
		jtext_int(out, "attempts", st->steps.v[i].tries);
		jtext_time(out, "due", st->steps.v[i].due);
		jtext_close(out);
	}
	str_addc(out, ']');
	jtext_key(out, "blocked");
	str_addc(out, '[');
	for (size_t i = 0; i < st->blocks.n; i++) {
		str_add(out, i ? "," : "");
		jtext_open(out);
		jtext_text(out, "item", st->blocks.v[i].ref);
		jtext_text(out, "why", st->blocks.v[i].why);
		jtext_close(out);
	}
	str_addc(out, ']');
}

void
status_json(const struct status *st, struct str *out)
{
	const struct run *r = &st->run;

	jtext_open(out);
	jtext_text(out, "kind", "run");
	jtext_int(out, "run", r->id);
	jtext_text(out, "workflow", r->workflow);
	jtext_text(out, "state", run_words[r->state]);
	jtext_text(out, "why", r->why);
	jtext_int(out, "items", r->items);
	jtext_int(out, "ok", r->ok);
	jtext_int(out, "kicked", r->kicked);
	jtext_int(out, "skipped", r->skipped);
	jtext_int(out, "cancelled", r->cancelled);
	jtext_int(out, "active", st->active);
	jtext_int(out, "queued", st->queued);
	jtext_int(out, "wave", r->wave);
	jtext_int(out, "waves", r->limits.waves);
	jtext_int(out, "max_fail", r->limits.max_fail);
	jtext_bool(out, "engine", st->engine_lives);
	jtext_text(out, "actor", r->actor);
	jtext_text(out, "reason", r->reason);
	jtext_time(out, "created", r->created);
	jtext_time(out, "started", r->started);
	jtext_time(out, "ended", r->ended);
	jtext_text(out, "next", st->next);
	add_lists(st, out);
	jtext_close(out);
}
