/* SPDX-License-Identifier: Apache-2.0 */
/* change_remove: an item, all below it, and what other items say of it, in one entry. */
#include "fleet/log/change.h"
#include "fleet/log/change_log.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
note(struct map *m, int64_t id)
{
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, id);
	map_put(m, key, &added);
	return added;
}

/*
 * A device with children is not deleted: its containers and VMs would go unnoticed. Children
 * that are themselves asked to go are no hindrance.
 */
static int
refuse_children(struct session *s, int64_t id, struct map *asked, struct fault *f)
{
	static const char sql[] = "SELECT c.id FROM item AS c JOIN item AS p ON p.id = c.parent"
				  " WHERE p.id = $1 AND p.class = 'device'"
				  " AND c.class <> 'network-interface'";
	struct ids children = {0};
	struct str ref = STR_INIT;
	size_t left = 0;
	int status = db_get_ids(s->db, &children, f, sql, "i", id);

	for (size_t i = 0; i < children.n; i++) {
		char key[24];

		snprintf(key, sizeof(key), "%" PRId64, children.v[i]);
		left += !map_get(asked, key);
	}
	if (status == 0 && left && (status = ref_of(s, id, &ref, f)) == 0)
		status = fault_set(f, FAULT_BAD,
		    "%s: has %zu child devices; remove or move them first", ref.text, left);
	vec_done(&children);
	str_done(&ref);
	return status;
}

/*
 * All that lives in the item, the innermost first: interfaces before their device. A host is
 * in its cell, its region and its cloud, so it is met more than once.
 */
static int
below(struct session *s, int64_t id, struct map *seen, struct ids *out, struct fault *f)
{
	static const char sql[] = "SELECT id FROM item WHERE id <> $1 AND"
				  " (cloud = $1 OR region = $1 OR cell = $1 OR parent = $1)";
	struct ids direct = {0};
	int status;

	if (!note(seen, id))
		return 0;
	status = db_get_ids(s->db, &direct, f, sql, "i", id);
	for (size_t i = 0; status >= 0 && i < direct.n; i++)
		status = below(s, direct.v[i], seen, out, f);
	vec_done(&direct);
	vec_push(out, id);
	return status;
}

int
change_cascade(struct session *s, const struct ids *items, struct ids *out, struct fault *f)
{
	struct map asked = {0}, seen = {0};
	int status = 0;

	for (size_t i = 0; i < items->n; i++)
		note(&asked, items->v[i]);
	for (size_t i = 0; status >= 0 && i < items->n; i++) {
		if (items->v[i] == s->project)
			status = fault_set(f, FAULT_BAD, "a project cannot be removed");
		if (status >= 0)
			status = refuse_children(s, items->v[i], &asked, f);
		if (status >= 0)
			status = below(s, items->v[i], &seen, out, f);
	}
	map_done(&asked);
	map_done(&seen);
	return status < 0 ? -1 : 0;
}

/* Other items' layers that carry the label or point at the item lose just that. */
static int
forget_in(struct change *c, int64_t item, int64_t source, int64_t gone, struct fault *f)
{
	struct document d;
	size_t kept = 0;
	int status = document_get(c->s, item, source, &d, f);

	for (size_t i = 0; i < d.labels.n; i++)
		if (d.labels.v[i] != gone)
			d.labels.v[kept++] = d.labels.v[i];
	d.labels.n = kept;
	kept = 0;
	for (size_t i = 0; i < d.edges.n; i++)
		if (d.edges.v[i].dst != gone)
			d.edges.v[kept++] = d.edges.v[i];
		else
			free(d.edges.v[i].type);
	d.edges.n = kept;
	if (status == 1)
		status = change_document(c, &d, f);
	document_done(&d);
	return status < 0 ? -1 : 0;
}

static int
forget(struct change *c, int64_t gone, struct fault *f)
{
	static const char sql[] = "SELECT item, source FROM label WHERE label = $1"
				  " UNION SELECT src, source FROM relation WHERE dst = $1";
	struct ids pairs = {0};
	struct db_rows rows;
	int more = db_query(c->s->db, &rows, f, sql, "i", gone);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&pairs, DOCUMENT_ID(db_int(&rows, 0), db_int(&rows, 1)));
	db_end(&rows);
	for (size_t i = 0; more >= 0 && i < pairs.n; i++)
		more =
		    forget_in(c, DOCUMENT_ITEM(pairs.v[i]), DOCUMENT_SOURCE(pairs.v[i]), gone, f);
	vec_done(&pairs);
	return more < 0 ? -1 : 0;
}

/* What brings the row back: kind, place and the keys that sources know it by. */
static int
write_undo(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT source, key FROM ident WHERE item = $1 ORDER BY source, key";
	struct str keys = STR_INIT;
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", i->id);

	str_addc(&keys, '[');
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		str_addf(&keys, "%s[%" PRId64 ",", keys.len > 1 ? "," : "", db_int(&rows, 0));
		jtext_put_string(&keys, db_text(&rows, 1));
		str_addc(&keys, ']');
	}
	db_end(&rows);
	str_addc(&keys, ']');
	jtext_open(out);
	jtext_int(out, "created", i->created);
	jtext_raw(out, "keys", keys.text);
	jtext_text(out, "kind", i->kind);
	jtext_text(out, "name", i->name);
	jtext_text(out, "slot", i->slot);
	jtext_close(out);
	str_done(&keys);
	return more;
}

static int
remove_row(struct change *c, int64_t id, struct fault *f)
{
	struct item i = {0};
	struct str undo = STR_INIT;
	int status = item_get(c->s, id, &i, f);

	if (status == 0)
		status = fault_set(f, FAULT_BAD, "item %" PRId64 ": no such item", id);
	if (status == 1)
		status = write_undo(c->s, &i, &undo, f);
	if (status == 0)
		status = change_log_row(c, "remove", id, c->source, NULL, undo.text, f);
	if (status == 0)
		change_hash_more(&c->hash, undo.text);
	if (status == 0 && db_run(c->s->db, f, "DELETE FROM item WHERE id = $1", "i", id) < 0)
		status = -1;
	item_done(&i);
	str_done(&undo);
	return status;
}

static int
remove_one(struct change *c, int64_t id, struct fault *f)
{
	static const char sql[] =
	    "SELECT id % 4096 FROM document WHERE id >= $1 * 4096 AND id < ($1 + 1) * 4096";
	struct ids sources = {0};
	int status;

	if (forget(c, id, f) < 0)
		return -1;
	status = db_get_ids(c->s->db, &sources, f, sql, "i", id);
	for (size_t n = 0; status >= 0 && n < sources.n; n++)
		status = change_drop(c, id, sources.v[n], f);
	vec_done(&sources);
	if (status >= 0)
		status = remove_row(c, id, f);
	c->removed += status == 0;
	return status;
}

int
change_remove(struct change *c, const struct ids *items, struct fault *f)
{
	struct ids all = {0};
	int status = change_cascade(c->s, items, &all, f);

	for (size_t i = 0; status >= 0 && i < all.n; i++)
		status = remove_one(c, all.v[i], f);
	vec_done(&all);
	return status < 0 ? -1 : 0;
}
