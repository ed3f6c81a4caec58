/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/past/past.h"
#include "fleet/select/select.h"
#include "fleet/sheet/sheet.h"
#include "io/output.h"

#include <stdio.h>
#include <string.h>

struct show {
	enum output_format format;
	struct output out;
};

static int
show_one(struct session *s, struct show *w, int64_t id, struct fault *f)
{
	struct item i = {0};
	struct str json = STR_INIT;
	int status = item_get(s, id, &i, f);

	if (status == 1 && w->format == OUTPUT_TABLE) {
		if (w->out.n++)
			putchar('\n');
		status = sheet_print(s, &i, f);
	} else if (status == 1 && (status = sheet_to_json(s, &i, &json, f)) == 0) {
		output_record(&w->out, json.text, json.len);
	}
	item_done(&i);
	str_done(&json);
	return status;
}

static int
show_all(struct session *s, struct show *w, const struct ids *ids, struct fault *f)
{
	int own = !db_in_transaction(s->db), status = own ? db_snapshot(s->db, f) : 0;

	output_begin(&w->out, w->format);
	for (size_t i = 0; status == 0 && i < ids->n; i++)
		status = show_one(s, w, ids->v[i], f);
	if (w->format != OUTPUT_TABLE)
		output_end(&w->out);
	if (own)
		db_rollback(s->db);
	return status;
}

/* 1: some of what was asked for was passed over. */
static int
show(struct session *s, struct show *w, const struct select_options *chosen, char *const *names,
    int n, struct fault *f)
{
	struct ids ids = {0};
	int status = select_items(s, chosen, names, n, SELECT_TO_READ, inv_warn, NULL, &ids, f);

	if (status >= 0 && show_all(s, w, &ids, f) < 0)
		status = -1;
	vec_done(&ids);
	return status;
}

int
inv_show(int argc, char **argv)
{
	struct session_options base = {0};
	const char *at = NULL;
	struct select_options chosen = {0};
	struct output_options output = {0};
	struct show w = {0};
	const struct args_opt own[] = {
	    PAST_OPTION(&at), SELECT_RETIRED(&chosen), OUTPUT_OPTIONS(&output, OUTPUT_SHEETS), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"show [options] NAME ...",
	    "Show items with all that is known of them, who said it and when: what wins, and "
	    "what loses below it.",
	    "craton-inv show compute-0001\n"
	    "craton-inv show --json compute-0001 | jq .blame.ntp",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && !n && !select_given(&chosen))
		status = fault_set(&f, FAULT_USAGE, "show: NAME is wanted, or --all");
	if (status == 0)
		status = output_choose_sheet("show", &output, &w.format, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = past_enter(&s, at, &f);
	if (status == 0)
		status = show(&s, &w, &chosen, argv + 1, n, &f);
	rules_doubts(&s, inv_warn, NULL);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
