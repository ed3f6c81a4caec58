/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/listing.h"

#include "fleet/ref.h"
#include "io/hostlist.h"

#include <stdlib.h>
#include <string.h>

int
listing_format(const struct listing_options *o, enum output_format *format, struct fault *f)
{
	enum output_format fallback = o->json              ? OUTPUT_JSONL
				      : o->zero || o->fold ? OUTPUT_NAMES
							   : OUTPUT_TABLE;

	if (output_format(o->format, fallback, format, f) < 0)
		return -1;
	if ((o->zero || o->fold) && *format != OUTPUT_NAMES)
		return fault_set(f, FAULT_USAGE, "--null and --fold go with -o names");
	if (o->zero && o->fold)
		return fault_set(f, FAULT_USAGE, "--null and --fold exclude each other");
	return 0;
}

/* One pass over the items, whatever is printed of each. */
struct walk {
	struct session *s;
	const struct listing_options *o;
	struct output out;
	struct table table;
	struct words names;
	struct str text;
};

static char *
name_of(struct session *s, int64_t id, struct fault *f)
{
	char *name = NULL;

	if (id && item_name(s, id, &name, f) < 0)
		return NULL;
	return name;
}

static int
add_row(struct walk *w, const struct item *i, struct fault *f)
{
	struct words labels = {0};
	char *region = name_of(w->s, i->region, f), *cell = name_of(w->s, i->cell, f);
	int status = view_labels(w->s, i->id, &labels, f);

	for (size_t n = 0; n < labels.n; n++) {
		if (n)
			str_addc(&w->text, ' ');
		str_add(&w->text, labels.v[n]);
	}
	table_cell(&w->table, i->kind);
	table_toned(&w->table, i->retired ? TABLE_FAINT : TABLE_PLAIN, i->name);
	table_cell(&w->table, region);
	table_cell(&w->table, cell);
	table_cell(&w->table, i->ip_address);
	table_cell(&w->table, w->text.text);
	table_end_row(&w->table);
	words_done(&labels);
	free(region);
	free(cell);
	return status;
}

static int
add_item(struct walk *w, const struct item *i, struct fault *f)
{
	int parts = (w->o->resolved ? VIEW_RESOLVED : 0) | (w->o->relations ? VIEW_RELATIONS : 0);

	str_reset(&w->text);
	if (w->out.format == OUTPUT_TABLE || w->out.format == OUTPUT_TSV)
		return add_row(w, i, f);
	if (w->o->fold) {
		words_add(&w->names, i->name);
		return 0;
	}
	if (w->out.format == OUTPUT_NAMES) {
		if (ref_text(w->s, i, &w->text, f) < 0)
			return -1;
		output_name(&w->out, w->text.text, w->o->zero);
		return 0;
	}
	if (view_json(w->s, i, parts, &w->text, f) < 0)
		return -1;
	output_record(&w->out, w->text.text, w->text.len);
	return 0;
}

static void
finish(struct walk *w)
{
	if (w->names.n) {
		str_reset(&w->text);
		hostlist_fold(&w->names, &w->text);
		output_name(&w->out, w->text.text, 0);
	}
	if (w->out.format == OUTPUT_TABLE || w->out.format == OUTPUT_TSV)
		output_table(&w->table, w->out.format);
	else
		output_end(&w->out);
}

static int
print_items(
    struct session *s, const struct ids *ids, const struct listing_options *o, struct fault *f)
{
	static const char *const heads[] = {"KIND", "NAME", "REGION", "CELL", "ADDRESS", "LABELS"};
	struct walk w = {.s = s, .o = o, .table = TABLE_INIT(heads)};
	enum output_format format;
	int status = 0;

	if (listing_format(o, &format, f) < 0)
		return -1;
	output_begin(&w.out, format);
	for (size_t n = 0; status == 0 && n < ids->n; n++) {
		struct item i = {0};

		if (item_get(s, ids->v[n], &i, f) == 1)
			status = add_item(&w, &i, f);
		item_done(&i);
	}
	finish(&w);
	words_done(&w.names);
	str_done(&w.text);
	return status;
}

int
listing_print(
    struct session *s, const struct ids *ids, const struct listing_options *o, struct fault *f)
{
	int own = !db_in_transaction(s->db), status = own ? db_snapshot(s->db, f) : 0;

	if (status == 0)
		status = print_items(s, ids, o, f);
	if (own)
		db_rollback(s->db);
	return status;
}
