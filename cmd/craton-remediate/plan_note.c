/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_note.h"

#include "base/report.h"
#include "base/when.h"
#include "flow/plan/wants.h"

#include <inttypes.h>

static void
note_held(const struct plan *p)
{
	struct words held = {0};

	plan_held(p, &held);
	for (size_t i = 0; i < held.n; i++)
		report_note("held by policy: %s", held.v[i]);
	words_done(&held);
}

int
plan_note_second(struct session *s, const struct plan *p, struct fault *f)
{
	struct words why = {0};
	int rc = wants_second(s, p, &why, f);

	for (size_t i = 0; rc == 0 && i < why.n; i++)
		report_note("a second person has to approve it: %s", why.v[i]);
	words_done(&why);
	return rc;
}

int
plan_note_hours(struct plan *p, struct fault *f)
{
	struct str why = STR_INIT;
	enum calendar_answer answer;
	int64_t at;

	calendar_take(&p->policy.hours, &p->workflow.windows);
	answer =
	    calendar_ask(&p->policy.hours, when_now(), workflow_item_time(&p->workflow), &at, &why);
	if (answer == CALENDAR_CLOSED)
		report_note("not now: %s", why.text);
	else if (answer == CALENDAR_NEVER)
		fault_set(f, FAULT_REFUSED, "refused: %s", why.text);
	str_done(&why);
	return answer == CALENDAR_NEVER ? -1 : 0;
}

void
plan_note(const struct plan *p, const struct remedy *r)
{
	struct str text = STR_INIT;
	int64_t waves = p->limits.waves + (p->limits.canary > 0);

	report_note("%zu %s, %" PRId64 " %s%s", p->items.n, p->items.n == 1 ? "item" : "items",
	    waves, waves == 1 ? "wave" : "waves", p->limits.canary ? ", canary first" : "");
	note_held(p);
	if (r->items) {
		remedy_text(r, &text);
		report_note("%s so far: %s", p->workflow.name, text.text);
	}
	str_done(&text);
}
