/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/past/past.h"
#include "fleet/ref.h"
#include "io/output.h"
#include "io/table.h"

#include <inttypes.h>
#include <string.h>

struct list {
	struct session *s;
	struct table table;
	struct output out;
	struct str text;
};

static int
is_table(const struct list *l)
{
	return l->out.format == OUTPUT_TABLE || l->out.format == OUTPUT_TSV;
}

static void
finish(struct list *l)
{
	if (is_table(l))
		output_table(&l->table, l->out.format);
	else
		output_end(&l->out);
	str_done(&l->text);
}

/* ---- all labels ---- */

static int
add_label(struct list *l, int64_t id, const char *name, int64_t members, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = ref_of(l->s, id, &ref, f);

	if (status == 0 && is_table(l)) {
		table_cell(&l->table, name);
		table_cellf(&l->table, "%" PRId64, members);
		table_end_row(&l->table);
	} else if (status == 0 && l->out.format == OUTPUT_NAMES) {
		output_name(&l->out, ref.text, 0);
	} else if (status == 0) {
		str_reset(&l->text);
		jtext_open(&l->text);
		jtext_text(&l->text, "kind", "label");
		jtext_text(&l->text, "name", name);
		jtext_text(&l->text, "ref", ref.text);
		jtext_int(&l->text, "members", members);
		jtext_close(&l->text);
		output_record(&l->out, l->text.text, l->text.len);
	}
	str_done(&ref);
	return status;
}

/* Where the label has a rule, that takes the place of the count of those who were given it. */
static int
count_by_rule(struct session *s, int64_t label, int64_t *members, struct fault *f)
{
	const struct rule *rule;
	struct ids carriers = {0};
	int status = rules_find(s, label, &rule, f);

	if (status == 0 && rule) {
		status = rule_carriers(s, label, &carriers, f);
		*members = (int64_t)carriers.n;
	}
	vec_done(&carriers);
	return status;
}

/* Retired items do not count: no selection finds them either. */
static int
list_all(struct list *l, struct fault *f)
{
	static const char sql[] =
	    "SELECT t.id, t.name, (SELECT count(DISTINCT l.item) FROM label AS l"
	    " JOIN item AS i ON i.id = l.item WHERE l.label = t.id AND i.retired = 0)"
	    " FROM item AS t WHERE t.project = $1 AND t.class = 'label' AND t.retired = 0"
	    " ORDER BY t.name";
	struct db_rows rows;
	int more = db_query(l->s->db, &rows, f, sql, "i", l->s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		int64_t members = db_int(&rows, 2);

		if (count_by_rule(l->s, db_int(&rows, 0), &members, f) < 0 ||
		    add_label(l, db_int(&rows, 0), db_text(&rows, 1), members, f) < 0)
			more = -1;
	}
	db_end(&rows);
	return more;
}

/* ---- the labels of items ---- */

static int
list_rules(struct list *l, int64_t item, const char *ref, struct fault *f)
{
	const struct rule_list *rules;
	int holds = rules_get(l->s, &rules, f);

	for (size_t i = 0; holds >= 0 && i < rules->n; i++) {
		holds = rule_shows(l->s, &rules->v[i], item, f);
		if (holds != 1)
			continue;
		table_cell(&l->table, ref);
		table_cell(&l->table, rules->v[i].name);
		table_cellf(&l->table, "by rule: %s", rules->v[i].text);
		table_end_row(&l->table);
	}
	return holds < 0 ? -1 : 0;
}

static int
list_item(struct list *l, int64_t item, struct fault *f)
{
	static const char sql[] = "SELECT t.id, t.name, o.name FROM label AS l"
				  " JOIN item AS t ON t.id = l.label"
				  " JOIN source AS o ON o.id = l.source"
				  " WHERE l.item = $1 ORDER BY t.name, o.stale, o.rank, o.id";
	struct str ref = STR_INIT;
	struct db_rows rows;
	int more;

	if (ref_of(l->s, item, &ref, f) < 0)
		return -1;
	more = db_query(l->s->db, &rows, f, sql, "i", item);
	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		table_cell(&l->table, ref.text);
		table_cell(&l->table, db_text(&rows, 1));
		table_cell(&l->table, db_text(&rows, 2));
		table_end_row(&l->table);
	}
	db_end(&rows);
	if (more == 0)
		more = list_rules(l, item, ref.text, f);
	str_done(&ref);
	return more;
}

/* 1: some of what was asked for was passed over. */
static int
list_items(
    struct list *l, const struct select_options *chosen, char *const *names, int n, struct fault *f)
{
	struct ids ids = {0};
	int doubts, status = 0;

	if (!is_table(l))
		return fault_set(f, FAULT_USAGE,
		    "list: of items, -o table or tsv; craton-inv list prints their records");
	doubts = select_items(l->s, chosen, names, n, SELECT_TO_READ, label_warn, NULL, &ids, f);
	for (size_t i = 0; doubts >= 0 && status == 0 && i < ids.n; i++)
		status = list_item(l, ids.v[i], f);
	vec_done(&ids);
	return status < 0 ? -1 : doubts;
}

int
label_list(int argc, char **argv)
{
	static const char *const all_heads[] = {"LABEL", "MEMBERS"};
	static const char *const item_heads[] = {"ITEM", "LABEL", "SOURCE"};
	struct session_options base = {0};
	const char *at = NULL;
	struct select_options chosen = {0};
	struct output_options output = {0};
	const struct args_opt own[] = {PAST_OPTION(&at), OUTPUT_OPTIONS(&output, OUTPUT_ALL), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"list [options] [NAME ...]",
	    "List all labels with the number of items that carry them; of items, their labels and "
	    "who says so.",
	    "craton-label list\n"
	    "craton-label list compute-0001",
	    own, shared, common};
	struct session s = {0};
	struct list l = {.s = &s, .table = TABLE_INIT(all_heads)};
	struct fault f;
	enum output_format format;
	int n, items = 0, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = output_choose(&output, &format, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = past_enter(&s, at, &f);
	if (status == 0) {
		items = n || select_given(&chosen);
		if (items)
			l.table = (struct table)TABLE_INIT(item_heads);
		l.table.rights = items ? NULL : " r";
		output_begin(&l.out, format);
		status = items ? list_items(&l, &chosen, argv + 1, n, &f) : list_all(&l, &f);
		finish(&l);
	}
	rules_doubts(&s, label_warn, NULL);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
