/* SPDX-License-Identifier: Apache-2.0 */
/* record_put: which item a record speaks of, and what of it becomes the source's layer. */
#include "fleet/record.h"

#include "base/mem.h"
#include "fleet/label/rule.h"
#include "fleet/place.h"
#include "fleet/record_inside.h"
#include "fleet/ref.h"
#include "fleet/relation.h"

#include <stdlib.h>
#include <string.h>

/* ---- where it belongs ---- */

struct place {
	int64_t cloud, region, cell, parent;
};

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

static int
find_place(struct session *s, const struct record *r, struct place *p, struct fault *f)
{
	*p = (struct place){0};
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
scope_in(
    struct session *s, const char *class, const struct place *p, int64_t *scope, struct fault *f)
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
find_by_name(struct change *c, const struct record *r, const struct place *p, int mode, int64_t *id,
    struct fault *f)
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

static int
find_item(struct change *c, const struct record *r, const struct place *p, int mode, int64_t *id,
    struct fault *f)
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
		found = find_by_name(c, r, p, mode, id, f);
	return found;
}

/* ---- what it says ---- */

static void
put_raw(struct str *out, struct jtext key, struct jtext value)
{
	if (out->text[out->len - 1] != '{')
		str_addc(out, ',');
	str_addf(out, "\"%.*s\":", (int)key.len, key.text);
	str_addn(out, value.text, value.len);
}

static int64_t
place_id(const struct place *p, const char *name)
{
	static const struct {
		const char *name;
		size_t offset;
	} table[] = {{"cloud", offsetof(struct place, cloud)},
	    {"region", offsetof(struct place, region)}, {"cell", offsetof(struct place, cell)},
	    {"parent", offsetof(struct place, parent)}};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].name, name) == 0)
			return *(const int64_t *)((const char *)p + table[i].offset);
	return 0;
}

/* The record's attributes: all but the fields above, names of places as ids. Stays sorted. */
static void
attributes_of(const struct record *r, const struct place *p, struct str *out)
{
	struct jtext key, value;
	size_t at = 0;

	jtext_open(out);
	while (jtext_each(r->whole, &at, &key, &value)) {
		const struct record_entry *field = record_entry(key);
		int64_t id = field ? place_id(p, field->name) : 0;

		if (id)
			jtext_int(out, field->name, id);
		else if (jtext_type(value) != JTEXT_NULL &&
			 (!field || !strcmp(field->name, "name")))
			put_raw(out, key, value);
	}
	jtext_close(out);
}

static void
without(char **object, const char *key)
{
	struct str out = STR_INIT;

	jtext_with(JTEXT(*object), key, (struct jtext){0}, &out);
	free(*object);
	*object = str_take(&out);
}

static void
merge_into(char **object, struct jtext with)
{
	struct str out = STR_INIT;

	document_merge(with, JTEXT(*object), &out);
	free(*object);
	*object = str_take(&out);
}

static void
put_attributes(struct document *d, const struct record *r, const struct place *p)
{
	static const char *const scopes[] = {"cloud", "region", "cell"};
	struct str own = STR_INIT;

	/* A place that is said anew replaces the old one as a whole: its parts belong together. */
	if (p->cloud || p->region || p->cell)
		for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
			without(&d->attributes, scopes[i]);
	attributes_of(r, p, &own);
	merge_into(&d->attributes, JTEXT(own.text));
	str_done(&own);
}

static int
put_labels(struct change *c, struct document *d, const struct record *r, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	if (!r->labels.text)
		return 0;
	d->labels.n = 0;
	while (jtext_each(r->labels, &at, &key, &value)) {
		char *text = NULL;
		int64_t id = 0;
		int status = record_text(&text, "labels", value, f);

		if (status == 0)
			status = change_label(c, text, &id, f);
		free(text);
		if (status < 0)
			return -1;
		vec_push(&d->labels, id);
	}
	return 0;
}

static int
put_edge(struct change *c, struct document *d, struct jtext edge, struct fault *f)
{
	char *type = jtext_plain_dup(jtext_member(edge, "type"));
	char *to = jtext_plain_dup(jtext_member(edge, "to"));
	int64_t dst;
	int status = -1;

	if (ref_want(c->s, NULL, to, &dst, f) < 0)
		fault_within(f, "relation %s", type);
	else {
		document_add_edge(d, type, dst);
		status = 0;
	}
	free(type);
	free(to);
	return status;
}

static int
put_edges(struct change *c, struct document *d, const struct record *r, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	if (!r->relations.text)
		return 0;
	for (size_t i = 0; i < d->edges.n; i++)
		free(d->edges.v[i].type);
	d->edges.n = 0;
	while (jtext_each(r->relations, &at, &key, &value))
		if (put_edge(c, d, value, f) < 0)
			return -1;
	return 0;
}

/* The rule of a label has to be an expression; whether its names mean anything shows in use. */
static int
check_rule(const struct record *r, struct fault *f)
{
	struct jtext rule = jtext_member(r->whole, RULE_ATTRIBUTE);
	char *text;
	int status;

	if (!rule.text || jtext_type(rule) == JTEXT_NULL ||
	    !((r->kind && strcmp(r->kind, "label") == 0) ||
		(r->ref && strncmp(r->ref, "label:", 6) == 0)))
		return 0;
	text = jtext_plain_dup(rule);
	status = text
		     ? rule_check_text(RULE_ATTRIBUTE, text, f)
		     : fault_set(f, FAULT_BAD, RULE_ATTRIBUTE ": an expression is wanted, as text");
	free(text);
	return status;
}

static int
fill(struct change *c, struct document *d, const struct record *r, const struct place *p, int mode,
    struct fault *f)
{
	if (!(mode & RECORD_EDGES)) {
		if (check_rule(r, f) < 0)
			return -1;
		put_attributes(d, r, p);
		if (r->variables.text)
			merge_into(&d->variables, r->variables);
		if (put_labels(c, d, r, f) < 0)
			return -1;
	}
	if (!(mode & RECORD_NO_EDGES) && put_edges(c, d, r, f) < 0)
		return -1;
	document_tidy(d);
	return 0;
}

/* ---- putting it ---- */

static int
create(struct change *c, const struct record *r, const struct place *p, int mode, int64_t *id,
    struct fault *f)
{
	struct document d;
	char *slot;
	int status = -1;

	if (mode & RECORD_EDGES)
		return fault_set(f, FAULT_BAD, "\"%s\": no such item", r->name ? r->name : r->ref);
	if (!r->kind)
		return fault_set(f, FAULT_BAD, "no kind");
	if (!r->name && !r->key)
		return fault_set(f, FAULT_BAD, "%s: neither a name nor a key", r->kind);
	document_init(&d, 0, c->source);
	slot = r->ref ? ref_slot(r->kind, r->ref) : NULL;
	if (fill(c, &d, r, p, mode, f) == 0)
		status = change_create(c, r->kind, r->name, r->key, slot, &d, f);
	free(slot);
	if (id)
		*id = d.item;
	document_done(&d);
	return status < 0 ? -1 : RECORD_CREATED;
}

/* All but the edges, where a second pass brings them: they may well be the same. */
static void
empty(struct document *d, int but_edges)
{
	struct edges edges = d->edges;
	int64_t item = d->item, source = d->source;

	if (but_edges)
		d->edges = (struct edges){0};
	document_done(d);
	document_init(d, item, source);
	if (but_edges)
		d->edges = edges;
}

static int
update(struct change *c, const struct record *r, const struct place *p, int mode, int64_t id,
    struct fault *f)
{
	struct document d;
	int known = document_get(c->s, id, c->source, &d, f), changed = -1, tied = 0;

	if (known < 0)
		goto out;
	if ((mode & RECORD_WHOLE) && !(mode & RECORD_EDGES))
		empty(&d, (mode & RECORD_NO_EDGES) && r->relations.text);
	if (fill(c, &d, r, p, mode, f) < 0)
		goto out;
	if (r->key && (tied = change_ident(c, id, c->source, r->key, f)) < 0)
		goto out;
	changed = change_document(c, &d, f);
	if (changed == 0 && tied)
		c->changed += changed = 1;
out:
	document_done(&d);
	return changed < 0 ? -1 : changed ? RECORD_CHANGED : RECORD_SAME;
}

static int
refuse_known(struct session *s, int64_t id, struct fault *f)
{
	struct str ref = STR_INIT;

	if (ref_of(s, id, &ref, f) == 0)
		fault_set(f, FAULT_BAD, "%s: is there already", ref.text);
	str_done(&ref);
	return -1;
}

int
record_put(struct change *c, const struct record *r, int mode, int64_t *id, struct fault *f)
{
	struct place place;
	int64_t item;
	int found;

	if (find_place(c->s, r, &place, f) < 0)
		return -1;
	found = find_item(c, r, &place, mode, &item, f);
	if (found < 0)
		return -1;
	if (!found)
		return create(c, r, &place, mode, id, f);
	if (mode & RECORD_NEW)
		return refuse_known(c->s, item, f);
	if (id)
		*id = item;
	return update(c, r, &place, mode, item, f);
}
