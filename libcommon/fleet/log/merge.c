/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/merge.h"

#include "base/mem.h"
#include "fleet/log/change_log.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- may they ---- */

static int
refuse(struct session *s, int64_t keep, int64_t gone, const char *why, struct fault *f)
{
	struct str a = STR_INIT, b = STR_INIT;

	if (ref_of(s, keep, &a, f) == 0 && ref_of(s, gone, &b, f) == 0)
		fault_set(f, FAULT_BAD, "%s and %s: %s", a.text, b.text, why);
	str_done(&a);
	str_done(&b);
	return -1;
}

static int
check_kinds(struct session *s, int64_t keep, int64_t gone, struct fault *f)
{
	static const char *const scopes[] = {"project", "cloud", "region", "cell", "label"};
	struct item a = {0}, b = {0};
	int status = item_get(s, keep, &a, f) == 1 && item_get(s, gone, &b, f) == 1 ? 0 : -1;

	if (status == 0 && keep == gone)
		status = refuse(s, keep, gone, "are one item already", f);
	else if (status == 0 && strcmp(a.class, b.class) != 0)
		status = refuse(s, keep, gone, "are of different kinds", f);
	for (size_t i = 0; status == 0 && i < sizeof(scopes) / sizeof(*scopes); i++)
		if (strcmp(a.class, scopes[i]) == 0)
			status =
			    refuse(s, keep, gone, "others are in them: they cannot be merged", f);
	item_done(&a);
	item_done(&b);
	return status;
}

/* Each import would write the one object over the other. */
static int
check_sources(struct session *s, int64_t keep, int64_t gone, struct fault *f)
{
	static const char sql[] =
	    "SELECT o.name FROM document AS a JOIN document AS b"
	    " ON b.id = $2 * 4096 + a.id % 4096"
	    " JOIN source AS o ON o.id = a.id % 4096"
	    " WHERE a.id BETWEEN $1 * 4096 AND $1 * 4096 + 4095 AND o.id <> $3"
	    " ORDER BY o.id LIMIT 1";
	char *name = NULL, *why;
	int found = db_get_text(s->db, &name, f, sql, "iii", keep, gone, s->operator);

	if (found == 1) {
		why = mem_printf("source %s speaks of both; one has to go there first", name);
		found = refuse(s, keep, gone, why, f);
		free(why);
	}
	free(name);
	return found;
}

/* ---- what points at it ---- */

static int
redirect(
    struct change *c, int64_t item, int64_t source, int64_t keep, int64_t gone, struct fault *f)
{
	struct document d;
	struct jtext parent;
	int status = document_get(c->s, item, source, &d, f);

	for (size_t i = 0; i < d.edges.n; i++)
		if (d.edges.v[i].dst == gone)
			d.edges.v[i].dst = keep;
	parent = jtext_member(JTEXT(d.attributes), "parent");
	if (parent.text && strtoll(parent.text, NULL, 10) == gone) {
		char *id = mem_printf("%" PRId64, keep);
		struct str with = STR_INIT;

		jtext_with(JTEXT(d.attributes), "parent", JTEXT(id), &with);
		free(d.attributes);
		d.attributes = str_take(&with);
		free(id);
	}
	document_tidy(&d);
	if (status == 1)
		status = change_document(c, &d, f);
	document_done(&d);
	return status < 0 ? -1 : 0;
}

static int
redirect_all(struct change *c, int64_t keep, int64_t gone, struct fault *f)
{
	static const char sql[] =
	    "SELECT src * 4096 + source FROM relation WHERE dst = $1 AND src <> $2 UNION"
	    " SELECT d.id FROM item AS i JOIN document AS d"
	    " ON d.id BETWEEN i.id * 4096 AND i.id * 4096 + 4095 WHERE i.parent = $1 AND i.id <> $2"
	    " ORDER BY 1";
	struct ids layers = {0};
	int status = db_get_ids(c->s->db, &layers, f, sql, "ii", gone, keep);

	for (size_t i = 0; status == 0 && i < layers.n; i++)
		status = redirect(
		    c, DOCUMENT_ITEM(layers.v[i]), DOCUMENT_SOURCE(layers.v[i]), keep, gone, f);
	vec_done(&layers);
	return status;
}

/* ---- what it is ---- */

struct key {
	int64_t source;
	char *key;
};

struct keys VEC_BODY(struct key);

static int
read_keys(struct session *s, int64_t item, struct keys *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT source, key FROM ident WHERE item = $1 ORDER BY source, key";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", item);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(out, ((struct key){db_int(&rows, 0), db_text_dup(&rows, 1)}));
	db_end(&rows);
	return more;
}

static void
merge_text(char **near, const char *far)
{
	struct str out = STR_INIT;

	document_merge(JTEXT(*near), JTEXT(far), &out);
	free(*near);
	*near = str_take(&out);
}

/* People may have spoken of both: what they said of keep holds, the rest is added. */
static int
take_layer(struct change *c, int64_t keep, const struct document *of, struct fault *f)
{
	struct document d;
	int status = document_get(c->s, keep, of->source, &d, f);

	merge_text(&d.attributes, of->attributes);
	merge_text(&d.variables, of->variables);
	for (size_t i = 0; i < of->labels.n; i++)
		vec_push(&d.labels, of->labels.v[i]);
	for (size_t i = 0; i < of->edges.n; i++)
		if (of->edges.v[i].dst != keep && of->edges.v[i].dst != of->item)
			document_add_edge(&d, of->edges.v[i].type, of->edges.v[i].dst);
	document_tidy(&d);
	if (status >= 0)
		status = change_document(c, &d, f);
	document_done(&d);
	return status < 0 ? -1 : 0;
}

static int
take_all(struct change *c, int64_t keep, const struct documents *layers, const struct keys *keys,
    struct fault *f)
{
	int status = 0;

	for (size_t i = 0; status >= 0 && i < keys->n; i++)
		status = change_ident(c, keep, keys->v[i].source, keys->v[i].key, f);
	for (size_t i = 0; status >= 0 && i < layers->n; i++)
		status = take_layer(c, keep, &layers->v[i], f);
	return status < 0 ? -1 : 0;
}

int
merge_items(struct change *c, int64_t keep, int64_t gone, struct fault *f)
{
	struct documents layers = {0};
	struct keys keys = {0};
	struct ids one = {&gone, 1, 1};
	int status = -1;

	if (check_kinds(c->s, keep, gone, f) < 0 || check_sources(c->s, keep, gone, f) < 0 ||
	    document_list(c->s, gone, &layers, f) < 0 || read_keys(c->s, gone, &keys, f) < 0)
		goto out;
	/* It goes before its name and keys are taken: no two items have them at a time. */
	if (redirect_all(c, keep, gone, f) == 0 && change_remove(c, &one, f) == 0)
		status = take_all(c, keep, &layers, &keys, f);
out:
	documents_done(&layers);
	for (size_t i = 0; i < keys.n; i++)
		free(keys.v[i].key);
	vec_done(&keys);
	return status;
}

/* ---- two after all ---- */

#define REFUSED "-apart" /* in the undo of a row: to be taken away again */
#define ALLOWED "apart"

/* 1, 0 if it was so already, -1. */
static int
set_apart(struct change *c, int64_t one, int64_t other, int is_apart, struct fault *f)
{
	static const char put[] = "INSERT INTO apart (one, other) VALUES ($1, $2)"
				  " ON CONFLICT (one, other) DO NOTHING";
	static const char drop[] = "DELETE FROM apart WHERE one = $1 AND other = $2";
	int64_t n = is_apart ? db_run(c->s->db, f, put, "ii", one, other)
			     : db_run(c->s->db, f, drop, "ii", one, other);
	char *undo;

	if (n <= 0)
		return (int)n;
	undo = mem_printf("{\"%s\":%" PRId64 "}", is_apart ? REFUSED : ALLOWED, other);
	n = change_log_row(c, "apart", one, c->s->operator, NULL, undo, f);
	change_hash_more(&c->hash, undo);
	free(undo);
	return n < 0 ? -1 : 1;
}

int
merge_refuse(struct change *c, int64_t a, int64_t b, struct fault *f)
{
	if (a == b)
		return refuse(c->s, a, b, "are one item already", f);
	return set_apart(c, a < b ? a : b, a < b ? b : a, 1, f);
}

int64_t
merge_other(const char *row, int *is_apart)
{
	struct jtext refused = jtext_member(JTEXT(row), REFUSED);
	struct jtext other = refused.text ? refused : jtext_member(JTEXT(row), ALLOWED);

	*is_apart = refused.text != NULL;
	return other.text ? strtoll(other.text, NULL, 10) : 0;
}

int
merge_turn(struct change *c, int64_t item, const char *row, struct fault *f)
{
	int is_apart, turned;
	int64_t other = merge_other(row, &is_apart);

	if (!other)
		return fault_set(f, FAULT_SYSTEM, "the change log is damaged: apart from nothing");
	turned = set_apart(c, item, other, !is_apart, f);
	if (turned == 0)
		return fault_set(
		    f, FAULT_REFUSED, "whether two items are two is said otherwise since");
	return turned < 0 ? -1 : 0;
}
