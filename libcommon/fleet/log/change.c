/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/change.h"

#include "base/mem.h"
#include "base/when.h"
#include "fleet/log/change_log.h"
#include "fleet/log/undo.h"
#include "fleet/place.h"
#include "fleet/ref.h"
#include "fleet/relation.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the entry ---- */

int
change_begin(struct change *c, struct session *s, int64_t source, struct fault *f)
{
	*c = (struct change){.s = s, .source = source, .entry_source = source};
	return db_begin(s->db, f);
}

static void
forget_known(struct change *c)
{
	map_done(&c->known_keys);
	map_done(&c->known_labels);
}

int
change_commit(struct change *c, struct fault *f)
{
	static const char seal[] = "UPDATE txn SET hash = $2 WHERE id = $1";
	char text[HASH_TEXT];
	int status = 0;

	if (c->txn) {
		hash_end(&c->hash, text);
		status = db_run(c->s->db, f, seal, "is", c->txn, text) < 0 ? -1 : 0;
	}
	if (status == 0)
		status = db_commit(c->s->db, f);
	if (status < 0)
		db_rollback(c->s->db);
	forget_known(c);
	return status;
}

void
change_rollback(struct change *c)
{
	db_rollback(c->s->db);
	forget_known(c);
}

int
change_save(struct change *c, struct change_mark *mark, struct fault *f)
{
	*mark = (struct change_mark){
	    c->txn, c->at, c->created, c->changed, c->removed, c->retired, c->hash};
	return db_save(c->s->db, f);
}

int
change_undo_to(struct change *c, const struct change_mark *mark, struct fault *f)
{
	c->txn = mark->txn;
	c->at = mark->at;
	c->created = mark->created;
	c->changed = mark->changed;
	c->removed = mark->removed;
	c->retired = mark->retired;
	c->hash = mark->hash;
	/* Rows that these remember may be gone again. */
	forget_known(c);
	return db_undo_to(c->s->db, f);
}

int
change_keep(struct change *c, struct fault *f)
{
	return db_release(c->s->db, f);
}

/* ---- rows of a document ---- */

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
write_document(
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
	if (write_labels(c->s->db, old, new, f) < 0)
		return -1;
	return write_edges(c->s->db, old, new, f);
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

static int
check_edges(
    struct change *c, const struct document *old, const struct document *new, struct fault *f)
{
	for (size_t i = 0; i < new->edges.n; i++)
		if (!has_edge(old, &new->edges.v[i]) &&
		    relation_refuse_cycle(
			c->s, new->item, new->edges.v[i].type, new->edges.v[i].dst, f) < 0)
			return -1;
	return 0;
}

/* ---- winners ---- */

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
static int
refuse_own_descent(struct change *c, const struct item *i, struct fault *f)
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

static int
settle(struct change *c, int64_t id, struct fault *f)
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
	if (refuse_own_descent(c, &i, f) < 0)
		goto out;
	c->retired += retired && !i.retired;
	i.retired = retired;
	i.updated = c->at;
	if (place_store(c->s, &i, f) < 0)
		goto out;
	status = settle_within(c, &i, f);
out:
	item_done(&i);
	documents_done(&docs);
	return status;
}

/* ---- what callers do ---- */

int
change_document(struct change *c, const struct document *d, struct fault *f)
{
	struct document old;
	struct str undo = STR_INIT;
	int known = document_get(c->s, d->item, d->source, &old, f), status = -1;

	if (known < 0)
		goto out;
	if (known && document_same(&old, d)) {
		status = 0;
		goto out;
	}
	if (check_edges(c, &old, d, f) < 0 || change_enter(c, f) < 0)
		goto out;
	if (known)
		undo_write(&old, d, &undo);
	if (write_document(c, &old, d, f) < 0 || settle(c, d->item, f) < 0 ||
	    change_log_row(c, "layer", d->item, d->source, d, undo.text, f) < 0)
		goto out;
	c->changed++;
	status = 1;
out:
	str_done(&undo);
	document_done(&old);
	return status;
}

/* 1: the key is new, and tied; 0: it was already; -1: FAULT_BAD if to another item. */
static int
tie_key(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f)
{
	/* hot: each record of an import */
	static const char get[] = "SELECT item FROM ident WHERE source = $1 AND key = $2";
	/* hot: each new record of an import */
	static const char put[] = "INSERT INTO ident (source, key, item) VALUES ($1, $2, $3)";
	struct str ref = STR_INIT;
	int64_t owner;
	int found = db_get_int(c->s->db, &owner, f, get, "is", source, key);

	if (found < 0)
		return -1;
	if (!found)
		return db_run(c->s->db, f, put, "isi", source, key, item) < 0 ? -1 : 1;
	if (owner == item)
		return 0;
	if (ref_of(c->s, owner, &ref, f) == 0)
		fault_set(f, FAULT_BAD, "key \"%s\": belongs to %s already", key, ref.text);
	str_done(&ref);
	return -1;
}

int
change_ident(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f)
{
	struct str undo = STR_INIT;
	int status = tie_key(c, item, source, key, f);

	if (status == 1) {
		jtext_open(&undo);
		jtext_text(&undo, "-key", key);
		jtext_close(&undo);
		if (change_log_row(c, "key", item, source, NULL, undo.text, f) < 0)
			status = -1;
		change_hash_more(&c->hash, key);
	}
	str_done(&undo);
	return status;
}

static char *
slot_of(struct change *c, const struct item *i, const char *key, struct fault *f)
{
	struct source source = {0};
	char *slot = NULL;

	if (item_scoping(i->class) != ITEM_BY_KEY)
		return mem_dup(i->name);
	if (source_get_id(c->s, c->source, &source, f) == 1)
		slot = mem_printf("%s/%s", source.name, key ? key : i->name);
	source_done(&source);
	return slot;
}

static int
create_row(
    struct change *c, struct item *i, const char *key, const struct document *d, struct fault *f)
{
	struct documents only = {.v = mem_zero(1, sizeof(*d)), .n = 1, .room = 1};
	int status = -1;

	only.v[0] = *d;
	if (place_settle(c->s, i, &only, f) == 0 && refuse_own_descent(c, i, f) == 0 &&
	    place_create(c->s, i, f) == 0)
		status = key && tie_key(c, i->id, c->source, key, f) < 0 ? -1 : 0;
	free(only.v);
	return status;
}

int
change_create(struct change *c, const char *kind, const char *name, const char *key,
    const char *slot, struct document *d, struct fault *f)
{
	struct document nothing;
	struct item i = {0};
	int status = -1;

	document_init(&nothing, 0, c->source);
	if (!item_kind_ok(kind)) {
		fault_set(
		    f, FAULT_BAD, "kind \"%s\": not a word like host, rack or load-balancer", kind);
		goto out;
	}
	if (strcmp(kind, "project") == 0) {
		fault_set(f, FAULT_BAD,
		    "project \"%s\": not this one, which is \"%s\"; see --project",
		    name ? name : key, c->s->project_name);
		goto out;
	}
	if (change_enter(c, f) < 0)
		goto out;
	i.kind = mem_dup(kind);
	i.class = mem_dup(item_class(kind));
	i.name = name ? mem_dup(name) : mem_printf("%s-%s", kind, key);
	i.created = i.updated = c->at;
	i.slot = slot ? mem_dup(slot) : slot_of(c, &i, key, f);
	if (!i.slot || create_row(c, &i, key, d, f) < 0)
		goto out;
	d->item = nothing.item = i.id;
	d->source = c->source;
	if (check_edges(c, &nothing, d, f) < 0 || write_document(c, &nothing, d, f) < 0 ||
	    change_log_row(c, "create", i.id, c->source, d, NULL, f) < 0)
		goto out;
	change_hash_more(&c->hash, key ? key : "");
	c->created++;
	status = 0;
out:
	item_done(&i);
	document_done(&nothing);
	return status;
}

int
change_drop(struct change *c, int64_t item, int64_t source, struct fault *f)
{
	static const char sql[] = "DELETE FROM document WHERE id = $1";
	struct document old, nothing;
	struct str undo = STR_INIT;
	int known = document_get(c->s, item, source, &old, f), status = -1;

	document_init(&nothing, item, source);
	if (known <= 0) {
		status = known;
		goto out;
	}
	undo_write(&old, &nothing, &undo);
	if (change_enter(c, f) < 0 || write_labels(c->s->db, &old, &nothing, f) < 0 ||
	    write_edges(c->s->db, &old, &nothing, f) < 0 ||
	    db_run(c->s->db, f, sql, "i", DOCUMENT_ID(item, source)) < 0 ||
	    settle(c, item, f) < 0 ||
	    change_log_row(c, "drop", item, source, NULL, undo.text, f) < 0)
		goto out;
	c->changed++;
	status = 1;
out:
	str_done(&undo);
	document_done(&old);
	document_done(&nothing);
	return status;
}

static int
create_label(struct change *c, const char *text, int64_t *id, struct fault *f)
{
	struct str attributes = STR_INIT;
	struct document d;
	int status;

	document_init(&d, 0, c->source);
	jtext_open(&attributes);
	jtext_text(&attributes, "name", text);
	jtext_close(&attributes);
	free(d.attributes);
	d.attributes = str_take(&attributes);
	status = change_create(c, "label", text, NULL, NULL, &d, f);
	*id = d.item;
	document_done(&d);
	return status;
}

int
change_label(struct change *c, const char *text, int64_t *id, struct fault *f)
{
	union map_value *known = map_get(&c->known_labels, text);
	int found;

	if (known) {
		*id = known->i;
		return 0;
	}
	if (item_text_ok("label", text, f) < 0)
		return -1;
	found = item_at(c->s, "label", 0, text, id, f);
	if (found < 0 || (!found && create_label(c, text, id, f) < 0))
		return -1;
	map_put(&c->known_labels, text, NULL)->i = *id;
	return 0;
}

int
change_rank(struct change *c, int64_t source, int64_t rank, struct fault *f)
{
	static const char get[] = "SELECT rank FROM source WHERE id = $1";
	static const char put[] = "UPDATE source SET rank = $2 WHERE id = $1";
	static const char touched[] = "SELECT id / 4096 FROM document WHERE id % 4096 = $1";
	struct ids items = {0};
	int64_t was;
	char undo[48], is[24];
	int status;

	if (db_get_int(c->s->db, &was, f, get, "i", source) < 0)
		return -1;
	if (was == rank)
		return 0;
	snprintf(undo, sizeof(undo), "{\"rank\":%" PRId64 "}", was);
	if (db_run(c->s->db, f, put, "ii", source, rank) < 0 ||
	    change_log_row(c, "rank", 0, source, NULL, undo, f) < 0)
		return -1;
	snprintf(is, sizeof(is), "%" PRId64, rank);
	change_hash_more(&c->hash, is);
	status = db_get_ids(c->s->db, &items, f, touched, "i", source);
	for (size_t i = 0; status >= 0 && i < items.n; i++)
		status = settle(c, items.v[i], f);
	vec_done(&items);
	return status < 0 ? -1 : 1;
}
