/* SPDX-License-Identifier: Apache-2.0 */
/* Winners: what an item is, once a layer of it has changed. */
#include "fleet/log/change_inside.h"

#include "fleet/place.h"
#include "fleet/ref.h"

#include <string.h>

/* What comes along with a cell may meet a namesake in the region that the cell goes to. */
static int
refuse_namesakes(struct change *c, const struct item *cell, struct fault *f)
{
	static const char sql[] =
	    "SELECT a.id, b.id FROM item AS a JOIN item AS b ON b.project = a.project"
	    " AND b.class = a.class AND b.scope = $2 AND b.slot = a.slot"
	    " WHERE a.cell = $1 AND a.class IN ('device', 'network') AND a.scope <> $2 LIMIT 1";
	struct str mover = STR_INIT, there = STR_INIT;
	struct db_rows rows;
	int found = db_query(c->s->db, &rows, f, sql, "ii", cell->id, cell->region);

	if (found == 0 && (found = db_next(&rows, f)) == 1) {
		if (ref_of(c->s, db_int(&rows, 0), &mover, f) == 0 &&
		    ref_of(c->s, db_int(&rows, 1), &there, f) == 0)
			fault_set(f, FAULT_BAD,
			    "cell \"%s\": %s would come along, and %s is there already", cell->name,
			    mover.text, there.text);
	}
	db_end(&rows);
	str_done(&mover);
	str_done(&there);
	return found ? -1 : 0;
}

/* An item's own place decides that of all within it. */
static int
settle_within(struct change *c, const struct item *i, struct fault *f)
{
	static const char region[] =
	    "UPDATE item SET cloud = $2 WHERE region = $1 AND cloud IS DISTINCT FROM $2";
	static const char cell[] =
	    "UPDATE item SET region = $2, cloud = $3,"
	    " scope = CASE WHEN class IN ('device', 'network') THEN coalesce($2, 0) ELSE scope END"
	    " WHERE cell = $1"
	    " AND (region IS DISTINCT FROM $2 OR cloud IS DISTINCT FROM $3)";

	if (strcmp(i->class, "region") == 0)
		return db_run(c->s->db, f, region, "ir", i->id, i->cloud) < 0 ? -1 : 0;
	if (strcmp(i->class, "cell") == 0)
		return refuse_namesakes(c, i, f) < 0 ||
			       db_run(c->s->db, f, cell, "irr", i->id, i->region, i->cloud) < 0
			   ? -1
			   : 0;
	return 0;
}

/* A parent chain that leads back to the item would never end. */
int
change_refuse_descent(struct change *c, const struct item *i, struct fault *f)
{
	int64_t up = i->parent;
	int found = 1;

	for (int n = 0; found == 1 && up; n++) {
		if (n == ITEM_MOST_PARENTS)
			return fault_set(f, FAULT_BAD, "%s \"%s\": more than %d parents above it",
			    i->kind, i->name, ITEM_MOST_PARENTS);
		if (up == i->id)
			return fault_set(
			    f, FAULT_BAD, "%s \"%s\": would be its own parent", i->kind, i->name);
		found = item_parent(c->s, up, &up, f);
	}
	return found < 0 ? -1 : 0;
}

int
change_settle(struct change *c, int64_t id, int touched, struct fault *f)
{
	struct documents docs = {0};
	struct item i = {0};
	int64_t retired;
	int status = -1;

	if (item_get(c->s, id, &i, f) != 1 || document_list(c->s, id, &docs, f) < 0)
		goto out;
	retired = docs.n ? 0 : c->at;
	/* An item that nobody reports any more keeps what was known of it. */
	if (docs.n && place_settle(c->s, &i, &docs, f) < 0)
		goto out;
	if (change_refuse_descent(c, &i, f) < 0)
		goto out;
	c->retired += retired && !i.retired;
	i.retired = retired;
	if (touched)
		i.updated = c->at;
	if (place_store(c->s, &i, f) < 0)
		goto out;
	status = settle_within(c, &i, f);
out:
	item_done(&i);
	documents_done(&docs);
	return status;
}
