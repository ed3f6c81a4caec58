/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/writers/roster_load.h"

#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/label/carry.h"
#include "fleet/ref.h"

#include <stdlib.h>
#include <string.h>

static void
item_free(struct roster_item *it)
{
	item_done(&it->item);
	free(it->name);
	free(it->variables);
	words_done(&it->labels);
	str_done(&it->relations);
}

void
roster_run_done(struct roster_run *run)
{
	for (size_t i = 0; i < run->items.n; i++)
		item_free(&run->items.v[i]);
	vec_done(&run->items);
}

/* Rows in order of ids: the item of the run that one is of, or NULL. *at only grows. */
static struct roster_item *
item_of(struct roster_run *run, int64_t id, size_t *at)
{
	while (*at < run->items.n && run->items.v[*at].item.id < id)
		++*at;
	return *at < run->items.n && run->items.v[*at].item.id == id ? &run->items.v[*at] : NULL;
}

static int
load_items(struct roster_run *run, struct fault *f)
{
	/* hot: each run of items that is written */
	static const char sql[] =
	    "SELECT " ITEM_COLUMNS " FROM item AS i WHERE i.id BETWEEN $1 AND $2 ORDER BY i.id";
	struct db_rows rows;
	int more = db_query(run->r->s->db, &rows, f, sql, "ii", run->ids[0], run->ids[run->n - 1]);
	size_t at = 0;

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		while (at < run->n && run->ids[at] < db_int(&rows, 0))
			at++;
		if (at < run->n && run->ids[at] == db_int(&rows, 0))
			item_from_row(&vec_add(&run->items)->item, &rows);
	}
	db_end(&rows);
	return more;
}

static int
load_labels(struct roster_run *run, struct fault *f)
{
	/* hot: each run of items that is written */
	static const char sql[] =
	    "SELECT DISTINCT l.item, t.name FROM label AS l JOIN item AS t ON t.id = l.label"
	    " WHERE l.item BETWEEN $1 AND $2 ORDER BY l.item";
	struct db_rows rows;
	int more = db_query(run->r->s->db, &rows, f, sql, "ii", run->ids[0], run->ids[run->n - 1]);
	struct roster_item *it;
	size_t at = 0;

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if ((it = item_of(run, db_int(&rows, 0), &at)))
			words_add(&it->labels, db_text(&rows, 1));
	db_end(&rows);
	for (size_t i = 0; i < run->items.n; i++)
		words_sort(&run->items.v[i].labels);
	return more;
}

static int
load_labels_by_rule(struct roster_run *run, struct fault *f)
{
	for (size_t i = 0; i < run->items.n; i++)
		if (carry_texts(run->r->s, run->items.v[i].item.id, CARRY_ALL,
			&run->items.v[i].labels, f) < 0)
			return -1;
	return 0;
}

/* ---- variables ---- */

struct layer {
	int64_t rank, source;
	char *text;
};

/* The layers of one item, till the next one's begin. */
struct layers {
	VEC(struct layer) all;
};

static int
by_rank(const void *a, const void *b)
{
	const struct layer *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->source > y->source) - (x->source < y->source);
}

static int64_t
rank_of(const struct roster *r, int64_t source)
{
	for (size_t i = 0; i < r->sources.n; i++)
		if (r->sources.v[i].id == source)
			return r->sources.v[i].rank;
	return INT64_MAX;
}

static void
add_layer(const struct roster *r, struct layers *l, int64_t source, const char *text)
{
	if (strcmp(text, "{}") != 0)
		vec_push(&l->all, ((struct layer){rank_of(r, source), source, mem_dup(text)}));
}

/* What they say together; they are forgotten. */
static char *
merged(struct layers *l)
{
	char *text = NULL;

	vec_sort(&l->all, by_rank);
	for (size_t i = 0; i < l->all.n; i++) {
		struct str both = STR_INIT;

		if (!text) {
			text = l->all.v[i].text;
			continue;
		}
		document_merge(JTEXT(text), JTEXT(l->all.v[i].text), &both);
		free(text);
		free(l->all.v[i].text);
		text = str_take(&both);
	}
	l->all.n = 0;
	return text ? text : mem_dup("{}");
}

/* hot: each run of items that is written */
static const char layers_sql[] =
    "SELECT id, variables FROM document WHERE id BETWEEN $1 AND $2 ORDER BY id";

static int
load_variables(struct roster_run *run, struct fault *f)
{
	struct layers layers = {0};
	struct db_rows rows;
	int more = db_query(run->r->s->db, &rows, f, layers_sql, "ii", DOCUMENT_ID(run->ids[0], 0),
	    DOCUMENT_ID(run->ids[run->n - 1], SOURCE_MOST));
	struct roster_item *it, *last = NULL;
	size_t at = 0;

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		int64_t id = db_int(&rows, 0);

		if (!(it = item_of(run, DOCUMENT_ITEM(id), &at)))
			continue;
		if (last && it != last)
			last->variables = merged(&layers);
		last = it;
		add_layer(run->r, &layers, DOCUMENT_SOURCE(id), db_text(&rows, 1));
	}
	db_end(&rows);
	if (last)
		last->variables = merged(&layers);
	for (size_t i = 0; i < run->items.n; i++)
		if (!run->items.v[i].variables)
			run->items.v[i].variables = mem_dup("{}");
	vec_done(&layers.all);
	return more;
}

int
roster_variables(struct roster *r, int64_t item, struct str *out, struct fault *f)
{
	struct layers layers = {0};
	struct db_rows rows;
	int more = db_query(r->s->db, &rows, f, layers_sql, "ii", DOCUMENT_ID(item, 0),
	    DOCUMENT_ID(item, SOURCE_MOST));
	char *text;

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		add_layer(r, &layers, DOCUMENT_SOURCE(db_int(&rows, 0)), db_text(&rows, 1));
	db_end(&rows);
	text = merged(&layers);
	str_add(out, text);
	free(text);
	vec_done(&layers.all);
	return more;
}

/* ---- relations ---- */

/* The relations of one type of an item, till the next ones begin. */
struct leaving {
	struct roster_item *from;
	char *type;
	struct words refs;
};

/* Adds them to what the item has; they are forgotten. */
static void
put_leaving(struct leaving *e)
{
	struct str *out = e->from ? &e->from->relations : NULL;

	if (!out)
		return;
	words_sort(&e->refs);
	if (!out->len)
		jtext_open(out);
	jtext_key(out, e->type);
	for (size_t i = 0; i < e->refs.n; i++) {
		str_addc(out, i ? ',' : '[');
		jtext_put_string(out, e->refs.v[i]);
	}
	str_addc(out, ']');
	free(e->type);
	words_done(&e->refs);
	*e = (struct leaving){0};
}

static int
add_edge(struct roster_run *run, struct leaving *e, struct roster_item *from,
    const struct db_rows *row, struct fault *f)
{
	struct str ref = STR_INIT;

	if (from != e->from || strcmp(db_text(row, 1), e->type) != 0) {
		put_leaving(e);
		e->from = from;
		e->type = mem_dup(db_text(row, 1));
	}
	if (ref_of(run->r->s, db_int(row, 2), &ref, f) < 0) {
		str_done(&ref);
		return -1;
	}
	vec_push(&e->refs, str_take(&ref));
	return 0;
}

static int
load_relations(struct roster_run *run, struct fault *f)
{
	/* hot: each run of items that is written */
	static const char sql[] = "SELECT DISTINCT src, type, dst FROM relation"
				  " WHERE src BETWEEN $1 AND $2 ORDER BY src, type";
	struct leaving now = {0};
	struct db_rows rows;
	int more = db_query(run->r->s->db, &rows, f, sql, "ii", run->ids[0], run->ids[run->n - 1]);
	struct roster_item *it;
	size_t at = 0;

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if ((it = item_of(run, db_int(&rows, 0), &at)))
			more = add_edge(run, &now, it, &rows, f);
	db_end(&rows);
	put_leaving(&now);
	for (size_t i = 0; i < run->items.n; i++)
		if (run->items.v[i].relations.len)
			jtext_close(&run->items.v[i].relations);
	return more;
}

/* ---- all of it ---- */

int
roster_load(struct roster_run *run, struct fault *f)
{
	int parts = run->r->parts;
	int status = load_items(run, f);

	if (status == 0 && (parts & ROSTER_VARIABLES))
		status = load_variables(run, f);
	if (status == 0 && (parts & ROSTER_LABELS) && run->r->has_rules)
		status = load_labels_by_rule(run, f);
	else if (status == 0 && (parts & (ROSTER_LABELS | ROSTER_PLAIN_LABELS)))
		status = load_labels(run, f);
	if (status == 0 && (parts & ROSTER_RELATIONS))
		status = load_relations(run, f);
	return status;
}
