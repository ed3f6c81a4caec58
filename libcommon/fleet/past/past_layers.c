/* SPDX-License-Identifier: Apache-2.0 */
/* Layers as they were, and the ranks of those who say them. */
#include "fleet/past/past_inside.h"

#include "fleet/log/history.h"
#include "fleet/source.h"

/* ---- layers ---- */

static int
put_document(struct db *db, const struct document *d, struct fault *f)
{
	static const char texts[] =
	    "INSERT INTO past_document (id, attributes, variables) VALUES ($1, $2, $3)";
	static const char label[] =
	    "INSERT INTO past_label (label, item, source) VALUES ($1, $2, $3)";
	static const char edge[] =
	    "INSERT INTO past_relation (src, type, dst, source) VALUES ($1, $2, $3, $4)";
	int64_t n = db_run(
	    db, f, texts, "iss", DOCUMENT_ID(d->item, d->source), d->attributes, d->variables);

	for (size_t i = 0; n >= 0 && i < d->labels.n; i++)
		n = db_run(db, f, label, "iii", d->labels.v[i], d->item, d->source);
	for (size_t i = 0; n >= 0 && i < d->edges.n; i++)
		n = db_run(
		    db, f, edge, "isii", d->item, d->edges.v[i].type, d->edges.v[i].dst, d->source);
	return n < 0 ? -1 : 0;
}

static int
restore(struct session *s, int64_t id, int64_t row, struct fault *f)
{
	struct document d;
	int there = history_at(s, DOCUMENT_ITEM(id), DOCUMENT_SOURCE(id), row, &d, f);

	if (there == 1)
		there = put_document(s->db, &d, f);
	document_done(&d);
	return there < 0 ? -1 : 0;
}

/*
 * The oldest row since then tells whether there was a layer at all: what it undoes is what was
 * there. Before a first import that is all there is to do.
 */
int
past_layers(struct session *s, int64_t row, struct fault *f)
{
	static const char list[] =
	    "INSERT INTO past_layer (id) SELECT DISTINCT item * 4096 + source FROM chg"
	    " WHERE id > $1 AND op IN ('create', 'layer', 'drop')";
	static const char were[] =
	    "SELECT c.item * 4096 + c.source FROM (SELECT min(id) AS id FROM chg WHERE id > $1"
	    " AND op IN ('create', 'layer', 'drop') GROUP BY item, source) AS first"
	    " JOIN chg AS c ON c.id = first.id WHERE c.undo IS NOT NULL ORDER BY 1";
	struct ids ids = {0};
	int status = db_run(s->db, f, list, "i", row) < 0 ? -1 : 0;

	if (status == 0)
		status = db_get_ids(s->db, &ids, f, were, "i", row);
	for (size_t i = 0; status == 0 && i < ids.n; i++)
		status = restore(s, ids.v[i], row, f);
	vec_done(&ids);
	return status;
}

/* ---- sources ---- */

/*
 * The log's first word of a source has nothing to undo: before that there was none. The
 * operator is made with the project.
 */
static int
drop_newer(struct db *db, int64_t row, struct fault *f)
{
	static const char sql[] =
	    "DELETE FROM past_source WHERE name <> 'operator' AND id IN (SELECT source FROM chg"
	    " WHERE item = 0 AND id > $1 AND op = 'source' AND undo IS NULL)";

	return db_run(db, f, sql, "i", row) < 0 ? -1 : 0;
}

static int
restore_rank(struct session *s, const struct history_row *then, struct fault *f)
{
	static const char put[] = "UPDATE past_source SET rank = $2 WHERE id = $1";
	int64_t rank;

	return history_rank_after(s, then, &rank, f) < 0 ||
		       db_run(s->db, f, put, "ii", then->source, rank) < 0
		   ? -1
		   : 0;
}

static int
restore_state(struct session *s, const struct history_row *then, struct fault *f)
{
	static const char put[] =
	    "UPDATE past_source SET settings = $2, stale = $3, removed = $4 WHERE id = $1";
	struct str state = STR_INIT;
	int status = history_source_after(s, then, &state, f);
	struct jtext settings = jtext_member(JTEXT(state.text), "settings");

	/* A source that was not there yet has no state: it is not in the table any more. */
	if (status == 0 && settings.text &&
	    db_run(s->db, f, put, "ijii", then->source, settings,
		(int64_t)(jtext_member(JTEXT(state.text), "stale").text != NULL),
		(int64_t)(jtext_member(JTEXT(state.text), "removed").text != NULL)) < 0)
		status = -1;
	str_done(&state);
	return status;
}

int
past_sources(struct session *s, int64_t row, struct fault *f)
{
	static const char copy[] = "INSERT INTO past_source (id, project, name, rank, seen, "
				   "settings, stale, removed, logged,"
				   " tried, trouble) SELECT id, project, name, rank, seen, "
				   "settings, stale, removed, logged,"
				   " tried, trouble FROM source";
	static const char later[] = "SELECT DISTINCT source FROM chg WHERE item = 0 AND id > $1"
				    " AND op IN ('rank', 'source')";
	struct ids ids = {0};
	int status = db_run(s->db, f, copy, "") < 0 ? -1 : drop_newer(s->db, row, f);

	if (status == 0)
		status = db_get_ids(s->db, &ids, f, later, "i", row);
	for (size_t i = 0; status == 0 && i < ids.n; i++) {
		const struct history_row then = {.source = ids.v[i], .id = row};

		status = restore_rank(s, &then, f) < 0 ? -1 : restore_state(s, &then, f);
	}
	vec_done(&ids);
	return status;
}
