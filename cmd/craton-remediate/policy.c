/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "flow/policy/doubt.h"
#include "io/file.h"
#include "io/output.h"
#include "io/wrap.h"

#include <stdio.h>

int
remediate_policy_open(struct session *s, struct policy *p, struct fault *f)
{
	if (policy_open(p, db_path(s->db), remediate_warn, NULL, f) < 0)
		return -1;
	return doubt_policy(s, p, remediate_warn, NULL, f);
}

struct policy_options {
	struct session_options base;
	struct output_options output;
	int explain;
};

struct listing {
	const struct policy *policy;
	struct output out;
	struct table table;
	int explain;
};

static void
print_record(struct listing *l, const struct limit_info *info, const struct policy_value *v,
    const char *value)
{
	struct str record = STR_INIT;

	jtext_open(&record);
	jtext_text(&record, "kind", "limit");
	jtext_text(&record, "name", info->name);
	jtext_text(&record, "value", value);
	jtext_text(&record, "from", v->from);
	jtext_text(&record, "built_in", info->built_in);
	jtext_text(&record, "means", info->means);
	jtext_text(&record, "taught", info->taught);
	jtext_close(&record);
	output_record(&l->out, record.text, record.len);
	str_done(&record);
}

static void
add_row(struct listing *l, const struct limit_info *info, const struct policy_value *v,
    const char *value)
{
	table_cell(&l->table, info->name);
	table_cell(&l->table, value);
	table_cell(&l->table, v->from);
	table_end_row(&l->table);
}

static void
explain(const struct limit_info *info, const struct policy_value *v, const char *value)
{
	struct str out = STR_INIT;

	str_addf(&out, "%s: %s\n", info->name, value);
	wrap_words("    limits   ", info->means, ' ', &out);
	wrap_words("    from     ", v->from, ' ', &out);
	str_addf(&out, "    default  %s; %s is stricter\n", info->built_in,
	    info->type == LIMIT_TRUTH ? "true"
	    : info->more_is_stricter  ? "more"
				      : "less");
	wrap_words("    taught   ", info->taught, ' ', &out);
	if (info->is_sites)
		str_add(&out, "    looser   in the site's policy\n");
	else
		str_addf(&out, "    looser   plan --loosen %s=VALUE -m REASON\n", info->name);
	output_text(&out);
	str_done(&out);
}

static void
print_one(struct listing *l, enum limit which)
{
	const struct policy_value *v = &l->policy->values[which];
	char value[LIMIT_TEXT];

	limit_text(which, v->is, value);
	if (l->out.format == OUTPUT_JSONL || l->out.format == OUTPUT_JSON)
		print_record(l, &limit_table[which], v, value);
	else if (l->out.format == OUTPUT_NAMES)
		output_name(&l->out, limit_table[which].name, 0);
	else if (l->explain)
		explain(&limit_table[which], v, value);
	else
		add_row(l, &limit_table[which], v, value);
}

/* "in the window A or B", for each file that has some. */
static void
add_hours(const struct calendar *c, struct str *out)
{
	char until[WHEN_TEXT], from[WHEN_TEXT];

	for (size_t i = 0; i < c->sets.n; i++) {
		str_add(out, "only in the window");
		for (size_t k = 0; k < c->sets.v[i].n; k++)
			str_addf(out, "%s %s", k ? " or" : "", c->sets.v[i].v[k].text);
		str_add(out, "\n");
	}
	for (size_t i = 0; i < c->freezes.n; i++) {
		const struct freeze *z = &c->freezes.v[i];

		str_addf(out, "freeze from %s to %s: %s\n", when_second(z->from, from),
		    when_second(z->to, until), z->why);
	}
}

static void
add_floor(const struct policy_floor *fl, struct str *out)
{
	str_addf(out, "stay whole: of %s ", fl->selector);
	if (fl->healthy.is_percent)
		str_addf(out, "%.10g%%\n", (double)fl->healthy.value / 1000);
	else
		str_addf(out, "%lld\n", (long long)fl->healthy.value);
}

/* Which items are in no plan, and when items may begin: for people, the records are of limits. */
static void
print_rest(const struct policy *p)
{
	struct str out = STR_INIT;

	str_add(&out, "in no plan: this machine, label craton/protect");
	for (size_t i = 0; i < p->protect.n; i++)
		str_addf(&out, ", %s", p->protect.v[i]);
	str_add(&out, "\n");
	for (size_t i = 0; i < p->floors.n; i++)
		add_floor(&p->floors.v[i], &out);
	add_hours(&p->hours, &out);
	for (size_t i = 0; i < p->notify.n; i++)
		str_addf(&out, "%s%s%s", i ? ", " : "notifies: ", p->notify.v[i],
		    i + 1 < p->notify.n ? "" : "\n");
	output_text(&out);
	str_done(&out);
}

static int
print_named(struct listing *l, char *const *names, int n, struct fault *f)
{
	for (int i = 0; i < n; i++) {
		int which = limit_find(names[i], f);

		if (which < 0)
			return -1;
		print_one(l, (enum limit)which);
	}
	for (int which = 0; which < LIMITS && !n; which++)
		print_one(l, (enum limit)which);
	return 0;
}

static int
print(const struct policy_options *o, const struct policy *p, char *const *names, int n,
    struct fault *f)
{
	static const char *const heads[] = {"LIMIT", "VALUE", "FROM"};
	struct listing l = {.policy = p, .table = TABLE_INIT(heads), .explain = o->explain};
	enum output_format format;
	int rc = output_choose(&o->output, &format, f);

	if (rc == 0) {
		output_begin(&l.out, format);
		rc = print_named(&l, names, n, f);
		output_end(&l.out);
	}
	if (rc == 0 && !o->explain)
		output_table(&l.table, format);
	else
		table_done(&l.table);
	if (rc == 0 && !n && format == OUTPUT_TABLE)
		print_rest(p);
	return rc < 0 ? -1 : file_end_output(f);
}

int
remediate_policy(int argc, char **argv)
{
	struct policy_options o = {0};
	const struct args_opt own[] = {
	    {0, "explain", NULL, ARGS_FLAG, &o.explain, "say of each why, and how to loosen it"},
	    OUTPUT_OPTIONS(&o.output, OUTPUT_ALL), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"policy [options] [LIMIT ...]",
	    "Print the limits in force, and where each comes from.",
	    "craton-remediate policy\n"
	    "craton-remediate policy --explain max_fail",
	    own, NULL, common};
	struct session s = {0};
	struct policy p = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(o.base.quiet ? -1 : o.base.verbose);
	if (status == 0)
		status = session_open(&s, &o.base, DB_READ, &f);
	if (status == 0)
		status = remediate_policy_open(&s, &p, &f);
	if (status == 0)
		status = print(&o, &p, argv + 1, n, &f);
	policy_done(&p);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
