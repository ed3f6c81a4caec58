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

int
hours_open(struct engine *e)
{
	struct str why = STR_INIT;
	int64_t at;
	int is_open = !calendar_has(&e->hours) ||
		      calendar_ask(&e->hours, when_now(), e->item_time, &at, &why) == CALENDAR_OPEN;

	if (!is_open && e->is_dry)
		is_open = would_wait(e, why.text);
	else if (!is_open && !e->admission.active)
		engine_stop(e, ENGINE_DRAIN, RUN_HELD, why.text);
	str_done(&why);
	return is_open;
}
