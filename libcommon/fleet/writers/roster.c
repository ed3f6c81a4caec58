/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/writers/roster.h"

#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/label/carry.h"
#include "fleet/label/rule.h"
#include "fleet/ref.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Items of a run: enough that a query's start does not count, and few to hold. */
#define RUN 512

/* A run's ids span at most so many times their number, so that little is read in vain. */
#define SPARSE 4

/* ---- open, close ---- */

static int
find_twice(struct roster *r, struct fault *f)
{
	static const char sql[] = "SELECT name FROM item GROUP BY name HAVING count(*) > 1";
	struct db_rows rows;
	int more = db_query(r->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		map_put(&r->twice, db_text(&rows, 0), NULL);
	db_end(&rows);
	return more;
}

int
roster_open(struct roster *r, struct session *s, struct fault *f)
{
	const struct rule_list *rules;

	*r = (struct roster){.s = s};
	if (source_list(s, &r->sources, f) < 0 || rules_get(s, &rules, f) < 0)
		return -1;
	r->has_rules = rules->n > 0;
	return find_twice(r, f);
}

void
roster_close(struct roster *r)
{
	struct map_entry *e;
	size_t at = 0;

	while ((e = map_each(&r->places, &at)))
		free(e->value.p);
	sources_done(&r->sources);
	map_done(&r->twice);
	map_done(&r->places);
}

static void
item_free(struct roster_item *it)
{
	item_done(&it->item);
	free(it->name);
	free(it->variables);
	words_done(&it->labels);
}

/* ---- names ---- */

/* "host:us/dfw/web1" to "web1.dfw.us": the ref says as much of the place as is needed. */
static char *
name_of_ref(const char *ref)
{
	struct str out = STR_INIT;
	const char *from = strchr(ref, ':') + 1, *end = ref + strlen(ref), *slash;

	while ((slash = memrchr(from, '/', (size_t)(end - from)))) {
		str_addn(&out, slash + 1, (size_t)(end - slash - 1));
		str_addc(&out, '.');
		end = slash;
	}
	str_addn(&out, from, (size_t)(end - from));
	return str_take(&out);
}

static int
put_name(struct roster *r, struct roster_item *it, struct fault *f)
{
	/* hot: each item that is written and shares its name */
	static const char sql[] = "SELECT count(*) FROM item"
				  " WHERE name = $1 AND project = $2 AND kind = $3 AND retired = 0";
	struct str ref = STR_INIT;
	int64_t n = 1;

	if (map_get(&r->twice, it->item.name) &&
	    db_get_int(
		r->s->db, &n, f, sql, "sis", it->item.name, it->item.project, it->item.kind) < 0)
		return -1;
	if (n <= 1) {
		it->name = mem_dup(it->item.name);
		return 0;
	}
	if (ref_text(r->s, &it->item, &ref, f) < 0)
		return -1;
	it->name = name_of_ref(ref.text);
	r->renamed += strcmp(it->name, it->item.name) != 0;
	str_done(&ref);
	return 0;
}

static int
put_place(struct roster *r, int64_t id, const char **out, struct fault *f)
{
	char key[24], *name;
	union map_value *at;
	int added;

	*out = NULL;
	if (!id)
		return 0;
	snprintf(key, sizeof(key), "%lld", (long long)id);
	at = map_put(&r->places, key, &added);
	if (added) {
		if (item_name(r->s, id, &name, f) < 0)
			return -1;
		at->p = name;
	}
	*out = at->p;
	return 0;
}

/* ---- a run ---- */

struct run {
	struct roster *r;
	VEC(struct roster_item) items;
	const int64_t *ids;
	size_t n;
};

/* Rows in order of ids: the item of the run that one is of, or NULL. *at only grows. */
static struct roster_item *
item_of(struct run *run, int64_t id, size_t *at)
{
	while (*at < run->items.n && run->items.v[*at].item.id < id)
		++*at;
	return *at < run->items.n && run->items.v[*at].item.id == id ? &run->items.v[*at] : NULL;
}

static int
load_items(struct run *run, struct fault *f)
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
load_labels(struct run *run, struct fault *f)
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
load_labels_by_rule(struct run *run, struct fault *f)
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
load_variables(struct run *run, struct fault *f)
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

/* ---- all of it ---- */

static int
load(struct run *run, struct fault *f)
{
	if (load_items(run, f) < 0 || load_variables(run, f) < 0)
		return -1;
	return run->r->has_rules ? load_labels_by_rule(run, f) : load_labels(run, f);
}

static int
finish(struct roster *r, struct roster_item *it, struct fault *f)
{
	if (!it->variables)
		it->variables = mem_dup("{}");
	if (put_place(r, it->item.cloud, &it->cloud, f) < 0 ||
	    put_place(r, it->item.region, &it->region, f) < 0 ||
	    put_place(r, it->item.cell, &it->cell, f) < 0)
		return -1;
	return put_name(r, it, f);
}

/* How many of the ids from at on are one run. */
static size_t
length_of_run(const struct ids *ids, size_t at)
{
	size_t n = 1;

	while (at + n < ids->n && n < RUN &&
	       ids->v[at + n] - ids->v[at] <= (int64_t)(SPARSE * (n + 1)))
		n++;
	return n;
}

int
roster_each(struct roster *r, const struct ids *ids,
    int (*each)(void *ctx, struct roster_item *it, struct fault *f), void *ctx, struct fault *f)
{
	int status = 0;

	for (size_t at = 0, n; status == 0 && at < ids->n; at += n) {
		struct run run = {.r = r, .ids = ids->v + at};

		n = run.n = length_of_run(ids, at);
		status = load(&run, f);
		for (size_t i = 0; i < run.items.n; i++) {
			struct roster_item *it = &run.items.v[i];

			if (status == 0 && (status = finish(r, it, f)) == 0)
				status = each(ctx, it, f);
			item_free(it);
		}
		vec_done(&run.items);
	}
	return status < 0 ? -1 : 0;
}
