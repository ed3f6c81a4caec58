/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/impact.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* hot: each item of a walk */
static const char sql_relations_down[] =
    "SELECT DISTINCT r.type, r.src FROM relation AS r JOIN item AS i ON i.id = r.src"
    " WHERE r.dst = $1 AND i.retired = 0 ORDER BY r.type, r.src";
/* hot: each item of a walk */
static const char sql_relations_up[] =
    "SELECT DISTINCT r.type, r.dst FROM relation AS r JOIN item AS i ON i.id = r.dst"
    " WHERE r.src = $1 AND i.retired = 0 ORDER BY r.type, r.dst";
static const char sql_contained_down[] =
    "SELECT '" IMPACT_PARENT "', id FROM item WHERE parent = $1 AND retired = 0"
    " UNION ALL SELECT '" IMPACT_IN "', id FROM item WHERE cell = $1 AND retired = 0"
    " UNION ALL SELECT '" IMPACT_IN "', id FROM item"
    "  WHERE region = $1 AND cell IS NULL AND retired = 0 AND id <> $1"
    " UNION ALL SELECT '" IMPACT_IN "', id FROM item"
    "  WHERE cloud = $1 AND region IS NULL AND retired = 0 AND id <> $1";
static const char sql_contained_up[] =
    "SELECT '" IMPACT_PARENT "', parent FROM item WHERE id = $1 AND parent IS NOT NULL"
    " UNION ALL SELECT '" IMPACT_IN "', coalesce(cell, region, cloud) FROM item"
    "  WHERE id = $1 AND coalesce(cell, region, cloud) IS NOT NULL";

struct walk {
	struct session *s;
	const struct impact_query *query;
	struct impact *to;
};

static void
meet(struct impact *to, int64_t id, int64_t depth)
{
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, id);
	map_put(&to->seen, key, &added);
	if (added)
		vec_push(&to->nodes, ((struct impact_node){id, depth, to->edges.n - 1}));
}

/* The map's own copy lives as long as the impact. */
static const char *
keep_type(struct impact *to, const char *type)
{
	union map_value *kept = map_put(&to->types, type, NULL);

	if (!kept->p)
		kept->p = mem_dup(type);
	return kept->p;
}

static int
is_asked(const struct impact_query *q, const char *type)
{
	return !q->types || !q->types->n || words_have(q->types, type);
}

static int
follow(struct walk *w, const struct impact_node *from, const char *sql, struct fault *f)
{
	int down = w->query->way == IMPACT_DOWN;
	struct db_rows rows;
	int more = db_query(w->s->db, &rows, f, sql, "i", from->id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		int64_t other = db_int(&rows, 1);

		if (!is_asked(w->query, db_text(&rows, 0)))
			continue;
		vec_push(&w->to->edges,
		    ((struct impact_edge){down ? other : from->id, down ? from->id : other,
			keep_type(w->to, db_text(&rows, 0))}));
		meet(w->to, other, from->depth + 1);
	}
	db_end(&rows);
	return more;
}

static int
wants_contained(const struct impact_query *q)
{
	if (!q->types || !q->types->n)
		return q->contained;
	return words_have(q->types, IMPACT_PARENT) || words_have(q->types, IMPACT_IN);
}

int
impact_walk(struct session *s, const struct impact_query *query, const struct ids *start,
    struct impact *out, struct fault *f)
{
	struct walk w = {s, query, out};
	int down = query->way == IMPACT_DOWN, contained = wants_contained(query), status = 0;

	for (size_t i = 0; i < start->n; i++)
		meet(out, start->v[i], 0);
	for (size_t at = 0; status == 0 && at < out->nodes.n; at++) {
		struct impact_node from = out->nodes.v[at]; /* a copy: the list moves as it grows */

		if (query->depth && from.depth == query->depth)
			break;
		status = follow(&w, &from, down ? sql_relations_down : sql_relations_up, f);
		if (status == 0 && contained)
			status = follow(&w, &from, down ? sql_contained_down : sql_contained_up, f);
	}
	return status;
}

void
impact_done(struct impact *i)
{
	struct map_entry *e;

	for (size_t at = 0; (e = map_each(&i->types, &at));)
		free(e->value.p);
	map_done(&i->types);
	map_done(&i->seen);
	vec_done(&i->nodes);
	vec_done(&i->edges);
}
