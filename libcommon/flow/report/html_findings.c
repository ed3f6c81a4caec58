/* SPDX-License-Identifier: Apache-2.0 */
/* What changed, and every finding with its evidence. */
#include "flow/report/html.h"
#include "io/jtext.h"
#include "io/markup.h"

#include <inttypes.h>

static void
put_message(const struct report_finding *x, struct str *out)
{
	struct str message = STR_INIT;

	report_message(x, &message);
	markup_text(out, message.text);
	str_done(&message);
}

/* ---- changes ---- */

static void
put_change(const struct report_finding *x, struct str *out)
{
	str_add(out, "<li>");
	html_badge(x->x.severity, out);
	str_addf(out, " <a href=\"#f%" PRId64 "\">", x->x.id);
	markup_text(out, x->name);
	str_add(out, "</a> <code>");
	markup_text(out, x->x.check);
	str_add(out, "</code> ");
	put_message(x, out);
	str_add(out, "</li>\n");
}

/* Long lists are folded after the first so many: the page is read from the top. */
#define SHOWN 10

static void
put_changes(const struct report *r, enum report_change change, const char *title, struct str *out)
{
	int64_t n = r->changes[change], shown = 0;

	if (!n)
		return;
	str_addf(
	    out, "<div><h3>%s <small>%" PRId64 "</small></h3>\n<ul class=\"changes\">\n", title, n);
	for (size_t i = 0; i < r->findings.n; i++) {
		if (r->findings.v[i].change != change)
			continue;
		if (shown++ == SHOWN)
			str_addf(out,
			    "</ul>\n<details><summary>and %" PRId64 " more</summary>"
			    "<ul class=\"changes\">\n",
			    n - SHOWN);
		put_change(&r->findings.v[i], out);
	}
	str_add(out, n > SHOWN ? "</ul></details></div>\n" : "</ul></div>\n");
}

void
html_changes(const struct report *r, struct str *out)
{
	str_add(out, "<section id=\"changes\">\n<h2>Changed since ");
	if (r->since)
		html_time(r->since, out);
	else
		str_add(out, "the run before");
	str_add(out, "</h2>\n");
	if (r->changes[REPORT_NEW] + r->changes[REPORT_BACK] + r->changes[REPORT_GONE] == 0)
		str_add(out, "<p>Nothing.</p>\n");
	str_add(out, "<div class=\"columns\">\n");
	put_changes(r, REPORT_NEW, "New", out);
	put_changes(r, REPORT_BACK, "Back", out);
	put_changes(r, REPORT_GONE, "Gone", out);
	str_add(out, "</div>\n</section>\n");
}

/* ---- findings ---- */

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

/* "demo-set-ntp: failed, undone (set-ntp failed: exit status 100), run 1" */
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

static const char *
state_of(const struct report_finding *x)
{
	return x->change == REPORT_GONE ? "gone" : verdict_words[finding_status(&x->x)];
}

static void
put_finding(const struct report *r, const struct report_finding *x, struct str *out)
{
	int64_t until = x->change == REPORT_GONE ? x->x.resolved : r->at;

	str_addf(out,
	    "<details class=\"finding%s\" id=\"f%" PRId64 "\" data-severity=\"%d\"><summary>",
	    report_counts(x) ? "" : " quiet", x->x.id, (int)x->x.severity);
	html_badge(x->x.severity, out);
	str_addf(out, " <span class=\"state\">%s</span> <b>", state_of(x));
	markup_text(out, x->name);
	str_add(out, "</b> <code>");
	markup_text(out, x->x.check);
	str_add(out, "</code> <span class=\"message\">");
	put_message(x, out);
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
