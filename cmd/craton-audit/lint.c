/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "base/report.h"
#include "flow/audit/example.h"
#include "flow/gather/gather.h"

#include <stdio.h>

struct tally {
	size_t examples, wrong;
};

static int
try_check(const struct check *c, struct judge *judge, struct tally *t, struct fault *f)
{
	struct str says = STR_INIT;
	unsigned shown = 0;
	int right = 0;

	for (size_t i = 0; i < c->examples.n && right >= 0; i++) {
		str_reset(&says);
		right = example_try(c, &c->examples.v[i], judge, &says, f);
		if (right == 0)
			report_warn("%s", says.text);
		t->examples++;
		t->wrong += right == 0;
		shown |= 1u << c->examples.v[i].wanted;
	}
	if (!(shown & 1u << VERDICT_PASS) || !(shown & 1u << VERDICT_FAIL))
		report_warn("%s: an example of pass and one of fail are wanted%s", c->name,
		    c->remedy ? "; until then its findings drive no repair" : "");
	str_done(&says);
	return right < 0 ? -1 : 0;
}

/* Names are known by the database, where there is one. */
static int
check_names(struct definition *d, const struct session_options *o, struct fault *f)
{
	struct session s = {0};
	struct fault none;
	int status = 0;

	if (session_open(&s, o, DB_READ, &none) == 0)
		status = definition_check_names(d, &s, f);
	session_close(&s);
	return status;
}

/* 1: the definition is good; 0: an example says something else; -1. */
static int
lint(const char *called, const struct session_options *o, struct judge *judge, struct fault *f)
{
	struct definition d;
	struct tally t = {0};
	int status = open_definition(&d, called, f);

	if (status == 0)
		status = check_names(&d, o, f);
	if (status == 0)
		status = gather_check(&d, f);
	for (size_t i = 0; status == 0 && i < d.checks.n; i++)
		status = try_check(&d.checks.v[i], judge, &t, f);
	if (status == 0 && !report_quiet())
		printf("%s: %zu %s, %zu of %zu examples right\n", d.audit, d.checks.n,
		    d.checks.n == 1 ? "check" : "checks", t.examples - t.wrong, t.examples);
	definition_close(&d);
	return status < 0 ? -1 : !t.wrong;
}

int
verb_lint(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"lint [options] AUDIT ...",
	    "Read definitions and try each check on its examples.",
	    "craton-audit lint share/audits/*.yaml\n"
	    "craton-audit lint -q kernel.yaml && cp kernel.yaml /etc/craton/audits/",
	    NULL, NULL, common};
	struct judge *judge = NULL;
	struct fault f;
	int n, bad = 0, good, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(base.quiet ? -1 : base.verbose);
	if (status == 0 && n == 0)
		status = fault_set(&f, FAULT_USAGE, "lint: AUDIT is wanted");
	if (status == 0)
		status = (judge = judge_new(&f)) ? 0 : -1;
	for (int i = 0; status == 0 && i < n; i++) {
		good = lint(argv[i + 1], &base, judge, &f);
		bad |= good <= 0;
		if (good < 0 && n == 1)
			status = -1;
		else if (good < 0)
			report_fault(&f);
	}
	judge_free(judge);
	return status < 0 ? report_fault(&f) : bad;
}
