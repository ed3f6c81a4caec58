/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a layer: written where they differ. */
#include "fleet/log/change_inside.h"

#include "fleet/relation.h"
#include "fleet/sources/mark.h"

#include <stdlib.h>
#include <string.h>

/* ---- texts, labels, edges ---- */

/* The dictionary of keys, each asked once a change. */
static int
note_keys(struct change *c, const char *variables, struct fault *f)
{
	static const char sql[] = "INSERT INTO keydef (project, name) VALUES ($1, $2)"
				  " ON CONFLICT (project, name) DO NOTHING";
	struct jtext key, value;
	struct str plain = STR_INIT;
	size_t at = 0;
	int added, status = 0;

	while (status == 0 && jtext_each(JTEXT(variables), &at, &key, &value)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		map_put(&c->known_keys, plain.text, &added);
		if (added && db_run(c->s->db, f, sql, "is", c->s->project, plain.text) < 0)
			status = -1;
	}
	str_done(&plain);
	return status;
}

static int
write_labels(struct db *db, const struct document *old, const struct document *new, struct fault *f)
{
	static const char add[] = "INSERT INTO label (label, item, source) VALUES ($1, $2, $3)";
	static const char drop[] =
	    "DELETE FROM label WHERE label = $1 AND item = $2 AND source = $3";
	size_t o = 0, n = 0;

	/* Both ascending: one walk finds what went and what came. */
	while (o < old->labels.n || n < new->labels.n) {
		int64_t was = o < old->labels.n ? old->labels.v[o] : INT64_MAX;
		int64_t is = n < new->labels.n ? new->labels.v[n] : INT64_MAX;

		if (was < is && db_run(db, f, drop, "iii", was, old->item, old->source) < 0)
			return -1;
		if (is < was && db_run(db, f, add, "iii", is, new->item, new->source) < 0)
			return -1;
		o += was <= is;
		n += is <= was;
	}
	return 0;
}

static int
write_edges(struct db *db, const struct document *old, const struct document *new, struct fault *f)
{
	static const char add[] =
	    "INSERT INTO relation (src, type, dst, source) VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT (src, type, dst, source) DO NOTHING";
	/* hot: each item that is imported with relations */
	static const char drop[] = "DELETE FROM relation WHERE src = $1 AND source = $2";

	if (old->edges.n && db_run(db, f, drop, "ii", old->item, old->source) < 0)
		return -1;
	for (size_t i = 0; i < new->edges.n; i++)
		if (db_run(db, f, add, "isii", new->item, new->edges.v[i].type, new->edges.v[i].dst,
			new->source) < 0)
			return -1;
	return 0;
}

static int
same_words(const struct words *a, const struct words *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return 0;
	return a->n == b->n;
}

/* Only devices are recognised by marks: an interface has a mac, too. */
static int
write_marks(
    struct session *s, const struct document *old, const struct document *new, struct fault *f)
{
	/* hot: each item that is imported with a serial or a mac */
	static const char sql[] = "SELECT 1 FROM item WHERE id = $1 AND class = 'device'";
	struct words was = {0}, is = {0};
	int64_t one;
	int found = 0;

	mark_of(JTEXT(old->attributes), JTEXT(old->variables), &was);
	mark_of(JTEXT(new->attributes), JTEXT(new->variables), &is);
	if (!same_words(&was, &is))
		found = db_get_int(s->db, &one, f, sql, "i", new->item);
	if (found == 1)
		found = mark_write(s, new->item, new->source, &was, &is, f);
	words_done(&was);
	words_done(&is);
	return found < 0 ? -1 : 0;
}

int
change_write(
    struct change *c, const struct document *old, const struct document *new, struct fault *f)
{
	static const char put[] =
	    "INSERT INTO document (id, attributes, variables) VALUES ($1, $2, $3)"
	    " ON CONFLICT (id) DO UPDATE SET attributes = excluded.attributes,"
	    " variables = excluded.variables";

	if (db_run(c->s->db, f, put, "iss", DOCUMENT_ID(new->item, new->source), new->attributes,
		new->variables) < 0)
		return -1;
	if (strcmp(old->variables, new->variables) != 0 && note_keys(c, new->variables, f) < 0)
		return -1;
	if (write_labels(c->s->db, old, new, f) < 0 || write_marks(c->s, old, new, f) < 0)
		return -1;
	return write_edges(c->s->db, old, new, f);
}

int
change_clear(struct change *c, const struct document *old, struct fault *f)
{
	static const char sql[] = "DELETE FROM document WHERE id = $1";
	struct document nothing;
	int status = -1;

	document_init(&nothing, old->item, old->source);
	if (write_labels(c->s->db, old, &nothing, f) == 0 &&
	    write_edges(c->s->db, old, &nothing, f) == 0 &&
	    write_marks(c->s, old, &nothing, f) == 0 &&
	    db_run(c->s->db, f, sql, "i", DOCUMENT_ID(old->item, old->source)) >= 0)
		status = 0;
	document_done(&nothing);
	return status;
}

/* ---- relations without cycles ---- */

static int
has_edge(const struct document *d, const struct edge *e)
{
	for (size_t i = 0; i < d->edges.n; i++)
		if (d->edges.v[i].dst == e->dst && strcmp(d->edges.v[i].type, e->type) == 0)
			return 1;
	return 0;
}

int
change_check_edges(
    struct change *c, const struct document *old, const struct document *new, struct fault *f)
{
	for (size_t i = 0; i < new->edges.n; i++)
		if (!has_edge(old, &new->edges.v[i]) &&
		    relation_refuse_cycle(
			c->s, new->item, new->edges.v[i].type, new->edges.v[i].dst, f) < 0)
			return -1;
	return 0;
}
