/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/people/breaker.h"

#include "base/near.h"
#include "base/when.h"
#include "flow/event/chain.h"

#include <inttypes.h>

const char breaker_open[] =
    "INSERT INTO breaker (project, workflow, opened, run, why) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (project, workflow) DO UPDATE SET opened = $3, run = $4, why = $5,"
    " closed = NULL, actor = NULL, reason = NULL";

void
breaker_done(struct breaker *b)
{
	free(b->workflow);
	free(b->why);
	free(b->actor);
	free(b->reason);
	*b = (struct breaker){0};
}

static struct breaker
from_row(const struct db_rows *rows)
{
	return (struct breaker){.workflow = db_text_dup(rows, 0),
	    .opened = db_int(rows, 1),
	    .run = db_int(rows, 2),
	    .why = db_text_dup(rows, 3),
	    .closed = db_int(rows, 4),
	    .actor = db_text_dup(rows, 5),
	    .reason = db_text_dup(rows, 6)};
}

int
breaker_get(struct session *s, const char *workflow, struct breaker *out, struct fault *f)
{
	static const char sql[] = "SELECT workflow, opened, run, why, closed, actor, reason"
				  " FROM breaker WHERE project = $1 AND workflow = $2";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "is", s->project, workflow);

	*out = (struct breaker){0};
	if (more == 0 && (more = db_next(&rows, f)) == 1)
		*out = from_row(&rows);
	db_end(&rows);
	return more;
}

int
breaker_each(struct session *s, int all, void (*each)(const struct breaker *b, void *ctx),
    void *ctx, struct fault *f)
{
	static const char sql[] = "SELECT workflow, opened, run, why, closed, actor, reason"
				  " FROM breaker WHERE project = $1 AND ($2 = 1 OR closed IS NULL)"
				  " ORDER BY workflow";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", s->project, (int64_t)(all != 0));

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct breaker b = from_row(&rows);

		each(&b, ctx);
		breaker_done(&b);
	}
	db_end(&rows);
	return more;
}

void
breaker_to_json(const struct breaker *b, struct str *out)
{
	jtext_open(out);
	jtext_text(out, "kind", "breaker");
	jtext_text(out, "workflow", b->workflow);
	jtext_text(out, "state", b->closed ? "closed" : "open");
	jtext_time(out, "opened", b->opened);
	jtext_int(out, "run", b->run);
	jtext_text(out, "why", b->why);
	jtext_time(out, "closed", b->closed);
	jtext_text(out, "actor", b->actor);
	jtext_text(out, "reason", b->reason);
	jtext_close(out);
}

/* ---- what it stops ---- */

static int
refuse_open(const struct breaker *b, struct fault *f)
{
	char at[WHEN_TEXT];

	return fault_set(f, FAULT_REFUSED,
	    "refused: the breaker of workflow %s is open since %s, by run %" PRId64
	    ": %s; \"craton-remediate breaker reset %s -m REASON\" closes it",
	    b->workflow, when_text(b->opened, at), b->run, b->why, b->workflow);
}

static int
refuse_backlog(const struct breaker *b, int64_t made, struct fault *f)
{
	char then[WHEN_TEXT], at[WHEN_TEXT];

	return fault_set(f, FAULT_REFUSED,
	    "plan void: made %s, before %s closed the breaker of workflow %s, %s: %s; make a new"
	    " one",
	    when_text(made, then), b->actor, b->workflow, when_text(b->closed, at),
	    b->reason ? b->reason : "no reason");
}

int
breaker_check(struct session *s, const char *workflow, int64_t made, struct fault *f)
{
	struct breaker b;
	int rc = breaker_get(s, workflow, &b, f);

	if (rc == 1)
		rc = !b.closed                 ? refuse_open(&b, f)
		     : made && made < b.closed ? refuse_backlog(&b, made, f)
					       : 0;
	breaker_done(&b);
	return rc;
}

/* ---- closing ---- */

static void
add_name(const struct breaker *b, void *ctx)
{
	words_add(ctx, b->workflow);
}

static int
none_open(struct session *s, const char *workflow, struct fault *f)
{
	struct near near = NEAR_INIT(workflow);
	struct words open = {0};
	char hint[NEAR_HINT];

	if (breaker_each(s, 0, add_name, &open, f) == 0) {
		for (size_t i = 0; i < open.n; i++)
			near_offer(&near, open.v[i]);
		fault_set(f, FAULT_NO, "no breaker of workflow %.80s is open%s", workflow,
		    near_hint(&near, hint));
	}
	words_done(&open);
	return -1;
}

/* 1 it was open, 0 not, -1. */
static int
close_it(struct session *s, const char *workflow, struct fault *f)
{
	static const char sql[] = "UPDATE breaker SET closed = $3, actor = $4, reason = $5"
				  " WHERE project = $1 AND workflow = $2 AND closed IS NULL";
	struct str body = STR_INIT;
	int64_t n =
	    db_run(s->db, f, sql, "isiss", s->project, workflow, when_now(), s->actor, s->reason);

	if (n <= 0)
		return n < 0 ? -1 : 0;
	jtext_open(&body);
	jtext_text(&body, "project", s->project_name);
	jtext_text(&body, "workflow", workflow);
	return chain_say(s, "breaker.reset", &body, f) < 0 ? -1 : 1;
}

int
breaker_reset(struct session *s, const char *workflow, struct fault *f)
{
	int rc;

	if (db_begin(s->db, f) < 0)
		return -1;
	rc = close_it(s, workflow, f);
	if (rc == 1 && db_commit(s->db, f) == 0)
		return 0;
	db_rollback(s->db);
	return rc == 0 ? none_open(s, workflow, f) : -1;
}
