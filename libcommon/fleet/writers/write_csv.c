/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV with the columns that an import reads back, see formats/column.h: the fields of a record
 * that some item has, then attributes, relations and variables, each sorted. A column in which
 * some value is no text that can stand alone is of JSON. Lists have semicolons between, or are
 * JSON where a text has one in it. The items are walked twice, for the columns and for the lines,
 * so that no more than a line is held.
 */
#include "fleet/ref.h"
#include "fleet/writers/writer.h"
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

enum part { PART_FIELD, PART_ATTRIBUTE, PART_RELATION, PART_VARIABLE };

struct column {
	enum part part;
	size_t nth;    /* of the fields */
	char *escaped; /* its key, as it stands in JSON */
	size_t len;
	int is_json;
};

struct csv_writer {
	struct writer_run *run;
	VEC(struct column) columns;
	struct map index;         /* "PART KEY" to columns */
	size_t last;              /* the column taken last: the next one is likely behind it */
	VEC(struct jtext) values; /* of the line being made, by column */
	struct str record, text;
	/* What is done with a value. */
	void (*take)(struct csv_writer *w, struct column *c, struct jtext value);
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

static int
is_list(const struct column *c)
{
	return c->part == PART_RELATION ||
	       (c->part == PART_FIELD && strcmp(c->escaped, "labels") == 0);
}

/* Texts, semicolons between. */
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

static void
put_value(struct str *out, const struct column *c, struct jtext value)
{
	if (!value.text)
		str_add(out, "");
	else if (!c->is_json && is_list(c))
		put_list(out, value);
	else if (!c->is_json && jtext_type(value) == JTEXT_STRING)
		jtext_plain(value, out);
	else
		str_addn(out, value.text, value.len);
}

/* ---- columns ---- */

static int
is_column(const struct column *c, enum part part, struct jtext key)
{
	return c->part == part && c->len == key.len && memcmp(c->escaped, key.text, key.len) == 0;
}

static void
index_key(struct csv_writer *w, enum part part, struct jtext key)
{
	str_reset(&w->text);
	str_addc(&w->text, (char)('0' + part));
	str_addn(&w->text, key.text, key.len);
}

/* Made if it is new. */
static struct column *
column_of(struct csv_writer *w, enum part part, struct jtext key)
{
	union map_value *at;
	int added;

	if (w->last + 1 < w->columns.n && is_column(&w->columns.v[w->last + 1], part, key))
		return &w->columns.v[++w->last];
	index_key(w, part, key);
	at = map_put(&w->index, w->text.text, &added);
	if (added) {
		struct column *c = vec_add(&w->columns);

		at->i = (int64_t)w->columns.n - 1;
		c->part = part;
		c->escaped = mem_dupn(key.text, key.len);
		c->len = key.len;
		c->nth = part == PART_FIELD ? field_place(c->escaped) : 0;
	}
	w->last = (size_t)at->i;
	return &w->columns.v[w->last];
}

static void
take_type(struct csv_writer *w, struct column *c, struct jtext value)
{
	(void)w;
	if (is_list(c))
		c->is_json |= has_semicolon(value);
	else if (c->part != PART_FIELD)
		c->is_json |= !is_text(value);
}

static void
take_value(struct csv_writer *w, struct column *c, struct jtext value)
{
	w->values.v[c - w->columns.v] = value;
}

static int
by_place(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->nth != y->nth)
		return x->nth < y->nth ? -1 : 1;
	return strcmp(x->escaped, y->escaped);
}

static void
sort_columns(struct csv_writer *w)
{
	vec_sort(&w->columns, by_place);
	for (size_t i = 0; i < w->columns.n; i++) {
		const struct column *c = &w->columns.v[i];

		index_key(w, c->part, (struct jtext){c->escaped, c->len});
		map_put(&w->index, w->text.text, NULL)->i = (int64_t)i;
	}
}

/* ---- walking an item ---- */

static void
each_member(struct csv_writer *w, enum part part, struct jtext object)
{
	struct jtext key, value;
	size_t at = 0;

	while (object.len && jtext_each(object, &at, &key, &value))
		w->take(w, column_of(w, part, key), value);
}

static int
put_parent(struct csv_writer *w, int64_t parent, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = parent ? ref_of(w->run->s, parent, &ref, f) : 0;

	jtext_text(&w->record, "parent", ref.text);
	str_done(&ref);
	return status;
}

static void
put_labels(struct csv_writer *w, const struct words *labels)
{
	if (!labels->n)
		return;
	jtext_key(&w->record, "labels");
	for (size_t i = 0; i < labels->n; i++) {
		str_addc(&w->record, i ? ',' : '[');
		jtext_put_string(&w->record, labels->v[i]);
	}
	str_addc(&w->record, ']');
}

/* The fields, in the order of their columns. */
static int
put_fields(struct csv_writer *w, const struct roster_item *it, struct fault *f)
{
	const struct item *i = &it->item;
	struct str *out = &w->record;

	str_reset(&w->text);
	if (ref_text(w->run->s, i, &w->text, f) < 0)
		return -1;
	str_reset(out);
	jtext_open(out);
	jtext_text(out, "kind", i->kind);
	jtext_text(out, "name", i->named ? i->name : NULL);
	jtext_text(out, "ref", w->text.text);
	jtext_text(out, "cloud", it->cloud);
	jtext_text(out, "region", it->region);
	jtext_text(out, "cell", it->cell);
	if (put_parent(w, i->parent, f) < 0)
		return -1;
	jtext_text(out, "ip_address", i->ip_address);
	jtext_text(out, "device_type", i->device_type);
	if (!i->active)
		jtext_bool(out, "active", 0);
	jtext_text(out, "note", i->note);
	put_labels(w, &it->labels);
	jtext_close(out);
	return 0;
}

static int
walk(struct csv_writer *w, const struct roster_item *it, struct fault *f)
{
	const struct str *relations = &it->relations;

	if (put_fields(w, it, f) < 0)
		return -1;
	w->last = SIZE_MAX; /* before the first */
	each_member(w, PART_FIELD, (struct jtext){w->record.text, w->record.len});
	each_member(w, PART_ATTRIBUTE, JTEXT(it->item.more));
	each_member(w, PART_RELATION, (struct jtext){relations->text, relations->len});
	each_member(w, PART_VARIABLE, JTEXT(it->variables));
	return 0;
}

/* ---- lines ---- */

static void
put_header(struct csv_writer *w)
{
	static const char *const prefixes[] = {"", "item.", "rel:", "var:"};

	for (size_t i = 0; i < w->columns.n; i++) {
		const struct column *c = &w->columns.v[i];

		str_reset(&w->text);
		str_addf(&w->text, "%s%s", c->is_json ? "json:" : "", prefixes[c->part]);
		jtext_plain((struct jtext){c->escaped, c->len}, &w->text);
		csv_put(&w->run->out, w->text.text, i == 0);
	}
	csv_end(&w->run->out);
}

static int
put_line(void *ctx, struct roster_item *it, struct fault *f)
{
	struct csv_writer *w = ctx;

	memset(w->values.v, 0, w->values.n * sizeof(*w->values.v));
	if (walk(w, it, f) < 0)
		return -1;
	for (size_t i = 0; i < w->columns.n; i++) {
		str_reset(&w->text);
		put_value(&w->text, &w->columns.v[i], w->values.v[i]);
		csv_put(&w->run->out, w->text.text, i == 0);
	}
	csv_end(&w->run->out);
	return writer_flush(w->run, 0, f);
}

/* ---- all of it ---- */

static int
take_columns(void *ctx, struct roster_item *it, struct fault *f)
{
	return walk(ctx, it, f);
}

static int
put_lines(struct csv_writer *w, const struct ids *ids, struct fault *f)
{
	sort_columns(w);
	put_header(w);
	for (size_t i = 0; i < w->columns.n; i++)
		vec_push(&w->values, ((struct jtext){0}));
	w->take = take_value;
	return roster_each(&w->run->roster, ids, put_line, w, f);
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct csv_writer w = {.run = run, .take = take_type};
	int status = roster_each(&run->roster, ids, take_columns, &w, f);

	if (status == 0 && w.columns.n)
		status = put_lines(&w, ids, f);
	for (size_t i = 0; i < w.columns.n; i++)
		free(w.columns.v[i].escaped);
	vec_done(&w.columns);
	vec_done(&w.values);
	map_done(&w.index);
	str_done(&w.record);
	str_done(&w.text);
	return status;
}

const struct writer writer_csv = {
    .name = "csv",
    .about = "a table that an import reads back",
    .any_kind = 1,
    .reads = ROSTER_PLAIN_LABELS | ROSTER_VARIABLES | ROSTER_RELATIONS,
    .write = write_all,
};
