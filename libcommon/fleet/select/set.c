/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/inside.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- doubts ---- */

int
select_doubt(struct selection *sel, enum select_doubt sort, struct fault *f, const char *fmt, ...)
{
	char text[sizeof(f->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (sel->purpose == SELECT_TO_ACT)
		return fault_set(f, FAULT_BAD, "%s", text);
	if (sel->told[sort]++ < SELECT_TOLD && sel->warn)
		sel->warn(text, sel->ctx);
	return 0;
}

void
select_end_doubts(struct selection *sel)
{
	static const char *const sorts[DOUBTS] = {"unknown words", "bad lines", "unknown names",
	    "items for which --where cannot be told"};
	char text[128];

	for (int i = 0; i < DOUBTS; i++) {
		if (sel->told[i] <= SELECT_TOLD || !sel->warn)
			continue;
		snprintf(text, sizeof(text), "%lu %s%s", sel->told[i] - SELECT_TOLD,
		    i == DOUBT_NAME && sel->more_names ? "or more " : "more ", sorts[i]);
		sel->warn(text, sel->ctx);
	}
}

int
select_has_doubts(const struct selection *sel)
{
	return sel->told[DOUBT_LINE] || sel->told[DOUBT_NAME] || sel->told[DOUBT_CONDITION];
}
