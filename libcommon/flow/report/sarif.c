/* SPDX-License-Identifier: Apache-2.0 */
/* SARIF 2.1.0; section numbers are of the OASIS standard. */
#include "base/when.h"
#include "flow/report/write.h"
#include "io/jtext.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"

/* 3.27.10. What could not be judged has no level, and is "open" (3.27.9). */
static const char *
level_of(const struct report_finding *x)
{
	static const char *const levels[] = {
	    [SEVERITY_INFO] = "note",
	    [SEVERITY_LOW] = "note",
	    [SEVERITY_MEDIUM] = "warning",
	    [SEVERITY_HIGH] = "error",
	    [SEVERITY_CRITICAL] = "error",
	};

	return x->x.status == VERDICT_FAIL ? levels[x->x.severity] : "none";
}

/* 3.27.24 */
static const char *
baseline_of(const struct report_finding *x)
{
	return x->change == REPORT_STILL  ? "unchanged"
	       : x->change == REPORT_GONE ? "absent"
					  : "new";
}

/* {"text":...}: a message (3.11), or a multiformatMessageString (3.12). */
static void
put_message(struct str *out, const char *key, const char *text)
{
	jtext_key(out, key);
	jtext_open(out);
	jtext_text(out, "text", text);
	jtext_close(out);
}

/* An array of one object: jtext_open follows the key. */
static void
begin_one(struct str *out, const char *key)
{
	jtext_key(out, key);
	str_addc(out, '[');
	jtext_open(out);
}

static void
end_one(struct str *out)
{
	jtext_close(out);
	str_addc(out, ']');
}

static void
put_location(const struct report_finding *x, struct str *out)
{
	begin_one(out, "locations");
	begin_one(out, "logicalLocations");
	jtext_text(out, "name", x->name);
	jtext_text(out, "fullyQualifiedName", x->ref ? x->ref : x->name);
	jtext_text(out, "kind", "resource");
	end_one(out);
	end_one(out);
}

static void
put_properties(const struct report_finding *x, struct str *out)
{
	jtext_key(out, "properties");
	jtext_open(out);
	jtext_text(out, "severity", severity_words[x->x.severity]);
	jtext_text(out, "status", verdict_words[finding_status(&x->x)]);
	jtext_raw(out, "observed", x->x.observed);
	jtext_text(out, "remedy", x->x.remedy);
	jtext_time(out, "firstSeen", x->x.first_seen);
	jtext_time(out, "lastSeen", x->x.last_seen);
	jtext_int(out, "occurrences", x->x.times);
	jtext_close(out);
}

static void
put_suppression(const struct report_finding *x, struct str *out)
{
	begin_one(out, "suppressions");
	jtext_text(out, "kind", "external");
	jtext_text(out, "justification", x->why_waived);
	end_one(out);
}

static void
put_result(const struct report_finding *x, struct str *out)
{
	struct str message = STR_INIT;
	char *print = mem_printf("%s:%s", x->x.check, x->ref ? x->ref : x->name);

	report_message(x, &message);
	jtext_open(out);
	jtext_text(out, "ruleId", x->x.check);
	jtext_text(out, "kind", x->x.status == VERDICT_FAIL ? "fail" : "open");
	jtext_text(out, "level", level_of(x));
	put_message(out, "message", message.text);
	put_location(x, out);
	jtext_key(out, "partialFingerprints");
	jtext_open(out);
	jtext_text(out, "checkAndItem/v1", print);
	jtext_close(out);
	jtext_text(out, "baselineState", baseline_of(x));
	if (x->why_waived)
		put_suppression(x, out);
	put_properties(x, out);
	jtext_close(out);
	free(print);
	str_done(&message);
}

static void
put_rule(const struct report_finding *x, struct str *out)
{
	jtext_open(out);
	jtext_text(out, "id", x->x.check);
	put_message(out, "shortDescription", x->x.check);
	if (x->x.expected)
		put_message(out, "fullDescription", x->x.expected);
	jtext_close(out);
}

/* Commas between elements of an array that are written one at a time. */
static void
next(struct str *out, size_t *n)
{
	if ((*n)++)
		str_addc(out, ',');
}

/* Findings are ordered by weight before check: a rule is written where a check comes first. */
static void
put_rules(const struct report *r, const struct report_audit *a, struct str *out)
{
	struct map seen = {0};
	size_t n = 0;
	int fresh;

	jtext_key(out, "rules");
	str_addc(out, '[');
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct report_finding *x = &r->findings.v[i];

		if (report_audit_of(r, x->x.check) != a)
			continue;
		map_put(&seen, x->x.check, &fresh);
		if (!fresh)
			continue;
		next(out, &n);
		put_rule(x, out);
	}
	str_addc(out, ']');
	map_done(&seen);
}

static void
put_tool(const struct report *r, const struct report_audit *a, struct str *out)
{
	jtext_key(out, "tool");
	jtext_open(out);
	jtext_key(out, "driver");
	jtext_open(out);
	jtext_text(out, "name", "craton-audit");
	jtext_text(out, "version", CRATON_VERSION);
	put_rules(r, a, out);
	jtext_close(out);
	jtext_close(out);
}

static void
put_run(const struct report *r, const struct report_audit *a, struct str *out)
{
	const struct report_run *run = report_newest(a);
	size_t n = 0;

	jtext_open(out);
	put_tool(r, a, out);
	jtext_key(out, "automationDetails");
	jtext_open(out);
	jtext_text(out, "id", a->name);
	put_message(out, "description", a->title);
	jtext_close(out);
	begin_one(out, "invocations");
	jtext_bool(out, "executionSuccessful", run && run->complete);
	jtext_time(out, "startTimeUtc", run ? run->started : 0);
	jtext_time(out, "endTimeUtc", run ? run->ended : 0);
	end_one(out);
	jtext_key(out, "results");
	str_addc(out, '[');
	for (size_t i = 0; i < r->findings.n; i++)
		if (report_audit_of(r, r->findings.v[i].x.check) == a) {
			next(out, &n);
			put_result(&r->findings.v[i], out);
		}
	str_addc(out, ']');
	jtext_close(out);
}

void
report_sarif(const struct report *r, struct str *out)
{
	size_t n = 0;

	jtext_open(out);
	jtext_text(out, "$schema", SCHEMA);
	jtext_text(out, "version", "2.1.0");
	jtext_key(out, "runs");
	str_addc(out, '[');
	for (size_t i = 0; i < r->audits.n; i++) {
		next(out, &n);
		put_run(r, &r->audits.v[i], out);
	}
	str_addc(out, ']');
	jtext_close(out);
	str_addc(out, '\n');
}
