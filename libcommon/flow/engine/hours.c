/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/hours.h"

#include "base/when.h"

void
hours_load(struct engine *e, struct policy *now)
{
	e->item_time = workflow_item_time(&e->workflow);
	if (e->breaks_glass)
		return;
	e->hours = now->hours;
	now->hours = (struct calendar){0};
	calendar_take(&e->hours, &e->workflow.windows);
}

/* A dry run says it once, and goes on to what would be done then. */
static int
would_wait(struct engine *e, const char *why)
{
	struct str body = STR_INIT;

	jtext_open(&body);
	jtext_text(&body, "why", why);
	jtext_close(&body);
	journal_would(&e->journal, "would.hold", str_take(&body));
	calendar_done(&e->hours);
	e->hours = (struct calendar){0};
	return 1;
}

static int
may_begin(struct engine *e, struct str *why)
{
	int64_t at;

	return !calendar_has(&e->hours) ||
	       calendar_ask(&e->hours, when_now(), e->item_time, &at, why) == CALENDAR_OPEN;
}

int
hours_open(struct engine *e)
{
	struct str why = STR_INIT;
	int is_open = may_begin(e, &why);

	if (!is_open && e->is_dry)
		is_open = would_wait(e, why.text);
	else if (!is_open && !e->admission.active)
		engine_stop(e, ENGINE_DRAIN, RUN_HELD, why.text);
	str_done(&why);
	return is_open;
}

int
hours_hold(struct engine *e, struct fault *f)
{
	static const char sql[] =
	    "SELECT (SELECT count(*) FROM run_item WHERE run = $1 AND state = 'active')"
	    " + (SELECT count(*) FROM control WHERE run = $1 AND seen IS NULL AND word <> 'pause')";
	struct str why = STR_INIT;
	int64_t n = 0;
	int rc = e->run.state == RUN_HELD && !may_begin(e, &why);

	str_done(&why);
	if (rc && db_get_int(e->session->db, &n, f, sql, "i", e->run.id) < 0)
		return -1;
	return rc && !n;
}
