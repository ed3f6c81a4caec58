/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/plan.h"

#include "base/when.h"
#include "flow/people/breaker.h"

#include <inttypes.h>
#include <string.h>

#define CLOCK_SKEW ((int64_t)5 * 60 * 1000) /* a plan from further in the future is doubted */

static int
check_workflow(const struct plan *p, struct fault *f)
{
	struct workflow now;
	char *path = NULL;
	int rc = workflow_open(&now, p->file, &path, NULL, NULL, f);

	if (rc < 0)
		rc = fault_set(f, FAULT_REFUSED, "plan void: its workflow: %s", strdupa(f->text));
	else if (strcmp(now.hash, p->workflow.hash) != 0)
		rc = fault_set(f, FAULT_REFUSED,
		    "plan void: %s says something else now; make a new plan", p->file);
	workflow_done(&now);
	free(path);
	return rc;
}

static int
check_source(const char *name, int64_t then, int64_t now, int64_t shrunk, struct fault *f)
{
	int64_t lost = then - now;
	double percent = then ? 100.0 * (double)lost / (double)then : 0;

	if (lost * 100000 <= then * shrunk)
		return 0;
	return fault_set(f, FAULT_REFUSED,
	    "plan void: source %s lost %" PRId64 " of %" PRId64 " items (%.1f %%) > %g %%", name,
	    lost, then, percent, (double)shrunk / 1000);
}

static int
layers_of(struct session *s, const char *source, int64_t *out, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM document WHERE id % 4096 ="
				  " (SELECT id FROM source WHERE project = $1 AND name = $2)";

	*out = 0;
	return db_get_int(s->db, out, f, sql, "is", s->project, source);
}

static int
check_sources(struct session *s, const struct plan *p, struct fault *f)
{
	struct jtext key, value;
	struct str name = STR_INIT;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && jtext_each(JTEXT(p->sources), &at, &key, &value)) {
		char *count = jtext_plain_dup(value);
		int64_t then, now;

		str_reset(&name);
		jtext_plain(key, &name);
		if (num_int(count, 0, INT64_MAX / 100, &then, f) < 0 ||
		    layers_of(s, name.text, &now, f) < 0 ||
		    check_source(name.text, then, now, policy_number(&p->policy, LIMIT_SHRUNK), f) <
			0)
			rc = -1;
		free(count);
	}
	str_done(&name);
	return rc;
}

static int
check_policy(struct session *s, const struct plan *p, struct fault *f)
{
	struct policy now;
	int rc = policy_open(&now, db_path(s->db), NULL, NULL, f);

	if (rc == 0)
		rc = policy_check(&p->policy, &now, f);
	policy_done(&now);
	return rc;
}

int
plan_check(struct session *s, const struct plan *p, int64_t now, struct fault *f)
{
	char made[WHEN_TEXT], life[24];

	if (strcmp(p->project, s->project_name) != 0)
		return fault_set(f, FAULT_REFUSED, "plan void: made for project %s, not for %s",
		    p->project, s->project_name);
	if (now - p->made > p->life)
		return fault_set(f, FAULT_REFUSED,
		    "plan void: made %s, older than its life of %s; make a new one",
		    when_text(p->made, made), num_duration_text(p->life, life));
	if (p->made - now > CLOCK_SKEW)
		return fault_set(f, FAULT_REFUSED,
		    "plan void: made %s, which is in the future; is the clock right?",
		    when_text(p->made, made));
	if (check_policy(s, p, f) < 0 || check_workflow(p, f) < 0 || check_sources(s, p, f) < 0)
		return -1;
	return breaker_check(s, p->workflow.name, p->made, f);
}
