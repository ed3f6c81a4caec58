/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/people/repair.h"

#include "base/when.h"

#include <string.h>

void
repairs_done(struct repairs *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct repair *x = &all->v[i];

		free(x->workflow);
		free(x->state);
		free(x->outcome);
		free(x->step);
		free(x->why);
	}
	vec_done(all);
}

static void
add(struct repairs *all, const struct db_rows *row)
{
	*vec_add(all) = (struct repair){
	    .run = db_int(row, 0),
	    .workflow = db_text_dup(row, 1),
	    .started = db_int(row, 2),
	    .ended = db_int(row, 3),
	    .state = db_text_dup(row, 4),
	    .outcome = db_text_dup(row, 5),
	    .step = db_text_dup(row, 6),
	    .why = db_text_dup(row, 7),
	};
}

int
repair_list(struct session *s, int64_t item, int64_t finding, struct repairs *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT r.id, r.workflow, tried.started, tried.ended, tried.state, tried.outcome,"
	    " k.step, tried.reason FROM run_item AS tried JOIN run AS r ON r.id = tried.run"
	    " LEFT JOIN kicked AS k ON k.run = tried.run AND k.pos = tried.pos"
	    " WHERE tried.item = $1 AND tried.finding = $2 AND " REPAIR_IS_ONE " ORDER BY r.id";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", item, finding);

	*out = (struct repairs){0};
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		add(out, &rows);
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

/* Where nothing was proved, the state has to do. */
static const char *
word_of(const struct repair *x)
{
	static const char *const words[][2] = {{"ok", "done, not proved"}, {"kicked", "given up"},
	    {"undone", "given up"}, {"cancelled", "cancelled"}, {"not-fixed", "not fixed"}};
	const char *raw = x->outcome ? x->outcome : x->state;

	if (!x->ended)
		return "under way";
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i][0], raw))
			return words[i][1];
	return raw;
}

void
repair_text(const struct repair *x, struct str *out)
{
	str_add(out, word_of(x));
	if (!strcmp(x->state, "undone"))
		str_add(out, ", undone");
}

void
repairs_text(const struct repairs *all, struct str *out)
{
	const struct repair *last = all->n ? &all->v[all->n - 1] : NULL;
	char at[WHEN_TEXT];

	if (!last)
		return;
	str_add(out, "tried ");
	if (all->n > 1)
		str_addf(out, "%zu times, last ", all->n);
	str_addf(out, "%s on %.10s: ", last->workflow, when_second(last->started, at));
	repair_text(last, out);
}

void
repairs_to_json(const struct repairs *all, struct str *out)
{
	str_addc(out, '[');
	for (size_t i = 0; i < all->n; i++) {
		const struct repair *x = &all->v[i];

		if (i)
			str_addc(out, ',');
		jtext_open(out);
		jtext_int(out, "run", x->run);
		jtext_text(out, "workflow", x->workflow);
		jtext_time(out, "started", x->started);
		jtext_time(out, "ended", x->ended);
		jtext_text(out, "state", x->state);
		jtext_text(out, "outcome", x->outcome);
		jtext_text(out, "step", x->step);
		jtext_text(out, "why", x->why);
		jtext_close(out);
	}
	str_addc(out, ']');
}
