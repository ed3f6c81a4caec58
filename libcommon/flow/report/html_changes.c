/* SPDX-License-Identifier: Apache-2.0 */
/* What changed: a line a check, with the items that it is about. */
#include "flow/report/html.h"
#include "io/markup.h"

#include <inttypes.h>
#include <string.h>

struct changed VEC_BODY(const struct report_finding *);

/* The end of those from i on that are of the same check and as severe. */
static size_t
group_end(const struct changed *all, size_t i)
{
	const struct finding *first = &all->v[i]->x;

	while (i < all->n && all->v[i]->x.severity == first->severity &&
	       !strcmp(all->v[i]->x.check, first->check))
		i++;
	return i;
}

static void
put_name(const struct report_finding *x, struct str *out)
{
	str_addf(out, "<a href=\"#f%" PRId64 "\">", x->x.id);
	markup_text(out, x->name);
	str_add(out, "</a> ");
}

/* Those after the first so many are folded: the page is read from the top. */
#define NAMED 12

static void
put_names(const struct changed *all, size_t i, size_t end, struct str *out)
{
	size_t shown = end - i > NAMED + 1 ? i + NAMED : end;

	str_add(out, "<div class=\"names\">");
	for (; i < shown; i++)
		put_name(all->v[i], out);
	if (i < end)
		str_addf(out, "<details><summary>and %zu more</summary>", end - i);
	for (size_t more = i; more < end; more++)
		put_name(all->v[more], out);
	str_add(out, i < end ? "</details></div>" : "</div>");
}

static void
put_group(const struct changed *all, size_t i, size_t end, struct str *out)
{
	str_add(out, "<li>");
	html_badge(all->v[i]->x.severity, out);
	str_add(out, "<div>");
	if (end - i == 1)
		put_name(all->v[i], out);
	str_add(out, "<code>");
	markup_text(out, all->v[i]->x.check);
	str_add(out, "</code> ");
	if (end - i == 1)
		html_message(all->v[i], out);
	else
		str_addf(out, "<b>%zu</b>", end - i);
	if (end - i > 1)
		put_names(all, i, end, out);
	str_add(out, "</div></li>\n");
}

static void
put_changes(const struct report *r, enum report_change change, const char *title, struct str *out)
{
	struct changed all = {0};

	for (size_t i = 0; i < r->findings.n; i++)
		if (r->findings.v[i].change == change)
			vec_push(&all, &r->findings.v[i]);
	if (all.n)
		str_addf(out, "<div><h3>%s <small>%zu</small></h3>\n<ul class=\"changes\">\n",
		    title, all.n);
	for (size_t i = 0, end; i < all.n; i = end) {
		end = group_end(&all, i);
		put_group(&all, i, end, out);
	}
	if (all.n)
		str_add(out, "</ul></div>\n");
	vec_done(&all);
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
