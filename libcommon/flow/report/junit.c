/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit: what could not be known is an error and not a failure, what is waived is skipped. Passes
 * are counted in the file and not kept, so all of an audit's are one test case that says how many.
 */
#include "base/when.h"
#include "flow/report/write.h"
#include "io/markup.h"

#include <inttypes.h>

struct suite {
	int64_t cases, failures, errors, skipped;
};

static int
is_of(const struct report *r, const struct report_finding *x, const struct report_audit *a)
{
	return x->change != REPORT_GONE && report_audit_of(r, x->x.check) == a;
}

static struct suite
count(const struct report *r, const struct report_audit *a)
{
	struct suite suite = {.cases = 1};

	for (size_t i = 0; i < r->findings.n; i++) {
		const struct report_finding *x = &r->findings.v[i];
		enum verdict status = finding_status(&x->x);

		if (!is_of(r, x, a))
			continue;
		suite.cases++;
		suite.skipped += status == VERDICT_WAIVED;
		suite.failures += status == VERDICT_FAIL;
		suite.errors += status != VERDICT_FAIL && status != VERDICT_WAIVED;
	}
	return suite;
}

static void
put_totals(const struct suite *s, struct str *out)
{
	markup_number(out, "tests", s->cases);
	markup_number(out, "failures", s->failures);
	markup_number(out, "errors", s->errors);
}

/* A reason is the text of what is skipped: Jenkins' schema knows no attribute there. */
static void
put_skipped(const struct report_finding *x, struct str *out)
{
	str_add(out, "      <skipped>");
	markup_text(out, x->why_waived);
	str_add(out, "</skipped>\n");
}

static void
put_trouble(const struct report_finding *x, struct str *out)
{
	const char *element = x->x.status == VERDICT_FAIL ? "failure" : "error";
	struct str message = STR_INIT;

	report_message(x, &message);
	str_addf(out, "      <%s", element);
	markup_attribute(out, "message", message.text);
	str_addf(
	    out, " type=\"%s.%s\">", verdict_words[x->x.status], severity_words[x->x.severity]);
	markup_text(out, x->x.observed);
	str_addf(out, "</%s>\n", element);
	str_done(&message);
}

static void
put_case(const struct report_finding *x, struct str *out)
{
	str_add(out, "    <testcase");
	markup_attribute(out, "classname", x->x.check);
	markup_attribute(out, "name", x->ref ? x->ref : x->x.subject);
	str_add(out, ">\n");
	if (finding_status(&x->x) == VERDICT_WAIVED)
		put_skipped(x, out);
	else
		put_trouble(x, out);
	str_add(out, "    </testcase>\n");
}

static void
put_passes(const struct report_audit *a, struct str *out)
{
	const struct report_run *run = report_newest(a);

	str_add(out, "    <testcase");
	markup_attribute(out, "classname", a->name);
	str_addf(out, " name=\"%" PRId64 " verdicts are pass, %" PRId64 " not applicable\"/>\n",
	    run ? run->counts[VERDICT_PASS] : 0, run ? run->counts[VERDICT_NOT_APPLICABLE] : 0);
}

static void
put_suite(const struct report *r, const struct report_audit *a, struct str *out)
{
	const struct report_run *run = report_newest(a);
	struct suite suite = count(r, a);
	char at[WHEN_TEXT];

	str_add(out, "  <testsuite");
	markup_attribute(out, "name", a->name);
	put_totals(&suite, out);
	markup_number(out, "skipped", suite.skipped);
	/* Seconds, as the common schemas of JUnit have it, without a zone. */
	str_addf(out, " timestamp=\"%.19s\" time=\"%.3f\">\n",
	    when_text(run ? run->started : r->at, at),
	    run && run->ended ? (double)(run->ended - run->started) / 1000 : 0.0);
	put_passes(a, out);
	for (size_t i = 0; i < r->findings.n; i++)
		if (is_of(r, &r->findings.v[i], a))
			put_case(&r->findings.v[i], out);
	str_add(out, "  </testsuite>\n");
}

void
report_junit(const struct report *r, struct str *out)
{
	struct suite all = {0};

	for (size_t i = 0; i < r->audits.n; i++) {
		struct suite suite = count(r, &r->audits.v[i]);

		all.cases += suite.cases;
		all.failures += suite.failures;
		all.errors += suite.errors;
	}
	str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	markup_attribute(out, "name", "craton-audit");
	put_totals(&all, out);
	str_add(out, ">\n");
	for (size_t i = 0; i < r->audits.n; i++)
		put_suite(r, &r->audits.v[i], out);
	str_add(out, "</testsuites>\n");
}
