/* SPDX-License-Identifier: Apache-2.0 */
/* Which items may not start, and for whom they wait. */
#include "flow/engine/status.h"

#include <inttypes.h>
#include <string.h>

/* By domain: how many hold it, and the first of them in words. */
struct holder {
	int64_t held, items;
	char *who;
};

static char *
domain_name(const struct spread *s, struct jtext spread)
{
	char *value = jtext_plain_dup(jtext_member(spread, s->label)), *name = NULL;

	if (value)
		name = mem_printf("%s=%s", s->label, value);
	free(value);
	return name;
}

static void
count_item(struct map *holders, const struct spread *s, const struct db_rows *rows)
{
	char *name = domain_name(s, db_jtext(rows, 0));
	const char *state = db_text(rows, 1);
	union map_value *v;
	struct holder *h;

	if (!name)
		return;
	v = map_put(holders, name, NULL);
	if (!v->p)
		v->p = mem_zero(1, sizeof(*h));
	h = v->p;
	h->items++;
	if (!strcmp(state, "active") || !strcmp(state, "kicked") || !strcmp(state, "undone")) {
		h->held++;
		if (!h->who)
			h->who = mem_printf("%s is %s", db_text(rows, 2), state);
	}
	free(name);
}

static int
count_holders(
    struct session *s, const struct workflow *w, int64_t run, struct map *holders, struct fault *f)
{
	static const char sql[] = "SELECT spread, state, ref FROM run_item WHERE run = $1";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", run);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		for (size_t i = 0; i < w->batch.spread.n; i++)
			count_item(holders, &w->batch.spread.v[i], &rows);
	db_end(&rows);
	return more;
}

/* Why this queued item waits for others, to be freed, or NULL. */
static char *
blocked_by(const struct workflow *w, struct jtext spread, const struct map *holders)
{
	char *why = NULL;

	for (size_t i = 0; i < w->batch.spread.n && !why; i++) {
		const struct spread *s = &w->batch.spread.v[i];
		char *name = domain_name(s, spread);
		const union map_value *v = name ? map_get(holders, name) : NULL;
		const struct holder *h = v ? v->p : NULL;
		int64_t limit = h ? plan_spread_limit(s, h->items) : 0;

		if (h && h->held >= limit && limit == 1)
			why = mem_printf("%s: %s", name, h->who);
		else if (h && h->held >= limit)
			why = mem_printf(
			    "%s: %" PRId64 " of %" PRId64 ", %s", name, h->held, limit, h->who);
		free(name);
	}
	return why;
}

static int
read_blocks(struct session *s, const struct workflow *w, struct status *st,
    const struct map *holders, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.ref, i.spread, l.run, r.state FROM run_item AS i LEFT JOIN item_lock AS l"
	    " ON l.item = i.item AND l.run <> i.run LEFT JOIN run AS r ON r.id = l.run"
	    " WHERE i.run = $1 AND i.state = 'queued' AND i.wave <= $2 ORDER BY i.pos";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", st->run.id, st->run.wave);

	while (more >= 0 && st->blocks.n < STATUS_BLOCKS && (more = db_next(&rows, f)) == 1) {
		char *why = db_is_null(&rows, 2)
				? blocked_by(w, db_jtext(&rows, 1), holders)
				: mem_printf("in work by run %" PRId64 ", which is %s",
				      db_int(&rows, 2), db_text(&rows, 3));

		if (why)
			vec_push(&st->blocks, ((struct status_block){db_text_dup(&rows, 0), why}));
	}
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

int
status_find_blocks(struct session *s, const struct workflow *w, struct status *st, struct fault *f)
{
	struct map holders = {0};
	const struct map_entry *entry;
	size_t at = 0;
	int rc = count_holders(s, w, st->run.id, &holders, f);

	if (rc == 0)
		rc = read_blocks(s, w, st, &holders, f);
	while ((entry = map_each(&holders, &at))) {
		struct holder *h = entry->value.p;

		free(h->who);
		free(h);
	}
	map_done(&holders);
	return rc;
}
