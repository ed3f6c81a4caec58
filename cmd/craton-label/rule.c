/* SPDX-License-Identifier: Apache-2.0 */
/* rule: labels whose members an expression chooses. */
#include "label.h"

#include "base/mem.h"
#include "base/report.h"
#include "fleet/label/carry.h"
#include "fleet/label/rule.h"
#include "fleet/record.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The command line of all words. */
struct rule_command {
	struct session *s;
	const struct select_options *chosen; /* its where is the rule's */
	enum output_format format;
	char *const *names; /* LABEL, then items */
	int n;
};

/* ---- add ---- */

/* A rule does not see labels by rule: one that names such a label would say less than it seems. */
static int
check_labels(struct session *s, const char *label, const struct expr *e, struct fault *f)
{
	const struct words *keys = expr_labels(e);
	const struct rule_list *rules;

	if (rules_get(s, &rules, f) < 0)
		return -1;
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *rule = &rules->v[i];

		for (size_t k = 0; k < keys->n; k++)
			if (strcmp(rule->name, label) != 0 && carry_is_of(rule->name, keys->v[k]))
				return fault_set(f, FAULT_BAD,
				    "--where: %s is a label by rule, which no rule sees: %s",
				    rule->name, rule->text);
		if (rule->expr && strcmp(rule->name, label) != 0)
			for (size_t k = 0; k < expr_labels(rule->expr)->n; k++)
				if (carry_is_of(label, expr_labels(rule->expr)->v[k]))
					report_note("the rule of %s sees %s only where a source "
						    "gives it",
					    rule->name, label);
	}
	return 0;
}

static int
check(struct session *s, const char *label, const char *text, struct fault *f)
{
	struct expr *e = expr_new("--where", text, f);
	int status = e ? expr_check_names(e, s, NULL, f) : -1;

	if (status == 0)
		status = check_labels(s, label, e, f);
	expr_free(e);
	return status;
}

static int
put(struct session *s, const char *label, const char *text, struct fault *f)
{
	struct str json = STR_INIT, record = STR_INIT;
	int status;

	jtext_open(&json);
	jtext_text(&json, "kind", "label");
	jtext_text(&json, "name", label);
	jtext_text(&json, RULE_ATTRIBUTE, text);
	jtext_close(&json);
	status = jtext_canonical(json.text, json.len, &record, f);
	if (status == 0)
		status = edit_record(s, JTEXT(record.text), RECORD_MERGE, f);
	str_done(&json);
	str_done(&record);
	return status;
}

/* What people want to know next: whom it holds for. */
static int
say_members(struct session *s, const char *label, struct fault *f)
{
	const struct rule *rule;
	struct ids members = {0};
	int64_t id;
	int status = ref_want(s, "label", label, &id, f);

	if (status == 0)
		status = rules_find(s, id, &rule, f);
	if (status == 0 && rule && (status = rule_members(s, rule, &members, f)) == 0)
		report_note("%s: %zu item%s", label, members.n, members.n == 1 ? "" : "s");
	vec_done(&members);
	return status;
}

static int
add(struct rule_command *c, struct fault *f)
{
	const char *label = c->names[0], *text = c->chosen->where;
	const struct rule *before = NULL;
	int64_t id;
	int found = ref_find(c->s, "label", label, &id, f);

	if (found < 0 || check(c->s, label, text, f) < 0 ||
	    (found && rules_find(c->s, id, &before, f) < 0))
		return -1;
	if (before && strcmp(before->text, text) != 0)
		report_note("%s: its rule was %s", label, before->text);
	if (put(c->s, label, text, f) < 0)
		return -1;
	if (!found)
		report_note("%s is a new label", label);
	return say_members(c->s, label, f);
}

/* ---- rm ---- */

static int
want(struct session *s, const char *label, const struct rule **out, struct fault *f)
{
	int64_t id;

	if (ref_want(s, "label", label, &id, f) < 0 || rules_find(s, id, out, f) < 0)
		return -1;
	return *out ? 0 : fault_set(f, FAULT_NO, "%s: has no rule", label);
}

static int
take(struct rule_command *c, struct fault *f)
{
	const struct rule *rule;
	int status = want(c->s, c->names[0], &rule, f);

	if (status == 0)
		status = edit_take(c->s, rule->label, RULE_ATTRIBUTE, f);
	return status == 0  ? fault_set(f, FAULT_NO,
				  "%s: its rule is not the operator's; craton-inv show label:%s "
				   "tells whose",
				  c->names[0], c->names[0])
	       : status < 0 ? -1
			    : 0;
}

/* ---- list ---- */

static void
put_record(struct output *out, const char *ref, const struct rule *rule, size_t members)
{
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "kind", "label");
	jtext_text(&json, "name", rule->name);
	jtext_text(&json, "ref", ref);
	jtext_text(&json, RULE_ATTRIBUTE, rule->text);
	jtext_int(&json, "members", (int64_t)members);
	jtext_close(&json);
	output_record(out, json.text, json.len);
	str_done(&json);
}

static int
list_one(struct session *s, const struct rule *rule, struct table *t, struct output *out,
    struct fault *f)
{
	struct str ref = STR_INIT;
	struct ids members = {0};
	int status = ref_of(s, rule->label, &ref, f);

	if (status == 0 && out->format == OUTPUT_NAMES)
		output_name(out, ref.text, 0);
	else if (status == 0 && (status = rule_carriers(s, rule->label, &members, f)) == 0) {
		if (out->format == OUTPUT_JSONL || out->format == OUTPUT_JSON)
			put_record(out, ref.text, rule, members.n);
		table_cell(t, rule->name);
		table_cellf(t, "%zu", members.n);
		table_cell(t, rule->text);
		table_end_row(t);
	}
	vec_done(&members);
	str_done(&ref);
	return status;
}

static int
list(struct rule_command *c, struct fault *f)
{
	static const char *const heads[] = {"LABEL", "MEMBERS", "RULE"};
	struct table t = TABLE_INIT(heads);
	struct output out;
	const struct rule_list *rules;
	int status = rules_get(c->s, &rules, f);

	t.rights = " r";
	output_begin(&out, c->format);
	for (size_t i = 0; status == 0 && i < rules->n; i++)
		status = list_one(c->s, &rules->v[i], &t, &out, f);
	if (c->format == OUTPUT_TABLE || c->format == OUTPUT_TSV)
		output_table(&t, c->format);
	else
		output_end(&out);
	table_done(&t);
	return status;
}

/* ---- show ---- */

static int
show(struct rule_command *c, struct fault *f)
{
	const struct rule *rule;

	if (c->format == OUTPUT_TSV || c->format == OUTPUT_NAMES)
		return fault_set(f, FAULT_USAGE, "rule show: -o " OUTPUT_SHEETS " is wanted");
	return want(c->s, c->names[0], &rule, f) < 0 ? -1
						     : label_sheet(c->s, c->names[0], c->format, f);
}

/* ---- test ---- */

static int
test_item(struct session *s, const struct expr *e, int64_t id, int asked, struct table *t,
    struct fault *f)
{
	static const char *const words[] = {
	    [EXPR_FALSE] = "no", [EXPR_TRUE] = "yes", [EXPR_UNKNOWN] = "unknown"};
	enum expr_truth truth = EXPR_UNKNOWN;
	struct str ref = STR_INIT;
	struct fault why = {0};
	int status = rule_try(s, e, id, &truth, &why);

	if (status < 0 && why.kind != FAULT_BAD) {
		*f = why;
		return -1;
	}
	if (status == 0 && !asked && truth != EXPR_TRUE)
		return 0;
	if (ref_of(s, id, &ref, f) < 0)
		return -1;
	table_cell(t, ref.text);
	table_toned(t, status < 0 ? TABLE_WARN : TABLE_PLAIN, status < 0 ? "error" : words[truth]);
	table_cell(t, status < 0 ? why.text : NULL);
	table_end_row(t);
	str_done(&ref);
	return status < 0;
}

/* 1: it could not be told for some. */
static int
test_items(
    struct rule_command *c, const struct expr *e, const struct ids *ids, int asked, struct fault *f)
{
	static const char *const heads[] = {"ITEM", "HOLDS", "WHY"};
	struct table t = TABLE_INIT(heads);
	size_t errors = 0;
	int status = 0;

	for (size_t i = 0; status >= 0 && i < ids->n; i++) {
		status = test_item(c->s, e, ids->v[i], asked, &t, f);
		errors += status == 1;
	}
	output_table(&t, c->format);
	return status < 0 ? -1 : errors > 0;
}

/* The rule of LABEL, or the one that --where gives, on the items named, or on all. */
static int
test(struct rule_command *c, struct fault *f)
{
	struct select_options items = *c->chosen;
	const struct rule *rule = NULL;
	struct ids ids = {0};
	struct expr *e;
	int first = !items.where, doubts, status = -1;

	items.where = NULL;
	if (c->format != OUTPUT_TABLE && c->format != OUTPUT_TSV)
		return fault_set(f, FAULT_USAGE, "rule test: -o table or tsv is wanted");
	if (first && c->n < 1)
		return fault_set(f, FAULT_USAGE, "rule test: LABEL is wanted, or --where");
	if (first && want(c->s, c->names[0], &rule, f) < 0)
		return -1;
	e = expr_new(rule ? "rule" : "--where", rule ? rule->text : c->chosen->where, f);
	if (!e || (!rule && expr_check_names(e, c->s, NULL, f) < 0)) {
		expr_free(e);
		return -1;
	}
	doubts = select_items(c->s, &items, c->names + first, c->n - first, SELECT_TO_READ,
	    label_warn, NULL, &ids, f);
	if (doubts >= 0)
		status = test_items(c, e, &ids, c->n > first || select_given(&items), f);
	vec_done(&ids);
	expr_free(e);
	return status < 0 ? -1 : status | doubts;
}

/* ---- all ---- */

static const struct word {
	const char *name;
	int (*run)(struct rule_command *c, struct fault *f);
	int writes, least, most; /* operands behind the word */
	int where;               /* --where is 1: wanted, 0: refused, -1: as you like */
	const char *wanted;
} words[] = {
    {"add", add, 1, 1, 1, 1, "add LABEL --where EXPR"},
    {"rm", take, 1, 1, 1, 0, "rm LABEL"},
    {"list", list, 0, 0, 0, 0, "list"},
    {"show", show, 0, 1, 1, 0, "show LABEL"},
    {"test", test, 0, 0, 1 << 20, -1, "test LABEL [NAME ...]"},
};

static const struct word *
find_word(char *const *operands, int n, const struct select_options *o, struct fault *f)
{
	const struct word *w = NULL;
	int where = o->where != NULL;

	for (size_t i = 0; n && i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].name, operands[0]) == 0)
			w = &words[i];
	if (!w) {
		fault_set(f, FAULT_USAGE, "rule: add, rm, list, show or test is wanted");
		return NULL;
	}
	if (n - 1 < w->least || n - 1 > w->most || (w->where >= 0 && w->where != where)) {
		fault_set(f, FAULT_USAGE, "rule: %s is wanted", w->wanted);
		return NULL;
	}
	return w;
}

int
label_rule(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct output_options output = {0};
	const struct args_opt own[] = {
	    OUTPUT_OPTIONS(&output, OUTPUT_ALL), SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"rule [options] add|rm|list|show|test [LABEL] [NAME ...]",
	    "Labels by rule: every item for which the expression is true carries the label, from "
	    "the moment that it is.",
	    "craton-label rule add bigmem --where 'ram_gb >= 512'\n"
	    "craton-label rule test bigmem compute-0001",
	    own, shared, common};
	struct session s = {0};
	struct rule_command c = {.s = &s, .chosen = &chosen, .names = argv + 2};
	const struct word *word = NULL;
	struct fault f;
	int status = args_parse(&args, argc, argv, &c.n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && !(word = find_word(argv + 1, c.n--, &chosen, &f)))
		status = -1;
	if (status == 0)
		status = output_choose(&output, &c.format, &f);
	if (status == 0)
		status = session_open(&s, &base, word->writes ? DB_CHANGE : DB_READ, &f);
	if (status == 0 && !word->writes)
		status = db_snapshot(s.db, &f); /* the rules stay the same ones all the while */
	if (status == 0)
		status = word->run(&c, &f);
	rules_doubts(&s, label_warn, NULL);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
