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

/* ---- sets ---- */

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
select_tidy(struct ids *ids)
{
	size_t kept = 0;

	vec_sort(ids, ascending);
	for (size_t i = 0; i < ids->n; i++)
		if (!kept || ids->v[kept - 1] != ids->v[i])
			ids->v[kept++] = ids->v[i];
	ids->n = kept;
}

/* Keeps in a what is in b, or what is not. */
static void
keep(struct ids *a, const struct ids *b, int wanted)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < a->n; i++) {
		while (j < b->n && b->v[j] < a->v[i])
			j++;
		if ((j < b->n && b->v[j] == a->v[i]) == wanted)
			a->v[kept++] = a->v[i];
	}
	a->n = kept;
}

void
select_intersect(struct ids *a, const struct ids *b)
{
	keep(a, b, 1);
}

void
select_subtract(struct ids *a, const struct ids *b)
{
	keep(a, b, 0);
}
