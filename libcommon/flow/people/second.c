/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/people/second.h"

#include "base/num.h"
#include "base/when.h"
#include "flow/event/chain.h"

#include <string.h>

static int
put(struct session *s, const struct second *a, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO approval (plan, actor, at, reason) VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT (plan, actor) DO UPDATE SET at = $3, reason = $4";
	struct str body = STR_INIT;

	if (db_run(s->db, f, sql, "ssis", a->plan, s->actor, when_now(), s->reason) < 0)
		return -1;
	jtext_open(&body);
	jtext_text(&body, "project", s->project_name);
	jtext_text(&body, "plan", a->plan);
	jtext_text(&body, "workflow", a->workflow);
	jtext_int(&body, "items", a->items);
	jtext_text(&body, "author", a->author);
	return chain_say(s, "plan.approve", &body, f);
}

int
second_approve(struct session *s, const struct second *a, struct fault *f)
{
	if (!strcmp(s->actor, a->author))
		return fault_set(f, FAULT_REFUSED,
		    "refused: %s made this plan; it wants the word of another person", a->author);
	if (db_begin(s->db, f) < 0)
		return -1;
	if (put(s, a, f) == 0 && db_commit(s->db, f) == 0)
		return 0;
	db_rollback(s->db);
	return -1;
}

/* The last approval by another: 1 with when, and by whom (to be freed), 0, -1. */
static int
last(struct session *s, const struct second *a, int64_t *at, char **actor, struct fault *f)
{
	static const char sql[] = "SELECT at, actor FROM approval WHERE plan = $1 AND actor <> $2"
				  " ORDER BY at DESC LIMIT 1";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ss", a->plan, a->author);

	*actor = NULL;
	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		*at = db_int(&rows, 0);
		*actor = db_text_dup(&rows, 1);
	}
	db_end(&rows);
	return more;
}

static int
refuse(const struct second *a, const struct words *why, const char *expired, const char *file,
    struct fault *f)
{
	struct str reasons = STR_INIT;

	str_add(&reasons, "");
	for (size_t i = 0; i < why->n; i++)
		str_addf(&reasons, "%s%s", i ? "; " : "", why->v[i]);
	fault_set(f, FAULT_REFUSED,
	    "refused: a second person has to approve this plan: %s%s; another than %s types "
	    "\"craton-remediate approve %s\"",
	    reasons.text, expired, a->author, file);
	str_done(&reasons);
	return -1;
}

int
second_check(struct session *s, const struct second *a, const struct words *why, int64_t life,
    int64_t now, const char *file, struct fault *f)
{
	char *actor, *expired, when[WHEN_TEXT], text[24];
	int64_t at = 0;
	int rc = last(s, a, &at, &actor, f);

	/* One from the future is doubted, as a plan is. */
	if (rc == 1 && (now - at > life || at > now)) {
		expired = mem_printf("; that %s approved it at %s is not within approval_life %s",
		    actor, when_second(at, when), num_duration_text(life, text));
		rc = refuse(a, why, expired, file, f);
		free(expired);
	} else if (rc == 0) {
		rc = refuse(a, why, "", file, f);
	}
	free(actor);
	return rc < 0 ? -1 : 0;
}
