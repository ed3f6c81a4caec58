/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/label/rule.h"

#include "base/mem.h"
#include "fleet/expr/narrow.h"
#include "fleet/expr/stored.h"
#include "fleet/ref.h"

#include <stdlib.h>
#include <string.h>

struct rules {
	struct rule_list list;
	int64_t version; /* the newest entry of the log when they were read */
	struct stored *stored;
	struct judge *judge;
	int64_t item; /* that stored is at; 0: none */
};

/* ---- the session's ---- */

static void
rule_done(struct rule *rule)
{
	free(rule->name);
	free(rule->text);
	expr_free(rule->expr);
	free(rule->wrong);
	free(rule->doubt);
}

void
rules_forget(struct session *s)
{
	struct rules *r = s->rules;

	if (!r)
		return;
	for (size_t i = 0; i < r->list.n; i++)
		rule_done(&r->list.v[i]);
	vec_done(&r->list);
	judge_free(r->judge);
	stored_free(r->stored);
	free(r);
	s->rules = NULL;
}

static void
add_rule(struct rules *r, int64_t label, const char *name, struct jtext text)
{
	struct rule *rule = vec_add(&r->list);
	struct fault why;

	rule->label = label;
	rule->name = mem_dup(name);
	rule->text = jtext_plain_dup(text);
	if (!rule->text) {
		rule->text = mem_dupn(text.text, text.len);
		rule->wrong = mem_dup("no text");
	} else if (!(rule->expr = expr_new("rule", rule->text, &why))) {
		rule->wrong = mem_dup(why.text);
	}
}

static int
read_rules(struct session *s, struct rules *r, struct fault *f)
{
	/* hot: each time that labels are asked for, in a file that has changed */
	static const char sql[] =
	    "SELECT id, name, jmember(more, '" RULE_ATTRIBUTE "') FROM item WHERE project = $1"
	    " AND class = 'label' AND more IS NOT NULL AND retired = 0"
	    " AND jmember(more, '" RULE_ATTRIBUTE "') IS NOT NULL ORDER BY name";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		add_rule(r, db_int(&rows, 0), db_text(&rows, 1), db_jtext(&rows, 2));
	db_end(&rows);
	return more;
}

/* The session's rules as they are now. */
static int
look(struct session *s, struct rules **out, struct fault *f)
{
	/* hot: each item whose labels are asked for */
	static const char newest[] = "SELECT coalesce(max(id), 0) FROM txn";
	int64_t version;

	if (db_get_int(s->db, &version, f, newest, "") < 0)
		return -1;
	if (s->rules && s->rules->version != version)
		rules_forget(s);
	if (!s->rules) {
		s->rules = mem_zero(1, sizeof(*s->rules));
		s->rules->version = version;
		if (read_rules(s, s->rules, f) < 0) {
			rules_forget(s);
			return -1;
		}
	}
	*out = s->rules;
	return 0;
}

int
rules_get(struct session *s, const struct rule_list **out, struct fault *f)
{
	struct rules *r;

	if (look(s, &r, f) < 0)
		return -1;
	*out = &r->list;
	return 0;
}

int
rules_find(struct session *s, int64_t label, const struct rule **out, struct fault *f)
{
	const struct rule_list *list;

	*out = NULL;
	if (rules_get(s, &list, f) < 0)
		return -1;
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].label == label)
			*out = &list->v[i];
	return 0;
}

/* ---- judging ---- */

static int
cannot_tell(
    struct session *s, const struct rule *rule, int64_t item, const char *why, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = ref_of(s, item, &ref, f);

	if (status == 0)
		fault_set(f, FAULT_BAD, "%s: label %s: its rule cannot be told: %s", ref.text,
		    rule->name, why);
	str_done(&ref);
	return -1;
}

static int
try(struct session *s, const struct expr *e, int64_t item, enum expr_truth *out, struct fault *f)
{
	struct rules *r = s->rules;

	if (!r->stored && !(r->stored = stored_new(s, STORED_PLAIN, f)))
		return -1;
	if (!r->judge && !(r->judge = judge_new(f)))
		return -1;
	if (r->item != item)
		stored_move(r->stored, item);
	r->item = item;
	return judge_run_truth(r->judge, e, stored_names(r->stored), out, f);
}

int
rule_try(
    struct session *s, const struct expr *e, int64_t item, enum expr_truth *out, struct fault *f)
{
	struct rules *r;

	return look(s, &r, f) < 0 ? -1 : try(s, e, item, out, f);
}

int
rule_holds(struct session *s, const struct rule *rule, int64_t item, struct fault *f)
{
	enum expr_truth truth;
	struct fault why;

	if (rule->wrong)
		return cannot_tell(s, rule, item, rule->wrong, f);
	if (try(s, rule->expr, item, &truth, &why) == 0)
		return truth == EXPR_TRUE;
	if (why.kind == FAULT_BAD)
		return cannot_tell(s, rule, item, why.text, f);
	*f = why;
	return -1;
}

int
rule_shows(struct session *s, const struct rule *rule, int64_t item, struct fault *f)
{
	struct rule *kept = &s->rules->list.v[rule - s->rules->list.v];
	struct fault why;
	int holds = rule_holds(s, rule, item, &why);

	if (holds >= 0)
		return holds;
	if (why.kind != FAULT_BAD) {
		*f = why;
		return -1;
	}
	if (!kept->doubts++)
		kept->doubt = mem_dup(why.text);
	return 0;
}

void
rules_doubts(struct session *s, void (*tell)(const char *text, void *ctx), void *ctx)
{
	for (size_t i = 0; s->rules && i < s->rules->list.n; i++) {
		struct rule *rule = &s->rules->list.v[i];

		if (!rule->doubts)
			continue;
		if (rule->doubts > 1) {
			char *text =
			    mem_printf("%s (and %lu more items)", rule->doubt, rule->doubts - 1);

			tell(text, ctx);
			free(text);
		} else {
			tell(rule->doubt, ctx);
		}
		free(rule->doubt);
		rule->doubt = NULL;
		rule->doubts = 0;
	}
}

int
rule_members(struct session *s, const struct rule *rule, struct ids *out, struct fault *f)
{
	struct selector narrow = {0};
	size_t kept = 0;
	int holds = 0;

	if (rule->expr)
		expr_narrow(rule->expr, &narrow);
	if (selector_items(s, &narrow, SELECTOR_PLAIN, NULL, out, f) < 0)
		holds = -1;
	for (size_t i = 0; holds >= 0 && i < out->n; i++) {
		holds = rule_shows(s, rule, out->v[i], f);
		if (holds == 1)
			out->v[kept++] = out->v[i];
	}
	out->n = kept;
	selector_clear(&narrow);
	return holds < 0 ? -1 : 0;
}

int
rule_carriers(struct session *s, int64_t label, struct ids *out, struct fault *f)
{
	static const char sql[] = "SELECT DISTINCT i.id FROM label AS l JOIN item AS i"
				  " ON i.id = l.item WHERE l.label = $1 AND i.retired = 0";
	const struct rule *rule;
	int status = db_get_ids(s->db, out, f, sql, "i", label);

	if (status == 0)
		status = rules_find(s, label, &rule, f);
	if (status == 0 && rule) {
		struct ids by_rule = {0};

		status = rule_members(s, rule, &by_rule, f);
		for (size_t i = 0; i < by_rule.n; i++)
			vec_push(out, by_rule.v[i]);
		vec_done(&by_rule);
	}
	ids_tidy(out);
	return status;
}

int
rule_check_text(const char *what, const char *text, struct fault *f)
{
	struct expr *e = expr_new(what, text, f);

	expr_free(e);
	return e ? 0 : -1;
}
