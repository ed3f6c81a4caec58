/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/ref.h"
#include "fleet/source.h"

/* A label that another source gives stays where that source says so. */
static int
say_others(struct session *s, const char *label, struct fault *f)
{
	static const char sql[] = "SELECT DISTINCT o.name FROM label AS l"
				  " JOIN source AS o ON o.id = l.source"
				  " WHERE l.label = $1 AND l.source <> $2 ORDER BY o.name";
	const struct rule *rule;
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
	if (more == 0)
		more = rules_find(s, id, &rule, f);
	if (more == 0 && rule)
		report_note("%s: stays where its rule holds: %s", label, rule->text);
	if (names.len)
		report_note("%s: stays where other sources put it: %s", label, names.text);
	str_done(&names);
	return more;
}

/* Before any item is read: a mistyped label is wrong even where nothing is chosen. */
static int
want_all(struct session *s, const struct words *labels, struct words *noted, struct fault *f)
{
	int64_t id;
	int status = 0;

	(void)noted;
	for (size_t i = 0; status == 0 && i < labels->n; i++)
		status = ref_want(s, "label", labels->v[i], &id, f);
	return status;
}

static int
say_all_others(
    struct session *s, const struct words *labels, const struct words *noted, struct fault *f)
{
	int status = 0;

	(void)noted;
	for (size_t i = 0; status == 0 && i < labels->n; i++)
		status = say_others(s, labels->v[i], f);
	return status;
}

int
label_rm(int argc, char **argv)
{
	static const struct label_verb rm = {"rm [options] LABEL [NAME ...]",
	    "Take a label off items: those named, those that options choose, or those on standard "
	    "input. Where another source gives it, it stays.",
	    "craton-label rm maintenance compute-0007\n"
	    "craton-label rm maintenance --all",
	    EDIT_TAKE, want_all, say_all_others};

	return label_apply(&rm, argc, argv);
}
