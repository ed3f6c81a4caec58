/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/bulk/export_order.h"

#include <stdlib.h>
#include <string.h>

/* No chain of parents is this long; labels that carry each other would have no end. */
#define DEEPEST 64

struct place {
	int64_t id;
	int phase, depth;
};

/* item must come after needed. */
struct need {
	int64_t item, needed;
};

struct order {
	VEC(struct place) places; /* by id until they are sorted */
	VEC(struct need) needs;
};

/* Labels first, since whoever carries one would make it; a label in a place waits for that. */
static int
phase_of(const char *class, int is_placed)
{
	static const char *const first[] = {"project", "label", "cloud", "region", "cell"};
	const int n = sizeof(first) / sizeof(*first);

	for (int i = 0; i < n; i++)
		if (strcmp(first[i], class) == 0)
			return i == 1 && is_placed ? n : i;
	return n;
}

static int
read_places(struct session *s, struct order *o, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, class, coalesce(cloud, region, cell, parent) IS NOT NULL"
	    " FROM item WHERE project = $1 ORDER BY id";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&o->places, ((struct place){db_int(&rows, 0),
					 phase_of(db_text(&rows, 1), (int)db_int(&rows, 2)), 0}));
	db_end(&rows);
	return more;
}

/* The parents that any source gives, since each layer is a line of its own; labels' labels. */
static int
read_needs(struct session *s, struct order *o, struct fault *f)
{
	static const char sql[] =
	    "SELECT id / 4096, CAST(jmember(attributes, 'parent') AS INTEGER) FROM document"
	    " WHERE jmember(attributes, 'parent') IS NOT NULL"
	    " UNION ALL"
	    " SELECT l.item, l.label FROM label AS l JOIN item AS i ON i.id = l.item"
	    " WHERE i.project = $1 AND i.class = 'label'";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&o->needs, ((struct need){db_int(&rows, 0), db_int(&rows, 1)}));
	db_end(&rows);
	return more;
}

static int
by_id(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int
by_phase(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->phase != y->phase)
		return x->phase - y->phase;
	return x->depth != y->depth ? x->depth - y->depth : by_id(a, b);
}

static struct place *
place_of(const struct order *o, int64_t id)
{
	const struct place key = {.id = id};

	return o->places.n ? bsearch(&key, o->places.v, o->places.n, sizeof(key), by_id) : NULL;
}

static void
deepen(struct order *o)
{
	int moved = 1;

	for (int round = 0; moved && round < DEEPEST; round++) {
		moved = 0;
		for (size_t i = 0; i < o->needs.n; i++) {
			struct place *item = place_of(o, o->needs.v[i].item);
			const struct place *needed = place_of(o, o->needs.v[i].needed);

			if (item && needed && item->depth <= needed->depth &&
			    item->phase == needed->phase) {
				item->depth = needed->depth + 1;
				moved = 1;
			}
		}
	}
}

int
export_order(struct session *s, struct ids *out, struct fault *f)
{
	struct order o = {0};
	int status = -1;

	if (read_places(s, &o, f) == 0 && read_needs(s, &o, f) == 0) {
		deepen(&o);
		vec_sort(&o.places, by_phase);
		for (size_t i = 0; i < o.places.n; i++)
			vec_push(out, o.places.v[i].id);
		status = 0;
	}
	vec_done(&o.places);
	vec_done(&o.needs);
	return status;
}
