/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/stored.h"

#include "base/map.h"
#include "fleet/document.h"
#include "fleet/expr/attribute.h"
#include "fleet/label/carry.h"
#include "fleet/source.h"
#include "fleet/sources/precedence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parents are levels too, and a fleet of containers has as many: the store is not kept whole. */
#define MOST_LEVELS 20000
#define MOST_PARENTS 64 /* as in resolve.c */

/* What a level says: the variables of its documents, the best source first. */
struct layer {
	int64_t source;
	int place;
	char *variables;
};

struct layers VEC_BODY(struct layer);

struct level {
	struct layers layers;
	int64_t parent;
};

/* One attribute or variable text of the present item, kept while it is judged. */
struct stored {
	struct session *s;
	enum stored_labels seen;
	struct judge_names names;
	struct precedence *order;
	int64_t item;
	struct item row; /* id 0: not read yet */
	struct layers own;
	struct words kept, labels;
	char *labels_of; /* the key that labels were read for; NULL: not yet */
	int own_read;
	struct map levels; /* id to struct level * */
	struct ids valued; /* labels that have variables */
	int valued_read;
};

/* ---- documents ---- */

static int
by_place(const void *a, const void *b)
{
	return ((const struct layer *)a)->place - ((const struct layer *)b)->place;
}

static void
layers_done(struct layers *layers)
{
	for (size_t i = 0; i < layers->n; i++)
		free(layers->v[i].variables);
	vec_done(layers);
}

static int
read_documents(struct stored *st, int64_t item, struct layers *out, struct fault *f)
{
	/* hot: each level of each item that is judged */
	static const char sql[] =
	    "SELECT id, variables FROM document WHERE id BETWEEN $1 AND $2 AND variables <> '{}'";
	struct db_rows rows;
	int more = db_query(
	    st->s->db, &rows, f, sql, "ii", DOCUMENT_ID(item, 0), DOCUMENT_ID(item, SOURCE_MOST));

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		int64_t source = db_int(&rows, 0) - DOCUMENT_ID(item, 0);

		vec_push(out, ((struct layer){source, precedence_place(st->order, source),
				  db_text_dup(&rows, 1)}));
	}
	db_end(&rows);
	vec_sort(out, by_place);
	return more;
}

/* The first that has the key, unless single keys have an order of their own. */
static struct jtext
find(const struct stored *st, const struct layers *layers, const char *key)
{
	int ordered = precedence_has_exceptions(st->order, PRECEDENCE_VARIABLES);
	struct jtext found = {0};
	int64_t source = 0;

	for (size_t i = 0; i < layers->n && (ordered || !found.text); i++) {
		const struct layer *one = &layers->v[i];
		struct jtext value = jtext_member(JTEXT(one->variables), key);

		if (!value.text ||
		    (found.text && precedence_compare(st->order, PRECEDENCE_VARIABLES, key, source,
				       one->source) < 0))
			continue;
		found = value;
		source = one->source;
	}
	return found;
}

/* ---- levels ---- */

static void
forget_levels(struct stored *st)
{
	struct map_entry *e;

	for (size_t at = 0; (e = map_each(&st->levels, &at));) {
		layers_done(&((struct level *)e->value.p)->layers);
		free(e->value.p);
	}
	map_done(&st->levels);
}

static struct level *
level_of(struct stored *st, int64_t id, struct fault *f)
{
	union map_value *place;
	struct level *level;
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, id);
	place = map_put(&st->levels, key, &added);
	if (!added)
		return place->p;
	level = place->p = mem_zero(1, sizeof(*level));
	if (read_documents(st, id, &level->layers, f) < 0 ||
	    item_parent(st->s, id, &level->parent, f) < 0)
		return NULL;
	return level;
}

static int
at_level(struct stored *st, int64_t id, const char *key, struct jtext *out, struct fault *f)
{
	const struct level *level = level_of(st, id, f);

	if (!level)
		return -1;
	*out = find(st, &level->layers, key);
	return out->text != NULL;
}

static int
at_parents(struct stored *st, const char *key, struct jtext *out, struct fault *f)
{
	int64_t parent = st->row.parent;
	int found = 0;

	for (int n = 0; parent && found == 0 && n < MOST_PARENTS; n++) {
		found = at_level(st, parent, key, out, f);
		if (found == 0)
			parent = level_of(st, parent, f)->parent;
	}
	return found;
}

/* Most fleets have no variables on labels: one look saves one for each item. */
static int
read_valued(struct stored *st, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.id FROM item AS i JOIN document AS d ON d.id BETWEEN"
	    " i.id * 4096 AND i.id * 4096 + 4095"
	    " WHERE i.project = $1 AND i.class = 'label' AND d.variables <> '{}'";

	if (st->valued_read)
		return 0;
	st->valued_read = 1;
	if (db_get_ids(st->s->db, &st->valued, f, sql, "i", st->s->project) < 0)
		return -1;
	ids_tidy(&st->valued);
	return 0;
}

static int
at_labels(struct stored *st, const char *key, struct jtext *out, struct fault *f)
{
	struct ids labels = {0};
	int found = read_valued(st, f);

	if (found < 0 || !st->valued.n)
		return found;
	found = st->seen == STORED_PLAIN
		    ? carry_ids(st->s, st->item, CARRY_PLAIN, &labels, f)
		    : carry_ids_among(st->s, st->item, &st->valued, &labels, f);
	for (size_t i = 0; found == 0 && i < labels.n; i++)
		found = at_level(st, labels.v[i], key, out, f);
	vec_done(&labels);
	return found;
}

static int
at_scopes(struct stored *st, const char *key, struct jtext *out, struct fault *f)
{
	const int64_t scopes[] = {st->row.cell, st->row.region, st->row.cloud, st->row.project};
	int found = 0;

	for (size_t i = 0; found == 0 && i < sizeof(scopes) / sizeof(*scopes); i++)
		if (scopes[i] && scopes[i] != st->item)
			found = at_level(st, scopes[i], key, out, f);
	return found;
}

/* ---- what the judge asks ---- */

static int
read_row(struct stored *st, struct fault *f)
{
	if (st->row.id)
		return 0;
	switch (item_get(st->s, st->item, &st->row, f)) {
	case 0: return fault_set(f, FAULT_BAD, "item %" PRId64 " is not there any more", st->item);
	case 1: return 0;
	default: return -1;
	}
}

static int
stored_variable(void *ctx, const char *key, struct jtext *out, struct fault *f)
{
	struct stored *st = ctx;
	int found;

	if (!st->own_read && read_documents(st, st->item, &st->own, f) < 0)
		return -1;
	st->own_read = 1;
	*out = find(st, &st->own, key);
	if (out->text)
		return 0;
	if (read_row(st, f) < 0)
		return -1;
	found = at_parents(st, key, out, f);
	if (found == 0)
		found = at_labels(st, key, out, f);
	if (found == 0)
		found = at_scopes(st, key, out, f);
	return found < 0 ? -1 : 0;
}

static int
stored_attribute(void *ctx, const char *name, struct jtext *out, struct fault *f)
{
	struct stored *st = ctx;
	struct str value = STR_INIT;

	*out = (struct jtext){0};
	if (read_row(st, f) < 0)
		return -1;
	if (attribute_get(st->s, &st->row, name, &value, f) < 0) {
		str_done(&value);
		return -1;
	}
	if (!value.len)
		return 0;
	out->len = value.len;
	vec_push(&st->kept, str_take(&value));
	out->text = st->kept.v[st->kept.n - 1];
	return 0;
}

/* Without rules one reading serves all keys; with them each key asks only its own. */
static int
read_labels(struct stored *st, const char *key, struct fault *f)
{
	words_done(&st->labels);
	free(st->labels_of);
	st->labels_of = NULL;
	if (st->seen == STORED_PLAIN ? carry_texts(st->s, st->item, CARRY_PLAIN, &st->labels, f) < 0
				     : carry_texts_of(st->s, st->item, key, &st->labels, f) < 0)
		return -1;
	st->labels_of = mem_dup(key);
	return 0;
}

static int
stored_labels(void *ctx, const char *key, const struct words **out, struct fault *f)
{
	struct stored *st = ctx;
	int known = st->labels_of && (st->seen == STORED_PLAIN || strcmp(st->labels_of, key) == 0);

	if (!known && read_labels(st, key, f) < 0)
		return -1;
	*out = &st->labels;
	return 0;
}

/* ---- life ---- */

struct stored *
stored_new(struct session *s, enum stored_labels labels, struct fault *f)
{
	struct stored *st = mem_zero(1, sizeof(*st));

	st->s = s;
	st->seen = labels;
	st->names = (struct judge_names){stored_variable, stored_attribute, stored_labels, st};
	st->order = precedence_new(s, f);
	if (st->order)
		return st;
	stored_free(st);
	return NULL;
}

static void
leave(struct stored *st)
{
	item_done(&st->row);
	layers_done(&st->own);
	words_done(&st->kept);
	words_done(&st->labels);
	free(st->labels_of);
	st->labels_of = NULL;
	st->own_read = 0;
}

void
stored_free(struct stored *st)
{
	if (!st)
		return;
	leave(st);
	forget_levels(st);
	vec_done(&st->valued);
	precedence_free(st->order);
	free(st);
}

void
stored_move(struct stored *st, int64_t item)
{
	leave(st);
	if (st->levels.n > MOST_LEVELS)
		forget_levels(st);
	st->item = item;
}

const struct judge_names *
stored_names(const struct stored *st)
{
	return &st->names;
}
