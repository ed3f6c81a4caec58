/* SPDX-License-Identifier: Apache-2.0 */
/* A full import: what the source no longer reports goes from its layer, and from nothing else. */
#include "fleet/bulk/import_inside.h"

#include "fleet/sources/settings.h"

static int
refuse_shrunken(struct import_work *w, size_t gone, size_t before, struct fault *f)
{
	int64_t share = settings_int(w->settings, "shrink", SETTINGS_SHRINK);

	if (w->im->skipped)
		return fault_set(f, FAULT_REFUSED,
		    "refused: a full import retires what is missing, and %lu records were bad",
		    w->im->skipped);
	if ((int64_t)gone * 100 <= (int64_t)before * share)
		return 0;
	return fault_set(f, FAULT_REFUSED,
	    "refused: source %s would lose %zu of %zu items (%.1f %%) > %d %%", w->im->source, gone,
	    before, 100.0 * (double)gone / (double)before, (int)share);
}

/*
 * A label has no record of its own where items merely carry it: an item that is reported
 * reports its labels too.
 */
static int
add_carried(struct import_work *w, struct fault *f)
{
	static const char sql[] = "SELECT label, item FROM label WHERE source = $1";
	struct ids carried = {0};
	struct db_rows rows;
	int more = db_query(w->s->db, &rows, f, sql, "i", w->source);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (ids_have(&w->seen, db_int(&rows, 1)))
			vec_push(&carried, db_int(&rows, 0));
	db_end(&rows);
	for (size_t i = 0; i < carried.n; i++)
		vec_push(&w->seen, carried.v[i]);
	vec_done(&carried);
	ids_tidy(&w->seen);
	return more;
}

int
import_retire(struct import_work *w, const struct ids *before, struct fault *f)
{
	struct ids gone = {0};
	int status;

	ids_tidy(&w->seen);
	if (add_carried(w, f) < 0)
		return -1;
	for (size_t i = 0; i < before->n; i++)
		if (!ids_have(&w->seen, before->v[i]))
			vec_push(&gone, before->v[i]);
	status = refuse_shrunken(w, gone.n, before->n, f);
	for (size_t i = 0; status >= 0 && i < gone.n; i++)
		status = change_drop(&w->c, gone.v[i], w->source, f);
	vec_done(&gone);
	return status < 0 ? -1 : 0;
}
