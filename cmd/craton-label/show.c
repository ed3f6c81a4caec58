/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/ref.h"
#include "fleet/sheet.h"
#include "io/hostlist.h"
#include "io/output.h"
#include "io/table.h"

#include <stdlib.h>
#include <string.h>

static const char sql_members[] =
    "SELECT DISTINCT i.kind, i.name, i.id FROM label AS l JOIN item AS i ON i.id = l.item"
    " WHERE l.label = $1 AND i.retired = 0 ORDER BY i.kind, i.name, i.id";

/* ---- for people: the label's own sheet, then its members folded, a row a kind ---- */

static void
end_kind(struct table *t, const char *kind, struct words *names)
{
	struct str list = STR_INIT;

	if (!names->n)
		return;
	hostlist_fold(names, &list);
	table_cell(t, kind);
	table_cellf(t, "%zu", names->n);
	table_cell(t, list.text);
	table_end_row(t);
	str_done(&list);
	words_done(names);
}

static int
print_members(struct session *s, int64_t label, struct fault *f)
{
	static const char *const heads[] = {"KIND", "MEMBERS", "NAMES"};
	struct table t = TABLE_INIT(heads);
	struct output blank = {.format = OUTPUT_NAMES};
	struct words names = {0};
	struct str kind = STR_INIT;
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql_members, "i", label);

	t.rights = " r";
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		if (!kind.text || strcmp(kind.text, db_text(&rows, 0)) != 0) {
			end_kind(&t, kind.text, &names);
			str_reset(&kind);
			str_add(&kind, db_text(&rows, 0));
		}
		words_add(&names, db_text(&rows, 1));
	}
	db_end(&rows);
	end_kind(&t, kind.text, &names);
	if (t.cells.n)
		output_name(&blank, "", 0);
	output_table(&t, OUTPUT_TABLE);
	words_done(&names);
	str_done(&kind);
	return more;
}

/* ---- as a record ---- */

static int
put_members(struct session *s, int64_t label, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql_members, "i", label), n = 0;

	str_cut(out, out->len - 1); /* the record's brace: one more member follows */
	jtext_key(out, "members");
	str_addc(out, '[');
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		str_reset(&ref);
		if (ref_of(s, db_int(&rows, 2), &ref, f) < 0)
			more = -1;
		if (n++)
			str_addc(out, ',');
		jtext_put_string(out, more < 0 ? "" : ref.text);
	}
	db_end(&rows);
	str_add(out, "]}");
	str_done(&ref);
	return more;
}

static int
show(struct session *s, const char *name, enum output_format format, struct fault *f)
{
	struct item i = {0};
	struct str json = STR_INIT;
	struct output out;
	int64_t id;
	int status = ref_want(s, "label", name, &id, f);

	if (status == 0)
		status = item_get(s, id, &i, f);
	if (status == 1 && format == OUTPUT_TABLE) {
		status = sheet_print(s, &i, f);
		if (status == 0)
			status = print_members(s, id, f);
	} else if (status == 1 && (status = sheet_to_json(s, &i, &json, f)) == 0 &&
		   (status = put_members(s, id, &json, f)) == 0) {
		output_begin(&out, format);
		output_record(&out, json.text, json.len);
		output_end(&out);
	}
	item_done(&i);
	str_done(&json);
	return status;
}

int
label_show(int argc, char **argv)
{
	struct session_options base = {0};
	struct output_options output = {0};
	const struct args_opt own[] = {OUTPUT_OPTIONS(&output, OUTPUT_SHEETS), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"show [options] LABEL",
	    "Show a label: its variables, with who said them, and the items that carry it.",
	    "craton-label show cabinet=a12", own, NULL, common};
	struct session s = {0};
	struct fault f;
	enum output_format format;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n != 1)
		status = fault_set(&f, FAULT_USAGE, "show: one LABEL is wanted");
	if (status == 0)
		status = output_choose_sheet("show", &output, &format, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = show(&s, argv[1], format, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
