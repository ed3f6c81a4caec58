/* SPDX-License-Identifier: Apache-2.0 */
#include "printer.h"

#include "base/when.h"
#include "fleet/ref.h"
#include "flow/people/repair.h"

#include <inttypes.h>

/* A run says what is wrong now; id and age are for who looks into it: craton-audit findings. */
static const char *const heads[] = {
    "ID", "SINCE", "SEVERITY", "STATUS", "CHECK", "ITEM", "MESSAGE"};
static const size_t history = 2; /* of heads: the columns that a run leaves out */

int
printer_open(struct printer *p, struct session *s, const struct printer_options *o,
    enum output_format fallback, struct fault *f)
{
	enum output_format format;

	*p = (struct printer){.s = s, .table = TABLE_INIT(heads), .zero = o->zero};
	p->is_run = fallback != OUTPUT_TABLE;
	p->table.rights = "r......";
	if (p->is_run) {
		p->table.heads += history;
		p->table.rights += history;
		p->table.ncols -= history;
	}
	if (output_format(o->format,
		o->json   ? OUTPUT_JSONL
		: o->zero ? OUTPUT_NAMES
			  : fallback,
		&format, f) < 0)
		return -1;
	if (o->zero && format != OUTPUT_NAMES)
		return fault_set(f, FAULT_USAGE, "--null goes with -o names");
	output_begin(&p->out, format);
	return 0;
}

static enum table_tone
tone(const struct finding *x)
{
	if (x->resolved)
		return TABLE_GOOD;
	if (x->waiver)
		return TABLE_FAINT;
	return x->severity >= SEVERITY_HIGH ? TABLE_BAD : TABLE_WARN;
}

/* " (tried ...)" where a person reads it: programs have the records. */
static int
put_tried(struct printer *p, const struct finding *x, struct str *out)
{
	struct repairs all;
	int status;

	if (!x->attempts || p->out.format != OUTPUT_TABLE)
		return 0;
	status = repair_list(p->s, x->item, x->id, &all, &p->fault);
	str_add(out, " (");
	repairs_text(&all, out);
	str_addc(out, ')');
	repairs_done(&all);
	return status;
}

/* What a person wants to read: the check's own words, or what was expected; and what was tried. */
static int
add_message(struct printer *p, const struct finding *x)
{
	struct str text = STR_INIT;
	int status;

	if (x->message)
		str_add(&text, x->message);
	else if (x->expected)
		str_addf(&text, "not so: %s", x->expected);
	status = put_tried(p, x, &text);
	table_cell(&p->table, text.text);
	str_done(&text);
	return status;
}

static int
add_row(struct printer *p, const struct finding *x, const char *name)
{
	char since[WHEN_TEXT];
	int status;

	if (!p->is_run) {
		table_cellf(&p->table, "%" PRId64, x->id);
		table_cellf(&p->table, "%.10s", when_text(x->first_seen, since));
	}
	table_cell(&p->table, severity_words[x->severity]);
	table_toned(
	    &p->table, tone(x), x->resolved ? "resolved" : verdict_words[finding_status(x)]);
	table_cell(&p->table, x->check);
	table_cell(&p->table, name);
	status = add_message(p, x);
	table_end_row(&p->table);
	return status;
}

/* For people: the name, that of its device before it where it is one of many such. */
static int
put_name(struct printer *p, int64_t id)
{
	struct item item, parent;
	int found = item_get(p->s, id, &item, &p->fault);

	if (found <= 0)
		return found;
	if (item_scoping(item.class) == ITEM_IN_DEVICE &&
	    (found = item_get(p->s, item.parent, &parent, &p->fault)) == 1) {
		str_addf(&p->text, "%s/", parent.name);
		item_done(&parent);
	}
	str_add(&p->text, item.name);
	item_done(&item);
	return found < 0 ? -1 : 0;
}

/* An item that fails five checks is one name. */
static void
print_name(struct printer *p, const struct finding *x)
{
	int added;

	map_put(&p->named, p->text.text, &added);
	if (x->item && added)
		output_name(&p->out, p->text.text, p->zero);
}

static int
print_finding(struct printer *p, const struct finding *x)
{
	str_reset(&p->text);
	if (p->out.format == OUTPUT_JSONL || p->out.format == OUTPUT_JSON) {
		if (finding_to_json(p->s, x, &p->text, &p->fault) < 0)
			return -1;
		output_record(&p->out, p->text.text, p->text.len);
		return 0;
	}
	if (x->item &&
	    (p->out.format == OUTPUT_TABLE ? put_name(p, x->item)
					   : ref_of(p->s, x->item, &p->text, &p->fault)) < 0)
		return -1;
	if (p->out.format == OUTPUT_NAMES)
		print_name(p, x);
	else
		return add_row(p, x, x->item ? p->text.text : x->subject);
	return 0;
}

int
printer_finding(const struct finding *x, void *ctx)
{
	struct printer *p = ctx;

	if (!p->failed)
		p->failed = print_finding(p, x) < 0;
	return 0;
}

void
printer_record(struct printer *p, const struct str *json)
{
	if (!p->failed && (p->out.format == OUTPUT_JSONL || p->out.format == OUTPUT_JSON))
		output_record(&p->out, json->text, json->len);
}

int
printer_close(struct printer *p, struct fault *f)
{
	if (!p->s)
		return 0;
	if (p->out.format == OUTPUT_TABLE)
		table_print(&p->table, stdout);
	else if (p->out.format == OUTPUT_TSV)
		table_print_tsv(&p->table, stdout);
	else
		output_end(&p->out);
	table_done(&p->table);
	map_done(&p->named);
	str_done(&p->text);
	if (p->failed)
		*f = p->fault;
	return p->failed ? -1 : 0;
}
