/* SPDX-License-Identifier: Apache-2.0 */
/* diff_open, diff_walk: the index of both sides, and one walk over it. */
#include "fleet/past/diff.h"

#include "base/mem.h"
#include "fleet/past/diff_side.h"

#include <stdlib.h>
#include <string.h>

int
diff_open(struct diff *d, struct fault *f)
{
	static const char table[] = "CREATE TEMPORARY TABLE IF NOT EXISTS diff_line (item TEXT NOT "
				    "NULL, id INTEGER NOT NULL,"
				    " source TEXT NOT NULL, side INTEGER NOT NULL, hash TEXT NOT "
				    "NULL, at INTEGER NOT NULL)";
	const char *folder = getenv("TMPDIR");
	char *beside = mem_printf("%s/craton", folder && *folder ? folder : "/var/tmp");
	int status = -1;

	*d = (struct diff){0};
	if (db_open_memory(&d->db, f) == 0 &&
	    db_run(d->db, f, "PRAGMA temp_store = FILE", "") >= 0 &&
	    db_run(d->db, f, table, "") >= 0 && db_begin(d->db, f) == 0)
		status = spool_open(&d->spool, beside, f);
	free(beside);
	return status;
}

void
diff_close(struct diff *d)
{
	spool_close(&d->spool);
	db_close(d->db);
	*d = (struct diff){0};
}

/* ---- one item at a time ---- */

struct line {
	char *source, *hash;
	int64_t at;
	int side, same;
};

struct walk {
	struct diff *d;
	int (*each)(const struct diff_value *v, void *ctx);
	void *ctx;
	struct diff_value value; /* of the layer at hand */
	char *item;
	int64_t id;
	VEC(struct line) lines; /* of the item: by source, then side */
	int told;               /* whether there was a difference */
};

static void
forget(struct walk *w)
{
	for (size_t i = 0; i < w->lines.n; i++) {
		free(w->lines.v[i].source);
		free(w->lines.v[i].hash);
	}
	w->lines.n = 0;
	free(w->item);
	w->item = NULL;
}

static int
tell(const struct difference *difference, void *ctx)
{
	struct walk *w = ctx;

	w->told = 1;
	w->value.difference = *difference;
	return w->each(&w->value, w->ctx);
}

static int
tell_presence(struct walk *w, const char *what, int old, int new)
{
	struct difference d = {.what = what};

	if (old && !new)
		d.old = JTEXT("true");
	else if (new && !old)
		d.new = JTEXT("true");
	else
		return 0;
	return tell(&d, w);
}

/* Lines from first up to end are of one source: both sides of its layer, spooled, as sides. */
static int
compare_layer(struct walk *w, size_t first, size_t end, int item_stays, struct fault *f)
{
	struct str sides[2] = {STR_INIT, STR_INIT};
	int has[2] = {0}, status = 0;

	for (int side = 0; status == 0 && side < 2; side++) {
		struct diff_layer layer = {0};

		for (size_t i = first; status == 0 && i < end; i++)
			if (w->lines.v[i].side == side) {
				has[side] = 1;
				status = diff_layer_add(&layer, w->d, w->lines.v[i].at, f);
			}
		diff_layer_end(&layer, &sides[side]);
	}
	w->value.source = *w->lines.v[first].source ? w->lines.v[first].source : NULL;
	if (status == 0 && item_stays)
		status = tell_presence(w, "layer", has[0], has[1]);
	if (status == 0)
		status = difference_each(JTEXT(sides[0].text), JTEXT(sides[1].text), tell, w);
	str_done(&sides[0]);
	str_done(&sides[1]);
	return status;
}

/* Most lines are on both sides, and need no second look. */
static int
all_same(struct walk *w, size_t first, size_t end)
{
	size_t left = end - first;

	for (size_t i = first; i < end; i++)
		for (size_t j = i + 1; j < end && !w->lines.v[i].same; j++)
			if (w->lines.v[i].side != w->lines.v[j].side && !w->lines.v[j].same &&
			    strcmp(w->lines.v[i].hash, w->lines.v[j].hash) == 0) {
				w->lines.v[i].same = w->lines.v[j].same = 1;
				left -= 2;
			}
	return left == 0;
}

static int
compare_item(struct walk *w, struct fault *f)
{
	int has[2] = {0}, status;

	for (size_t i = 0; i < w->lines.n; i++)
		has[w->lines.v[i].side] = 1;
	w->value = (struct diff_value){.item = w->item};
	status = tell_presence(w, "item", has[0], has[1]);
	for (size_t i = 0, end; status == 0 && i < w->lines.n; i = end) {
		for (end = i + 1;
		     end < w->lines.n && strcmp(w->lines.v[i].source, w->lines.v[end].source) == 0;)
			end++;
		if (!all_same(w, i, end))
			status = compare_layer(w, i, end, has[0] && has[1], f);
	}
	forget(w);
	return status;
}

static int
take_line(struct walk *w, const struct db_rows *rows, struct fault *f)
{
	const char *item = db_text(rows, 0);
	int64_t id = db_int(rows, 1);
	int status = 0;

	if (w->item && (id != w->id || strcmp(w->item, item) != 0))
		status = compare_item(w, f);
	if (!w->item)
		w->item = mem_dup(item);
	w->id = id;
	vec_push(&w->lines, ((struct line){.source = db_text_dup(rows, 2),
				.side = (int)db_int(rows, 3),
				.hash = db_text_dup(rows, 4),
				.at = db_int(rows, 5)}));
	return status;
}

int
diff_walk(
    struct diff *d, int (*each)(const struct diff_value *v, void *ctx), void *ctx, struct fault *f)
{
	static const char sql[] = "SELECT item, id, source, side, hash, at FROM diff_line"
				  " ORDER BY item, id, source, side, at";
	struct walk w = {.d = d, .each = each, .ctx = ctx};
	struct db_rows rows;
	int more = spool_rewind(&d->spool, f);

	if (more == 0)
		more = db_query(d->db, &rows, f, sql, "");
	else
		rows = (struct db_rows){0};
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		more = take_line(&w, &rows, f) < 0 ? -1 : 1;
	if (more == 0 && w.item)
		more = compare_item(&w, f);
	db_end(&rows);
	forget(&w);
	vec_done(&w.lines);
	return more < 0 ? -1 : w.told;
}
