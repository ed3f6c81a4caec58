/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/blame_ties.h"

#include "base/mem.h"
#include "fleet/label/rule.h"
#include "fleet/ref.h"

#include <stdlib.h>

/* ---- labels ---- */

/* What puts the item in, and what cannot be told. */
static int
add_by_rule(struct session *s, const struct rule *rule, int64_t item, struct blamed_labels *out,
    struct fault *f)
{
	enum expr_truth truth = EXPR_FALSE;
	const char *wrong = rule->wrong;
	struct blamed_label one = {0};
	struct fault why;

	if (!wrong && rule_try(s, rule->expr, item, &truth, &why) < 0) {
		if (why.kind != FAULT_BAD) {
			*f = why;
			return -1;
		}
		wrong = why.text;
	}
	if (!wrong && truth != EXPR_TRUE)
		return 0;
	one.name = mem_dup(rule->name);
	one.rule = mem_dup(rule->text);
	one.wrong = mem_dup(wrong);
	vec_push(out, one);
	return 0;
}

static int
add_by_rules(struct session *s, int64_t item, struct blamed_labels *out, struct fault *f)
{
	const struct rule_list *rules;
	int status = rules_get(s, &rules, f);

	for (size_t i = 0; status == 0 && i < rules->n; i++)
		status = add_by_rule(s, &rules->v[i], item, out, f);
	return status;
}

int
blame_labels(struct session *s, int64_t item, struct blamed_labels *out, struct fault *f)
{
	static const char sql[] = "SELECT t.name, o.name, t.id, o.id FROM label AS l"
				  " JOIN item AS t ON t.id = l.label"
				  " JOIN source AS o ON o.id = l.source"
				  " WHERE l.item = $1 ORDER BY t.name, o.stale, o.rank, o.id";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", item);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct blamed_label one = {
		    .name = db_text_dup(&rows, 0), .source = db_text_dup(&rows, 1)};

		if (blame_label(s, item, db_int(&rows, 3), db_int(&rows, 2), &one.by, f) < 0)
			more = -1;
		vec_push(out, one);
	}
	db_end(&rows);
	return more < 0 ? -1 : add_by_rules(s, item, out, f);
}

void
blamed_labels_done(struct blamed_labels *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct blamed_label *one = &all->v[i];

		free(one->name);
		free(one->source);
		free(one->rule);
		free(one->wrong);
		blame_done(&one->by);
	}
	vec_done(all);
}

/* ---- relations ---- */

static int
take_relation(struct session *s, struct db_rows *row, struct blamed_relation *one, struct fault *f)
{
	struct str from = STR_INIT, to = STR_INIT;
	int64_t src = db_int(row, 1), dst = db_int(row, 2);
	int status = -1;

	one->type = db_text_dup(row, 0);
	one->source = db_text_dup(row, 3);
	if (ref_of(s, src, &from, f) == 0 && ref_of(s, dst, &to, f) == 0)
		status = blame_relation(s, src, db_int(row, 4), one->type, dst, &one->by, f);
	one->from = str_take(&from);
	one->to = str_take(&to);
	return status;
}

int
blame_relations(struct session *s, int64_t item, struct blamed_relations *out, struct fault *f)
{
	static const char sql[] = "SELECT r.type, r.src, r.dst, o.name, o.id FROM relation AS r"
				  " JOIN source AS o ON o.id = r.source"
				  " WHERE r.src = $1 OR r.dst = $1 ORDER BY r.type, r.src, r.dst";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", item);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct blamed_relation one = {0};

		if (take_relation(s, &rows, &one, f) < 0)
			more = -1;
		vec_push(out, one);
	}
	db_end(&rows);
	return more;
}

void
blamed_relations_done(struct blamed_relations *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct blamed_relation *one = &all->v[i];

		free(one->from);
		free(one->type);
		free(one->to);
		free(one->source);
		blame_done(&one->by);
	}
	vec_done(all);
}

/* ---- as JSON ---- */

int
blame_labels_to_json(struct session *s, int64_t item, struct str *out, struct fault *f)
{
	struct blamed_labels all = {0};
	int status = blame_labels(s, item, &all, f);

	str_addc(out, '[');
	for (size_t i = 0; status == 0 && i < all.n; i++) {
		const struct blamed_label *one = &all.v[i];

		if (i)
			str_addc(out, ',');
		jtext_open(out);
		jtext_text(out, "value", one->name);
		if (one->rule)
			jtext_text(out, "rule", one->rule);
		if (one->wrong)
			jtext_text(out, "error", one->wrong);
		if (one->source)
			jtext_text(out, "source", one->source);
		blame_put(&one->by, out);
		jtext_close(out);
	}
	str_addc(out, ']');
	blamed_labels_done(&all);
	return status;
}

int
blame_relations_to_json(struct session *s, int64_t item, struct str *out, struct fault *f)
{
	struct blamed_relations all = {0};
	int status = blame_relations(s, item, &all, f);

	str_addc(out, '[');
	for (size_t i = 0; status == 0 && i < all.n; i++) {
		const struct blamed_relation *one = &all.v[i];

		if (i)
			str_addc(out, ',');
		jtext_open(out);
		jtext_key(out, "value");
		jtext_open(out);
		jtext_text(out, "type", one->type);
		jtext_text(out, "from", one->from);
		jtext_text(out, "to", one->to);
		jtext_close(out);
		jtext_text(out, "source", one->source);
		blame_put(&one->by, out);
		jtext_close(out);
	}
	str_addc(out, ']');
	blamed_relations_done(&all);
	return status;
}
