/* SPDX-License-Identifier: Apache-2.0 */
/* Every finding with its evidence. */
#include "flow/report/html.h"
#include "io/jtext.h"
#include "io/markup.h"

#include <inttypes.h>

void
html_message(const struct report_finding *x, struct str *out)
{
	struct str message = STR_INIT;

	report_message(x, &message);
	markup_text(out, message.text);
	str_done(&message);
}

static void
put_term(struct str *out, const char *term, const char *text)
{
	if (!text)
		return;
	str_addf(out, "<dt>%s</dt><dd>", term);
	markup_text(out, text);
	str_add(out, "</dd>");
}

/* Evidence as a table of its members, one a line. */
static void
put_evidence(const char *observed, struct str *out)
{
	struct jtext object = jtext_of(observed), key, value;
	size_t at = 0;

	if (!observed || jtext_type(object) != JTEXT_OBJECT)
		return;
	str_add(out, "<dt>observed</dt><dd><ul class=\"evidence\">");
	while (jtext_each(object, &at, &key, &value)) {
		char *name = jtext_plain_dup(key), *text = jtext_plain_dup(value);

		str_add(out, "<li><code>");
		markup_text(out, name);
		str_add(out, "</code> ");
		markup_text(out, text);
		str_add(out, "</li>");
		free(name);
		free(text);
	}
	str_add(out, "</ul></dd>");
}

static void
put_history(const struct report_finding *x, struct str *out)
{
	str_add(out, "<dt>seen</dt><dd>");
	html_time(x->x.first_seen, out);
	str_add(out, " to ");
	html_time(x->x.last_seen, out);
	str_addf(out, ", in %" PRId64 " run%s", x->x.times, x->x.times == 1 ? "" : "s");
	if (x->x.reopened)
		str_addf(out, ", came back %" PRId64 " time%s", x->x.reopened,
		    x->x.reopened == 1 ? "" : "s");
	str_add(out, "</dd>");
}

/* "2026-11-24 12:51 demo-set-ntp: failed, undone (set-ntp failed: exit status 100), run 1" */
static void
put_repair(const struct repair *x, struct str *out)
{
	struct str how = STR_INIT;

	repair_text(x, &how);
	str_add(out, "<li>");
	html_time(x->started, out);
	str_add(out, " <b>");
	markup_text(out, x->workflow);
	str_addf(out, "</b>: %s", how.text);
	if (x->why) {
		str_add(out, " (");
		if (x->step) {
			markup_text(out, x->step);
			str_addc(out, ' ');
		}
		markup_text(out, x->why);
		str_addc(out, ')');
	}
	str_addf(out, ", run %" PRId64 "</li>", x->run);
	str_done(&how);
}

static void
put_repairs(const struct report_finding *x, struct str *out)
{
	if (!x->repairs.n)
		return;
	str_add(out, "<dt>tried</dt><dd><ul class=\"evidence\">");
	for (size_t i = 0; i < x->repairs.n; i++)
		put_repair(&x->repairs.v[i], out);
	str_add(out, "</ul></dd>");
}

static void
put_details(const struct report_finding *x, struct str *out)
{
	str_add(out, "<dl>");
	if (x->ref) {
		str_add(out, "<dt>item</dt><dd>");
		html_find(x->ref, out);
		str_add(out, "</dd>");
	}
	str_add(out, "<dt>check</dt><dd>");
	html_find(x->x.check, out);
	str_add(out, "</dd>");
	put_term(out, "expected", x->x.expected);
	put_evidence(x->x.observed, out);
	put_history(x, out);
	put_term(out, "waived", x->why_waived);
	put_term(out, "remedy", x->x.remedy);
	put_repairs(x, out);
	str_add(out, "</dl>");
}

/* Only what is not plain failure is said: that every line would say. */
static void
put_state(const struct report_finding *x, struct str *out)
{
	enum verdict status = finding_status(&x->x);

	if (x->change == REPORT_GONE)
		str_add(out, "<em>gone</em> ");
	else if (status != VERDICT_FAIL)
		str_addf(out, "<em>%s</em> ", verdict_words[status]);
}

static void
put_finding(const struct report *r, const struct report_finding *x, struct str *out)
{
	int64_t until = x->change == REPORT_GONE ? x->x.resolved : r->at;

	str_addf(out,
	    "<details class=\"finding%s\" id=\"f%" PRId64 "\" data-severity=\"%d\"><summary>",
	    report_counts(x) ? "" : " quiet", x->x.id, (int)x->x.severity);
	html_badge(x->x.severity, out);
	str_add(out, " <b>");
	markup_text(out, x->name);
	str_add(out, "</b> <code>");
	markup_text(out, x->x.check);
	str_add(out, "</code> <span class=\"message\">");
	put_state(x, out);
	html_message(x, out);
	str_add(out, "</span> <span class=\"age\">");
	report_age(until - x->x.opened, out);
	str_add(out, "</span></summary>");
	put_details(x, out);
	str_add(out, "</details>\n");
}

static void
put_filter(const struct report *r, struct str *out)
{
	str_add(out, "<form class=\"filter\" role=\"search\" hidden>\n"
		     "<label>Find <input type=\"search\" id=\"text\" autocomplete=\"off\" "
		     "placeholder=\"host, check, words\"></label>\n"
		     "<label>at least <select id=\"severity\">");
	for (int s = 0; s < SEVERITY_COUNT; s++)
		str_addf(out, "<option value=\"%d\">%s</option>", s, severity_words[s]);
	str_addf(out,
	    "</select></label>\n<output for=\"text severity\">%zu findings</output>\n</form>\n",
	    r->findings.n);
}

void
html_findings(const struct report *r, struct str *out)
{
	str_addf(out, "<section id=\"findings\">\n<h2>Findings <small>%zu</small></h2>\n",
	    r->findings.n);
	if (r->findings.n)
		put_filter(r, out);
	else
		str_add(out, "<p>None.</p>\n");
	for (size_t i = 0; i < r->findings.n; i++)
		put_finding(r, &r->findings.v[i], out);
	str_add(out, "</section>\n");
}
