/* SPDX-License-Identifier: Apache-2.0 */
/* Where a record belongs, and which item it is. */
#include "fleet/place.h"
#include "fleet/record_inside.h"
#include "fleet/ref.h"

#include <string.h>

/* ---- where it belongs ---- */

/* A name within a scope that is known, or anywhere, by the rules of ref_want. */
static int
want_within(struct session *s, const char *class, int64_t scope, const char *text, int64_t *id,
    struct fault *f)
{
	int found = 0;

	if (!text)
		return 0;
	if (scope)
		found = item_at(s, class, scope, text, id, f);
	return found ? (found < 0 ? -1 : 0) : ref_want(s, class, text, id, f);
}

int
record_place(struct session *s, const struct record *r, struct record_place *p, struct fault *f)
{
	*p = (struct record_place){0};
	if (want_within(s, "cloud", 0, r->cloud, &p->cloud, f) < 0 ||
	    want_within(s, "region", p->cloud, r->region, &p->region, f) < 0 ||
	    want_within(s, "cell", p->region, r->cell, &p->cell, f) < 0)
		return -1;
	if (place_narrow(s, &p->cloud, &p->region, p->cell, f) < 0)
		return -1;
	return r->parent ? ref_want(s, NULL, r->parent, &p->parent, f) : 0;
}

/* A cell given without its region still says which region. */
static int
scope_in(struct session *s, const char *class, const struct record_place *p, int64_t *scope,
    struct fault *f)
{
	*scope = 0;
	switch (item_scoping(class)) {
	case ITEM_IN_CLOUD: *scope = p->cloud; break;
	case ITEM_IN_REGION:
		*scope = p->region;
		if (!p->region && p->cell)
			return db_get_int(s->db, scope, f,
				   "SELECT coalesce(region, 0) FROM item WHERE id = $1", "i",
				   p->cell) < 0
				   ? -1
				   : 0;
		break;
	case ITEM_IN_DEVICE: *scope = p->parent; break;
	case ITEM_IN_PROJECT:
	case ITEM_BY_KEY: break;
	}
	return 0;
}

/* ---- which item it is ---- */

static int
find_by_slot(struct change *c, const struct record *r, int64_t *id, struct fault *f)
{
	/* hot: each record of an import, of kinds known by key */
	static const char sql[] = "SELECT i.id FROM item AS i JOIN source AS o ON o.id = $1"
				  " WHERE i.project = $2 AND i.class = $3 AND i.scope = 0 AND "
				  "i.slot = o.name || '/' || $4";

	return db_get_int(c->s->db, id, f, sql, "iiss", c->source, c->s->project, r->kind,
	    r->key ? r->key : r->name);
}

static int
find_alone(struct session *s, const char *class, const char *name, int64_t *id, struct fault *f)
{
	/* hot: each record of an import without a place */
	static const char sql[] =
	    "SELECT id FROM item WHERE name = $1 AND project = $2 AND class = $3"
	    " AND retired = 0 LIMIT 2";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "sis", name, s->project, class), n = 0;

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		*id = db_int(&rows, 0);
		n++;
	}
	db_end(&rows);
	return more < 0 ? -1 : n == 1;
}

static int
find_by_name(struct change *c, const struct record *r, const struct record_place *p, int mode,
    int64_t *id, struct fault *f)
{
	const char *class = item_class(r->kind);
	int64_t scope;
	int found;

	if (item_scoping(class) == ITEM_BY_KEY)
		return find_by_slot(c, r, id, f);
	if (!r->name)
		return 0;
	if (strcmp(class, "project") == 0)
		return ref_find(c->s, "project", r->name, id, f);
	if (scope_in(c->s, class, p, &scope, f) < 0)
		return -1;
	found = item_at(c->s, class, scope, r->name, id, f);
	if (found || scope || r->ref || (mode & RECORD_NEW))
		return found;
	return find_alone(c->s, class, r->name, id, f);
}

/* Another object of the same source is another item, whatever it is called. */
static int
is_other(struct change *c, const struct record *r, int64_t id, struct fault *f)
{
	/* hot: each record of an import whose key is new and whose name is not */
	static const char sql[] = "SELECT 1 FROM ident WHERE item = $1 AND source = $2 LIMIT 1";
	int64_t one;
	int found = r->key ? db_get_int(c->s->db, &one, f, sql, "ii", id, c->source) : 0;

	if (found == 1 && r->input && r->input->replaces) {
		int replaces = r->input->replaces(r->input->ctx, id, f);

		found = replaces < 0 ? -1 : !replaces;
	}
	return found;
}

static int
find_by_looks(struct change *c, const struct record *r, const struct record_place *p, int mode,
    int64_t *id, struct fault *f)
{
	int found = 0, other;

	if (r->input && r->input->recognise)
		found = r->input->recognise(r->input->ctx, r, id, f);
	if (found)
		return found;
	found = find_by_name(c, r, p, mode, id, f);
	if (found != 1)
		return found;
	other = is_other(c, r, *id, f);
	return other < 0 ? -1 : !other;
}

int
record_find(struct change *c, const struct record *r, const struct record_place *p, int mode,
    int64_t *id, struct fault *f)
{
	/* hot: each record of an import */
	static const char sql_ident[] = "SELECT item FROM ident WHERE source = $1 AND key = $2";
	int found = r->known != 0;

	*id = r->known;
	if (!found && r->key)
		found = db_get_int(c->s->db, id, f, sql_ident, "is", c->source, r->key);
	if (!found && r->ref)
		found = ref_find(c->s, r->kind, r->ref, id, f);
	if (!found && r->kind && (r->name || r->key))
		found = find_by_looks(c, r, p, mode, id, f);
	return found;
}
