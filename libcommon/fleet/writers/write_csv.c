/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV with the columns that an import reads back, see formats/column.h: the fields of a record
 * that some item has, then attributes, relations and variables, each sorted. A column in which
 * some value is no text that can stand alone is of JSON. Lists have semicolons between, or are
 * JSON where a text has one in it.
 */
#include "fleet/view.h"
#include "fleet/writers/writer.h"
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

enum part { PART_FIELD, PART_ATTRIBUTE, PART_RELATION, PART_VARIABLE };

struct column {
	enum part part;
	size_t nth; /* of the fields */
	char *key;
	int is_json;
};

struct csv_writer {
	struct writer_run *run;
	VEC(struct column) columns;
	struct map index;   /* "PART KEY" to columns */
	struct words cells; /* of the line being made, by column */
	struct words lines; /* the records */
	struct str text;
};

/* In this order; the rest of a record are attributes. */
static const char *const fields[] = {"kind", "name", "ref", "cloud", "region", "cell", "parent",
    "ip_address", "device_type", "active", "note", "labels"};

#define NFIELDS (sizeof(fields) / sizeof(*fields))

static size_t
field_place(const char *key)
{
	size_t n = 0;

	while (n < NFIELDS && strcmp(fields[n], key) != 0)
		n++;
	return n;
}

/* ---- values ---- */

/* Whether a value can stand in a cell as it is, and be a text again. */
static int
is_text(struct jtext v)
{
	return jtext_type(v) == JTEXT_STRING && v.len > 2;
}

static int
has_semicolon(struct jtext list)
{
	return memchr(list.text, ';', list.len) != NULL;
}

/* A list of texts, or of the refs that relations of one type lead to. */
static void
put_list(struct str *out, struct jtext list)
{
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(list, &at, &key, &value)) {
		if (out->len)
			str_addc(out, ';');
		jtext_plain(value, out);
	}
}

static int
is_list(const struct column *c)
{
	return c->part == PART_RELATION || (c->part == PART_FIELD && strcmp(c->key, "labels") == 0);
}

static char *
cell_of(const struct column *c, struct jtext value)
{
	struct str out = STR_INIT;

	if (c->is_json)
		str_addn(&out, value.text, value.len);
	else if (is_list(c))
		put_list(&out, value);
	else
		return jtext_plain_dup(value);
	return str_take(&out);
}

/* ---- walking a record ---- */

typedef void (*take_value)(struct csv_writer *w, enum part part, const char *key, struct jtext v);

/* Relations by type: refs as a list of each. */
static void
each_relation(struct csv_writer *w, struct jtext relations, take_value take)
{
	struct jtext none, edge;
	struct str list = STR_INIT;
	char *type = NULL;
	size_t at = 0;
	int more;

	do {
		char *next = NULL;

		more = jtext_each(relations, &at, &none, &edge);
		if (more)
			next = jtext_plain_dup(jtext_member(edge, "type"));
		if (type && (!more || strcmp(type, next) != 0)) {
			str_addc(&list, ']');
			take(w, PART_RELATION, type, (struct jtext){list.text, list.len});
			str_reset(&list);
		}
		if (more) {
			struct jtext to = jtext_member(edge, "to");

			str_addc(&list, list.len ? ',' : '[');
			str_addn(&list, to.text, to.len);
		}
		free(type);
		type = next;
	} while (more);
	str_done(&list);
}

static void
each_member(struct csv_writer *w, enum part part, struct jtext object, take_value take)
{
	struct str plain = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(object, &at, &key, &value)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		if (part == PART_VARIABLE)
			take(w, part, plain.text, value);
		else if (strcmp(plain.text, "variables") == 0)
			each_member(w, PART_VARIABLE, value, take);
		else if (strcmp(plain.text, "relations") == 0)
			each_relation(w, value, take);
		else if (strcmp(plain.text, "rule_labels") != 0)
			take(w, field_place(plain.text) < NFIELDS ? PART_FIELD : PART_ATTRIBUTE,
			    plain.text, value);
	}
	str_done(&plain);
}

/* ---- columns ---- */

static void
take_column(struct csv_writer *w, enum part part, const char *key, struct jtext value)
{
	union map_value *at;
	struct column *c;
	int added;

	str_reset(&w->text);
	str_addf(&w->text, "%d %s", (int)part, key);
	at = map_put(&w->index, w->text.text, &added);
	if (added) {
		at->i = (int64_t)w->columns.n;
		c = vec_add(&w->columns);
		c->part = part;
		c->key = mem_dup(key);
		c->nth = part == PART_FIELD ? field_place(key) : 0;
	}
	c = &w->columns.v[at->i];
	if (is_list(c))
		c->is_json |= has_semicolon(value);
	else if (part != PART_FIELD)
		c->is_json |= !is_text(value);
}

static int
by_place(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->nth != y->nth)
		return x->nth < y->nth ? -1 : 1;
	return strcmp(x->key, y->key);
}

static void
sort_columns(struct csv_writer *w)
{
	vec_sort(&w->columns, by_place);
	for (size_t i = 0; i < w->columns.n; i++) {
		str_reset(&w->text);
		str_addf(&w->text, "%d %s", (int)w->columns.v[i].part, w->columns.v[i].key);
		map_put(&w->index, w->text.text, NULL)->i = (int64_t)i;
	}
}

/* ---- lines ---- */

static void
put_header(struct csv_writer *w)
{
	static const char *const prefixes[] = {"", "item.", "rel:", "var:"};

	for (size_t i = 0; i < w->columns.n; i++) {
		const struct column *c = &w->columns.v[i];

		str_reset(&w->text);
		str_addf(&w->text, "%s%s%s", c->is_json ? "json:" : "", prefixes[c->part], c->key);
		csv_put(&w->run->out, w->text.text, i == 0);
	}
	csv_end(&w->run->out);
}

static void
take_cell(struct csv_writer *w, enum part part, const char *key, struct jtext value)
{
	size_t i;

	str_reset(&w->text);
	str_addf(&w->text, "%d %s", (int)part, key);
	i = (size_t)map_get(&w->index, w->text.text)->i;
	w->cells.v[i] = cell_of(&w->columns.v[i], value);
}

static int
put_line(struct csv_writer *w, const char *record, struct fault *f)
{
	for (size_t i = 0; i < w->columns.n; i++)
		vec_push(&w->cells, NULL);
	each_member(w, PART_FIELD, JTEXT(record), take_cell);
	for (size_t i = 0; i < w->columns.n; i++)
		csv_put(&w->run->out, w->cells.v[i] ? w->cells.v[i] : "", i == 0);
	csv_end(&w->run->out);
	words_done(&w->cells);
	return writer_flush(w->run, 0, f);
}

/* ---- all of it ---- */

static int
take_item(struct csv_writer *w, int64_t id, struct fault *f)
{
	struct session *s = w->run->s;
	struct item i = {0};
	struct str json = STR_INIT;
	int status = item_get(s, id, &i, f);

	if (status == 1 && (status = view_json(s, &i, VIEW_RELATIONS, &json, f)) == 0) {
		each_member(w, PART_FIELD, (struct jtext){json.text, json.len}, take_column);
		vec_push(&w->lines, str_take(&json));
	}
	str_done(&json);
	item_done(&i);
	return status;
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct csv_writer w = {.run = run};
	int status = 0;

	for (size_t i = 0; status >= 0 && i < ids->n; i++)
		status = take_item(&w, ids->v[i], f);
	sort_columns(&w);
	if (status >= 0 && w.columns.n)
		put_header(&w);
	for (size_t i = 0; status >= 0 && i < w.lines.n; i++)
		status = put_line(&w, w.lines.v[i], f);
	for (size_t i = 0; i < w.columns.n; i++)
		free(w.columns.v[i].key);
	vec_done(&w.columns);
	map_done(&w.index);
	words_done(&w.lines);
	str_done(&w.text);
	return status < 0 ? -1 : 0;
}

const struct writer writer_csv = {
    .name = "csv",
    .about = "a table that an import reads back",
    .any_kind = 1,
    .write = write_all,
};
