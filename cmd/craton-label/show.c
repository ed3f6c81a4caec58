/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/past/past.h"
#include "fleet/ref.h"
#include "fleet/sheet/sheet.h"
#include "io/hostlist.h"
#include "io/output.h"
#include "io/table.h"

#include <stdlib.h>
#include <string.h>

static int
by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = strcmp(x->kind, y->kind);

	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

struct items VEC_BODY(struct item);

static void
items_done(struct items *items)
{
	for (size_t i = 0; i < items->n; i++)
		item_done(&items->v[i]);
	vec_done(items);
}

/* Those that carry the label, by kind and name. */
static int
list_members(struct session *s, int64_t label, struct items *out, struct fault *f)
{
	struct ids ids = {0};
	int found = rule_carriers(s, label, &ids, f);

	for (size_t i = 0; found >= 0 && i < ids.n; i++) {
		struct item one = {0};

		found = item_get(s, ids.v[i], &one, f);
		if (found == 1)
			vec_push(out, one);
	}
	vec_sort(out, by_place);
	vec_done(&ids);
	return found < 0 ? -1 : 0;
}

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
	struct items members = {0};
	const char *kind = NULL;
	int status = list_members(s, label, &members, f);

	t.rights = " r";
	for (size_t i = 0; status == 0 && i < members.n; i++) {
		if (!kind || strcmp(kind, members.v[i].kind) != 0) {
			end_kind(&t, kind, &names);
			kind = members.v[i].kind;
		}
		words_add(&names, members.v[i].name);
	}
	end_kind(&t, kind, &names);
	if (t.cells.n)
		output_name(&blank, "", 0);
	output_table(&t, OUTPUT_TABLE);
	words_done(&names);
	items_done(&members);
	return status;
}

/* ---- as a record ---- */

static int
put_members(struct session *s, int64_t label, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	struct items members = {0};
	int status = list_members(s, label, &members, f);

	str_cut(out, out->len - 1); /* the record's brace: one more member follows */
	jtext_key(out, "members");
	str_addc(out, '[');
	for (size_t i = 0; status == 0 && i < members.n; i++) {
		str_reset(&ref);
		status = ref_text(s, &members.v[i], &ref, f);
		if (i)
			str_addc(out, ',');
		jtext_put_string(out, ref.text);
	}
	str_add(out, "]}");
	items_done(&members);
	str_done(&ref);
	return status;
}

int
label_sheet(struct session *s, const char *name, enum output_format format, struct fault *f)
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
	const char *at = NULL;
	struct output_options output = {0};
	const struct args_opt own[] = {
	    PAST_OPTION(&at), OUTPUT_OPTIONS(&output, OUTPUT_SHEETS), {0}};
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
		status = past_enter(&s, at, &f);
	if (status == 0)
		status = label_sheet(&s, argv[1], format, &f);
	rules_doubts(&s, label_warn, NULL);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
