/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/status.h"

#include "base/when.h"
#include "flow/engine/control.h"

#include <inttypes.h>
#include <string.h>

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
	for (size_t i = 0; i < st->words.n; i++) {
		free(st->words.v[i].word);
		free(st->words.v[i].actor);
		free(st->words.v[i].reason);
	}
	vec_done(&st->steps);
	vec_done(&st->blocks);
	vec_done(&st->words);
	vec_done(&st->rivals);
	free(st->next);
	free(st->waits);
	run_done(&st->run);
}

/* ---- what is at work ---- */

static char *
step_name(const struct workflow *w, int64_t step, int64_t element)
{
	const char *name = workflow_step_name(w, step);

	return element ? mem_printf("%s[%" PRId64 "]", name, element) : mem_dup(name);
}

static int
read_steps(struct session *s, const struct workflow *w, struct status *st, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.ref, s.step, s.element, s.state, s.tries, s.due, s.started FROM step AS s"
	    " JOIN run_item AS i ON i.run = s.run AND i.pos = s.pos WHERE s.run = $1 AND"
	    " (s.state = 'running' OR s.state = 'backoff' OR s.state = 'unknown' OR"
	    " s.state = 'undoing') AND i.state = 'active'"
	    " ORDER BY s.pos, s.step, s.element";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", st->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&st->steps,
		    ((struct status_step){db_text_dup(&rows, 0),
			step_name(w, db_int(&rows, 1), db_int(&rows, 2)), db_text_dup(&rows, 3),
			db_int(&rows, 4), db_int(&rows, 5), db_int(&rows, 6)}));
	db_end(&rows);
	return more;
}

/* ---- how many ---- */

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

/* ---- what people, and other runs, want of it ---- */

static int
read_words(struct session *s, struct status *st, struct fault *f)
{
	static const char sql[] = "SELECT word, actor, reason, at FROM control"
				  " WHERE seen IS NULL AND (run = $1 OR run IS NULL) ORDER BY id";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", st->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(
		    &st->words, ((struct status_word){db_text_dup(&rows, 0), db_text_dup(&rows, 1),
				    db_text_dup(&rows, 2), db_int(&rows, 3)}));
	db_end(&rows);
	return more;
}

static int
read_rivals(struct session *s, struct status *st, struct fault *f)
{
	static const char sql[] =
	    "SELECT o.run, count(*) FROM item_lock AS l JOIN run_item AS o ON o.item = l.item"
	    " AND o.run <> l.run AND o.state = 'queued' JOIN run AS r ON r.id = o.run"
	    " AND r.ended IS NULL AND o.wave <= r.wave WHERE l.run = $1 GROUP BY o.run";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", st->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&st->rivals, ((struct status_rival){db_int(&rows, 0), db_int(&rows, 1)}));
	db_end(&rows);
	return more;
}

#define LOOK_BACK 200 /* events: what was said longer ago may be over */

static int
read_waits(struct session *s, struct status *st, struct fault *f)
{
	static const char sql[] =
	    "SELECT event, body FROM event WHERE run = $1 ORDER BY seq DESC LIMIT $2";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", st->run.id, (int64_t)LOOK_BACK);

	while (more >= 0 && !st->waits && (more = db_next(&rows, f)) == 1) {
		if (!strcmp(db_text(&rows, 0), "item.start"))
			break;
		if (!strcmp(db_text(&rows, 0), "run.wait"))
			st->waits = jtext_plain_dup(jtext_member(db_jtext(&rows, 1), "why"));
	}
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

/* ---- when it will be over ---- */

#define LATELY ((int64_t)15 * 60 * 1000) /* what is longer ago says little of the rate now */

static int
measure_rate(struct session *s, struct status *st, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM run_item WHERE run = $1 AND ended > $2";
	int64_t now = when_now(), since = st->run.started, ended = 0, span;

	if (since < now - LATELY)
		since = now - LATELY;
	span = now - since;
	if (!st->engine_lives || span <= 0)
		return 0;
	if (db_get_int(s->db, &ended, f, sql, "ii", st->run.id, since) < 0)
		return -1;
	st->per_hour = ended * 3600 * 1000 / span;
	if (ended)
		st->eta = (st->queued + st->active) * span / ended;
	return 0;
}

/* ---- the whole ---- */

static int
has_word(const struct status *st, const char *word)
{
	for (size_t i = 0; i < st->words.n; i++)
		if (!strcmp(st->words.v[i].word, word))
			return 1;
	return 0;
}

static char *
what_next_held(struct session *s, const struct status *st)
{
	const struct run *r = &st->run;
	const char *why = r->why ? r->why : "";
	char *file, *next;

	if (strstr(why, "waits for approval") && r->approved <= r->wave && !has_word(st, "approve"))
		return mem_printf("craton-remediate approve %" PRId64, r->id);
	if (!strcmp(why, CONTROL_HALT_FILE) && (file = control_halt_there(db_path(s->db)))) {
		next = mem_printf("rm %s", file);
		free(file);
		return next;
	}
	if (has_word(st, "halt"))
		return mem_dup("craton-remediate halt --clear");
	if (!strncmp(why, CONTROL_BREAKER, strlen(CONTROL_BREAKER)))
		return mem_printf("craton-remediate breaker reset %s -m REASON", r->workflow);
	if (strstr(why, "kicked out"))
		return mem_printf("craton-remediate kicked --run %" PRId64, r->id);
	return NULL;
}

static char *
what_next(struct session *s, const struct status *st)
{
	const struct run *r = &st->run;
	char *next = NULL;

	if (run_is_over(r))
		return r->kicked ? mem_printf("craton-remediate kicked --run %" PRId64, r->id)
				 : NULL;
	if (st->engine_lives)
		return NULL;
	if (r->state == RUN_TRIPPED)
		return mem_printf("craton-remediate resume --max-fail N %" PRId64, r->id);
	if (r->state == RUN_HELD)
		next = what_next_held(s, st);
	return next ? next : mem_printf("craton-remediate resume %" PRId64, r->id);
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
	if (rc == 0 && st->queued && !run_is_over(&st->run))
		rc = status_find_blocks(s, &w, st, f);
	if (rc == 0)
		rc = read_words(s, st, f);
	if (rc == 0)
		rc = read_rivals(s, st, f);
	if (rc == 0)
		rc = remedy_read(s, st->run.workflow, when_now(), &st->remedy, f);
	st->engine_lives = run_engine_lives(&st->run);
	if (rc == 0 && st->engine_lives && st->queued)
		rc = read_waits(s, st, f);
	if (rc == 0)
		rc = measure_rate(s, st, f);
	st->next = what_next(s, st);
	workflow_done(&w);
	return rc;
}
