/* SPDX-License-Identifier: Apache-2.0 */
/* Winners as they were: the same rules as for a change, over the layers and ranks of then. */
#include "fleet/past/past_inside.h"

#include "base/mem.h"
#include "fleet/log/history.h"
#include "fleet/place.h"

#include <stdlib.h>
#include <string.h>

/* ---- one item ---- */

/* What the item was before it lost its last layer, which is what a retired one goes on being. */
static int
layers_before(struct session *s, int64_t item, int64_t row, struct documents *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT o.id FROM source AS o WHERE o.id IN (SELECT source FROM chg WHERE item = $1)"
	    " ORDER BY o.stale, o.rank, o.id";
	struct ids sources = {0};
	int there = db_get_ids(s->db, &sources, f, sql, "i", item);

	for (size_t i = 0; there >= 0 && i < sources.n; i++) {
		struct document d;

		there = history_at(s, item, sources.v[i], row - 1, &d, f);
		if (there == 1)
			vec_push(out, d);
		else
			document_done(&d);
	}
	vec_done(&sources);
	return there < 0 ? -1 : 0;
}

/* Where no source gives a name: the last that one gave, else the one made of kind and key. */
static int
name_before(struct session *s, struct item *i, struct fault *f)
{
	static const char sql[] = "SELECT undo FROM chg WHERE item = $1 AND undo IS NOT NULL"
				  " AND op IN ('layer', 'drop') ORDER BY id DESC";
	static const char any_key[] =
	    "SELECT key FROM ident WHERE item = $1 ORDER BY source, key LIMIT 1";
	struct db_rows rows;
	char *name = NULL, *key = NULL;
	int more = db_query(s->db, &rows, f, sql, "i", i->id);

	while (!name && more >= 0 && (more = db_next(&rows, f)) == 1)
		name = jtext_plain_dup(
		    jtext_member(jtext_member(db_jtext(&rows, 0), "attributes"), "name"));
	db_end(&rows);
	if (!name && more >= 0 && (more = db_get_text(s->db, &key, f, any_key, "i", i->id)) == 1)
		name = mem_printf("%s-%s", i->kind, key);
	if (name && item_scoping(i->class) != ITEM_BY_KEY) {
		free(i->slot);
		i->slot = mem_dup(name);
	}
	if (name) {
		free(i->name);
		i->name = mem_dup(name);
	}
	free(name);
	free(key);
	return more < 0 ? -1 : 0;
}

static int
store(struct session *s, const struct item *i, struct fault *f)
{
	static const char sql[] =
	    "UPDATE past_item SET scope = $2, slot = $3, name = $4, named = $5, cloud = $6,"
	    " region = $7, cell = $8, parent = $9, ip_address = $10, device_type = $11, note = $12,"
	    " active = $13, more = $14, retired = $15, updated = $16 WHERE id = $1";

	return db_run(s->db, f, sql, "iissirrrrsssisii", i->id, i->scope, i->slot, i->name,
		   (int64_t)i->named, i->cloud, i->region, i->cell, i->parent, i->ip_address,
		   i->device_type, i->note, (int64_t)i->active, i->more, i->retired, i->updated) < 0
		   ? -1
		   : 0;
}

/*
 * A log that was pruned may not know when an item was last touched: then it was before the
 * point where the log begins, and its time of creation is all that is left.
 */
static int
settle_one(struct session *s, int64_t id, struct fault *f)
{
	struct documents docs = {0};
	struct item i = {0};
	int64_t row, at;
	int status = -1, alive;

	if (item_get(s, id, &i, f) != 1 || document_list(s, id, &docs, f) < 0 ||
	    history_settled(s, id, &row, &at, f) < 0)
		goto out;
	alive = docs.n > 0 || strcmp(i.class, "project") == 0;
	if (!alive && row && layers_before(s, id, row, &docs, f) < 0)
		goto out;
	if (docs.n && place_settle(s, &i, &docs, f) < 0)
		goto out;
	if (docs.n && !i.named && name_before(s, &i, f) < 0)
		goto out;
	i.updated = at ? at : i.created;
	i.retired = alive ? 0 : i.updated;
	status = store(s, &i, f);
out:
	item_done(&i);
	documents_done(&docs);
	return status;
}

/* ---- all, the outer before the inner ---- */

static int
settle_class(struct session *s, const char *sql, struct fault *f)
{
	struct ids ids = {0};
	int status = db_get_ids(s->db, &ids, f, sql, "");

	for (size_t i = 0; status == 0 && i < ids.n; i++)
		status = settle_one(s, ids.v[i], f);
	vec_done(&ids);
	return status;
}

/* What is in a region or a cell that was elsewhere was elsewhere, too. */
static int
take_along(struct session *s, const char *sql, const char *class, struct fault *f)
{
	static const char hide[] = "INSERT INTO past_row (id) SELECT id FROM past_item"
				   " WHERE id NOT IN (SELECT id FROM past_row)";

	return db_run(s->db, f, sql, "s", class) < 0 || db_run(s->db, f, hide, "") < 0 ? -1 : 0;
}

#define MOVED                                                                                      \
	"(SELECT p.id FROM past_item AS p JOIN main.item AS m ON m.id = p.id"                      \
	" WHERE p.class = $1 AND (p.cloud IS DISTINCT FROM m.cloud"                                \
	" OR p.region IS DISTINCT FROM m.region)) AND i.id NOT IN (SELECT id FROM past_row)"

int
past_settle(struct session *s, struct fault *f)
{
	static const char outer[] =
	    "SELECT id FROM past_item WHERE class IN ('project', 'cloud') ORDER BY id";
	static const char regions[] = "SELECT id FROM past_item WHERE class = 'region' ORDER BY id";
	static const char cells[] = "SELECT id FROM past_item WHERE class = 'cell' ORDER BY id";
	static const char others[] = "SELECT id FROM past_item WHERE class NOT IN"
				     " ('project', 'cloud', 'region', 'cell') ORDER BY id";
	static const char in_region[] =
	    "INSERT INTO past_item SELECT " ITEM_COLUMNS " FROM main.item AS i WHERE i.region IN"
	    " " MOVED;
	static const char in_cell[] =
	    "INSERT INTO past_item SELECT " ITEM_COLUMNS " FROM main.item AS i WHERE i.cell IN"
	    " " MOVED;

	return settle_class(s, outer, f) < 0 || settle_class(s, regions, f) < 0 ||
		       take_along(s, in_region, "region", f) < 0 || settle_class(s, cells, f) < 0 ||
		       take_along(s, in_cell, "cell", f) < 0 || settle_class(s, others, f) < 0
		   ? -1
		   : 0;
}
