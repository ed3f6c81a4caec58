/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/ref.h"
#include "fleet/source.h"

/* A label that another source gives stays where that source says so. */
static int
say_others(struct session *s, const char *label, struct fault *f)
{
	static const char sql[] = "SELECT DISTINCT o.name FROM label AS l"
				  " JOIN source AS o ON o.id = l.source"
				  " WHERE l.label = $1 AND l.source <> $2 ORDER BY o.name";
	struct str names = STR_INIT;
	struct db_rows rows;
	int64_t id;
	int more;

	if (ref_want(s, "label", label, &id, f) < 0)
		return -1;
	more = db_query(s->db, &rows, f, sql, "ii", id, s->operator);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		str_addf(&names, "%s%s", names.len ? ", " : "", db_text(&rows, 0));
	db_end(&rows);
	if (names.len)
		report_note("%s: stays where other sources put it: %s", label, names.text);
	str_done(&names);
	return more;
}

int
label_rm(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct words labels = {0};
	const struct args_opt own[] = {
	    {'L', "label", "TEXT", ARGS_TEXTS, &labels, "another label; repeatable"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"rm [options] LABEL [NAME ...]",
	    "Take a label off items: those named, those that options choose, or those on standard "
	    "input. Where another source gives it, it stays.",
	    "craton-label rm maintenance compute-0007\n"
	    "craton-label rm maintenance --all",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int64_t id;
	int n, status = args_parse(&args, argc, argv, &n, &f), exit = 0;

	if (status == 0 && n < 1)
		status = fault_set(&f, FAULT_USAGE, "rm: LABEL is wanted");
	if (status == 0) {
		words_add(&labels, argv[1]);
		status = session_open(&s, &base, DB_CHANGE, &f);
	}
	/* Before any item is read: a mistyped label is wrong even where nothing is chosen. */
	for (size_t i = 0; status == 0 && i < labels.n; i++)
		status = ref_want(&s, "label", labels.v[i], &id, &f);
	if (status == 0)
		status = label_texts(&s, &labels, &f);
	if (status == 0)
		exit = label_apply(&s, EDIT_TAKE, &labels, &chosen, argv + 2, n - 1);
	for (size_t i = 0; status == 0 && exit == 0 && i < labels.n; i++)
		status = say_others(&s, labels.v[i], &f);
	words_done(&labels);
	session_close(&s);
	return status < 0 ? report_fault(&f) : exit;
}
