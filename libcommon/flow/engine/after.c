/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/after.h"

#include "flow/engine/engine.h"

#include <string.h>

struct after_item {
	size_t waits;    /* for so many */
	struct ids next; /* who comes after it */
	int64_t lost;    /* the first before it that did not end well, from 1; 0: none */
};

struct after {
	size_t n;
	struct after_item *items;
	struct ids lost; /* to be skipped */
	size_t next;     /* of lost */
};

static struct after *
after_new(size_t items)
{
	struct after *after = mem_zero(1, sizeof(*after));

	after->n = items;
	after->items = mem_zero(items, sizeof(*after->items));
	return after;
}

void
after_free(struct after *after)
{
	if (!after)
		return;
	for (size_t i = 0; i < after->n; i++)
		vec_done(&after->items[i].next);
	free(after->items);
	vec_done(&after->lost);
	free(after);
}

int
after_waits(const struct after *after, int64_t pos)
{
	return after && (after->items[pos].waits || after->items[pos].lost);
}

static void
lose(struct after *after, int64_t pos, int64_t before)
{
	if (after->items[pos].lost)
		return;
	after->items[pos].lost = before + 1;
	vec_push(&after->lost, pos);
}

/* ---- loading ---- */

static void
load_plan(struct engine *e, const struct plan *p)
{
	for (size_t i = 0; i < p->items.n; i++)
		for (size_t j = 0; j < p->items.v[i].after.n; j++) {
			if (!e->after)
				e->after = after_new(p->items.n);
			e->after->items[i].waits++;
			vec_push(&e->after->items[p->items.v[i].after.v[j]].next, (int64_t)i);
		}
}

static int
is_right(const char *state, const char *reason)
{
	return !strcmp(state, "ok") ||
	       (!strcmp(state, "skipped") && reason && !strcmp(reason, WORK_NOT_WRONG));
}

static void
load_row(struct engine *e, const struct db_rows *rows)
{
	int64_t pos = db_int(rows, 0), before = db_int(rows, 1);
	const char *state = db_text(rows, 2);

	if (!e->after)
		e->after = after_new((size_t)e->run.items);
	if (!strcmp(state, "queued") || !strcmp(state, "active")) {
		e->after->items[pos].waits++;
		vec_push(&e->after->items[before].next, pos);
	} else if (!is_right(state, db_text(rows, 3)) && !e->workflow.batch.dependants_run) {
		lose(e->after, pos, before);
		free(e->works[before].ref);
		e->works[before].ref = db_text_dup(rows, 4);
	}
}

int
after_load(struct engine *e, const struct plan *dry, struct fault *f)
{
	static const char sql[] =
	    "SELECT a.pos, a.after, b.state, b.reason, b.ref FROM run_after AS a"
	    " JOIN run_item AS i ON i.run = a.run AND i.pos = a.pos AND i.state = 'queued'"
	    " JOIN run_item AS b ON b.run = a.run AND b.pos = a.after WHERE a.run = $1";
	struct db_rows rows;
	int more;

	if (dry) {
		load_plan(e, dry);
		return 0;
	}
	more = db_query(e->session->db, &rows, f, sql, "i", e->run.id);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		load_row(e, &rows);
	db_end(&rows);
	return more;
}

/* ---- going on ---- */

void
after_over(struct engine *e, const struct work *w, int is_right)
{
	struct after *after = e->after;
	const struct ids *next;

	if (!after)
		return;
	next = &after->items[w->pos].next;
	for (size_t i = 0; i < next->n; i++) {
		struct after_item *item = &after->items[next->v[i]];

		item->waits--;
		if (e->works[next->v[i]].state != WORK_QUEUED)
			continue;
		if (!is_right && !e->workflow.batch.dependants_run)
			lose(after, next->v[i], w->pos);
		else if (!item->waits && !item->lost)
			admission_join(&e->admission, next->v[i]);
	}
}

int
after_skip(struct engine *e)
{
	struct after *after = e->after;
	int n = 0;

	while (after && after->next < after->lost.n) {
		int64_t pos = after->lost.v[after->next++];
		struct work *w = &e->works[pos];
		char *why;

		if (w->state != WORK_QUEUED)
			continue;
		why = mem_printf("comes after %s, which did not end well",
		    e->works[after->items[pos].lost - 1].ref);
		admission_take(&e->admission, pos); /* that it may end as any other */
		work_skip(w, why);
		free(why);
		n++;
	}
	return n > 0;
}
