/* SPDX-License-Identifier: Apache-2.0 */
/* Each audit in a row: what it found, how much it saw, and how that went over its runs. */
#include "flow/report/html.h"
#include "io/markup.h"

#include <inttypes.h>

#define BAR_WIDTH 4
#define BAR_HEIGHT 28

static int64_t
not_pass(const struct report_run *run)
{
	int64_t n = 0;

	for (int v = VERDICT_FAIL; v <= VERDICT_STALE; v++)
		n += run->counts[v];
	return n;
}

static int64_t
judged(const struct report_run *run)
{
	return not_pass(run) + run->counts[VERDICT_PASS];
}

/* The numbers are in the label too: a picture alone says nothing to who cannot see it. */
static void
put_label(const struct report_audit *a, struct str *out)
{
	str_addf(out,
	    "<svg role=\"img\" width=\"%d\" height=\"%d\" aria-label=\"not pass in the last "
	    "%zu runs: ",
	    REPORT_TREND * BAR_WIDTH, BAR_HEIGHT, a->runs.n);
	for (size_t i = 0; i < a->runs.n; i++)
		str_addf(out, "%s%" PRId64, i ? ", " : "", not_pass(&a->runs.v[i]));
	str_add(out, "\">");
}

static void
put_bars(const struct report_audit *a, struct str *out)
{
	int64_t most = 1;

	for (size_t i = 0; i < a->runs.n; i++)
		if (not_pass(&a->runs.v[i]) > most)
			most = not_pass(&a->runs.v[i]);
	put_label(a, out);
	for (size_t i = 0; i < a->runs.n; i++) {
		int64_t n = not_pass(&a->runs.v[i]);
		int height = (int)(n * (BAR_HEIGHT - 2) / most) + 1;
		size_t from_right = a->runs.n - i;

		str_addf(out, "<rect%s x=\"%zu\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
		    a->runs.v[i].complete ? "" : " class=\"part\"",
		    (REPORT_TREND - from_right) * BAR_WIDTH, BAR_HEIGHT - height, BAR_WIDTH - 1,
		    height);
	}
	str_add(out, "</svg>");
}

/* "921, 83 fewer": what the last two bars say, in words. */
static void
put_step(const struct report_audit *a, struct str *out)
{
	int64_t now, before;

	if (!a->runs.n)
		return;
	now = not_pass(&a->runs.v[a->runs.n - 1]);
	str_addf(out, "<span>%" PRId64, now);
	if (a->runs.n > 1) {
		before = not_pass(&a->runs.v[a->runs.n - 2]);
		if (now == before)
			str_add(out, "<br><small>as before</small>");
		else
			str_addf(out, "<br><small>%" PRId64 " %s</small>",
			    now < before ? before - now : now - before,
			    now < before ? "fewer" : "more");
	}
	str_add(out, "</span>");
}

static void
put_coverage(const struct report_run *run, struct str *out)
{
	if (!run->complete)
		str_add(out, run->ended ? "<strong>stopped early</strong>, "
					: "<strong>not ended</strong>, ");
	str_addf(out, "%" PRId64 " item%s", run->scope, run->scope == 1 ? "" : "s");
}

static void
put_audit(const struct report_audit *a, struct str *out)
{
	const struct report_run *run = report_newest(a);
	int64_t all = run ? judged(run) : 0;

	str_add(out, "<tr><th scope=\"row\">");
	html_find(a->name, out);
	str_add(out, "<br><small>");
	markup_text(out, a->title);
	str_add(out, "</small></th><td>");
	report_found(a->found, out);
	if (a->waived)
		str_addf(out, ", %" PRId64 " waived", a->waived);
	str_add(out, "</td><td>");
	if (all)
		str_addf(out, "%.1f %%", 100.0 * (double)run->counts[VERDICT_PASS] / (double)all);
	str_add(out, "</td><td>");
	if (run) {
		html_time(run->started, out);
		str_add(out, "<br><small>");
		put_coverage(run, out);
		str_add(out, "</small>");
	}
	str_add(out, "</td><td class=\"trend\">");
	put_bars(a, out);
	put_step(a, out);
	str_add(out, "</td></tr>\n");
}

void
html_trends(const struct report *r, struct str *out)
{
	str_add(out, "<section id=\"trends\">\n<h2>Trends</h2>\n");
	if (!r->audits.n) {
		str_add(out, "<p>No audit has run yet.</p>\n</section>\n");
		return;
	}
	str_addf(out,
	    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Audits\"><table>\n"
	    "<thead><tr><th scope=\"col\">Audit</th><th scope=\"col\">Open</th>"
	    "<th scope=\"col\">Pass</th><th scope=\"col\">Last run</th>"
	    "<th scope=\"col\">Not pass, last %d runs</th></tr></thead>\n<tbody>\n",
	    REPORT_TREND);
	for (size_t i = 0; i < r->audits.n; i++)
		put_audit(&r->audits.v[i], out);
	str_add(out, "</tbody></table></div>\n</section>\n");
}
