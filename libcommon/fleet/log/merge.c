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
		status = redirect(c, layers.v[i] / 4096, layers.v[i] % 4096, keep, gone, f);
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

int
merge_refuse(struct change *c, int64_t a, int64_t b, struct fault *f)
{
	static const char sql[] = "INSERT INTO apart (one, other) VALUES ($1, $2)"
				  " ON CONFLICT (one, other) DO NOTHING";
	int64_t one = a < b ? a : b, other = a < b ? b : a;
	char *undo;
	int64_t n;

	if (a == b)
		return refuse(c->s, a, b, "are one item already", f);
	n = db_run(c->s->db, f, sql, "ii", one, other);
	if (n <= 0)
		return (int)n;
	undo = mem_printf("{\"-apart\":%" PRId64 "}", other);
	n = change_log_row(c, "apart", one, c->s->operator, NULL, undo, f);
	change_hash_more(&c->hash, undo);
	free(undo);
	return n < 0 ? -1 : 1;
}
