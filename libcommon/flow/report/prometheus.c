/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prometheus: few series, whatever the fleet's size. Items are no labels: a million of them would
 * be a million series; the alert says how many, craton-audit findings says which.
 */
#include "flow/report/write.h"

#include <inttypes.h>

/* The format's own escapes: backslash, quote and newline, and nothing else. */
static void
put_label(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s=\"", name);
	for (; *value; value++)
		switch (*value) {
		case '\\': str_add(out, "\\\\"); break;
		case '"': str_add(out, "\\\""); break;
		case '\n': str_add(out, "\\n"); break;
		default: str_addc(out, *value);
		}
	str_addc(out, '"');
}

static void
put_head(struct str *out, const char *name, const char *help)
{
	str_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* A sample of an audit: NAME{project,audit,more} VALUE */
static void
put_sample(const struct report *r, const struct report_audit *a, const char *name,
    const char *label, const char *value, int64_t n, struct str *out)
{
	str_addf(out, "%s{", name);
	put_label(out, "project", r->project);
	str_addc(out, ',');
	put_label(out, "audit", a->name);
	if (value) {
		str_addc(out, ',');
		put_label(out, label, value);
	}
	str_addf(out, "} %" PRId64 "\n", n);
}

static void
put_found(const struct report *r, struct str *out)
{
	static const char name[] = "craton_audit_findings";

	put_head(out, name, "Open findings that are not waived, by severity.");
	for (size_t i = 0; i < r->audits.n; i++)
		for (int s = 0; s < SEVERITY_COUNT; s++)
			put_sample(r, &r->audits.v[i], name, "severity", severity_words[s],
			    r->audits.v[i].found[s], out);
}

static void
put_verdicts(const struct report *r, struct str *out)
{
	static const char name[] = "craton_audit_verdicts";

	put_head(out, name, "What the newest run said of items, by state; only pass is pass.");
	for (size_t i = 0; i < r->audits.n; i++) {
		const struct report_run *run = report_newest(&r->audits.v[i]);

		for (int v = 0; run && v < VERDICT_COUNT; v++)
			put_sample(r, &r->audits.v[i], name, "state", verdict_words[v],
			    run->counts[v], out);
	}
}

static int64_t
waived(const struct report_audit *a)
{
	return a->waived;
}

static int64_t
started(const struct report_audit *a)
{
	const struct report_run *run = report_newest(a);

	return run ? run->started / 1000 : 0;
}

static int64_t
complete(const struct report_audit *a)
{
	const struct report_run *run = report_newest(a);

	return run && run->complete;
}

static int64_t
scope(const struct report_audit *a)
{
	const struct report_run *run = report_newest(a);

	return run ? run->scope : 0;
}

void
report_prometheus(const struct report *r, struct str *out)
{
	static const struct {
		const char *name, *help;
		int64_t (*value)(const struct report_audit *a);
	} gauges[] = {
	    {"craton_audit_waived", "Open findings that are waived for now.", waived},
	    {"craton_audit_run_timestamp_seconds",
		"When the newest run over the whole scope began.", started},
	    {"craton_audit_run_complete", "1 if the newest run judged its whole scope.", complete},
	    {"craton_audit_run_scope", "Items that the newest run was to judge.", scope},
	};

	put_found(r, out);
	put_verdicts(r, out);
	for (size_t g = 0; g < sizeof(gauges) / sizeof(*gauges); g++) {
		put_head(out, gauges[g].name, gauges[g].help);
		for (size_t i = 0; i < r->audits.n; i++)
			put_sample(r, &r->audits.v[i], gauges[g].name, NULL, NULL,
			    gauges[g].value(&r->audits.v[i]), out);
	}
}
