/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fleet by region, cell and cabinet. What is clear is a square without words, hidden from
 * screen readers, which are told the sum of each cabinet instead; what is not is a link.
 */
#include "flow/report/html.h"
#include "io/markup.h"

#include <inttypes.h>
#include <string.h>

struct look {
	const char *class, *mark;
};

static struct look
look_of(const struct report_device *d)
{
	static const char *const marks[] = {"i", "l", "m", "H", "C"};

	if (d->worst < 0)
		return (struct look){"waived", "w"};
	if (d->as != VERDICT_FAIL)
		return (struct look){"unknown", "?"};
	return (struct look){severity_words[d->worst], marks[d->worst]};
}

/* "compute-0001: high, unreachable" */
static void
put_words(const struct report_device *d, struct str *out)
{
	markup_text(out, d->name);
	if (d->worst < 0)
		str_add(out, ": waived");
	else
		str_addf(out, ": %s, %s", severity_words[d->worst], verdict_words[d->as]);
}

static void
put_device(const struct report_device *d, struct str *out)
{
	struct look look;

	if (report_is_clear(d)) {
		str_add(out, "<i aria-hidden=\"true\"");
		markup_attribute(out, "title", d->name);
		str_add(out, "></i>");
		return;
	}
	look = look_of(d);
	str_addf(out, "<a class=\"%s\" href=\"#f%" PRId64 "\" title=\"", look.class, d->finding);
	put_words(d, out);
	str_add(out, "\" aria-label=\"");
	put_words(d, out);
	str_addf(out, "\">%s</a>", look.mark);
}

/* "40 devices, 2 high" */
static void
put_sum(const struct report *r, size_t i, size_t end, const char *word, struct str *out)
{
	int64_t worst[SEVERITY_COUNT] = {0};
	int any = 0;

	str_addf(out, "%zu%s", end - i, word);
	for (; i < end; i++)
		if (r->devices.v[i].worst >= 0)
			any += ++worst[r->devices.v[i].worst] > 0;
	if (any) {
		str_add(out, ", ");
		report_found(worst, out);
	}
}

/* The name of a place, or what stands for none, and its sum. */
static void
put_place(
    const struct report *r, size_t i, size_t end, int level, const char *none, struct str *out)
{
	const char *name = r->devices.v[i].place[level];

	markup_text(out, *name ? name : none);
	str_add(out, " <small>");
	put_sum(r, i, end, level == 2 ? "" : end - i == 1 ? " device" : " devices", out);
	str_add(out, "</small>");
}

static void
put_cabinet(const struct report *r, size_t i, size_t end, struct str *out)
{
	str_add(out, "<figure><figcaption>");
	put_place(r, i, end, 2, "elsewhere", out);
	str_add(out, "</figcaption><div class=\"devices\">");
	for (; i < end; i++)
		put_device(&r->devices.v[i], out);
	str_add(out, "</div></figure>\n");
}

static void
put_cell(const struct report *r, size_t i, size_t end, struct str *out)
{
	str_add(out, "<div class=\"cell\"><h4>");
	put_place(r, i, end, 1, "no cell", out);
	str_add(out, "</h4>\n<div class=\"cabinets\">\n");
	for (size_t next; i < end; i = next) {
		next = report_place_end(r, i, 3);
		put_cabinet(r, i, next, out);
	}
	str_add(out, "</div></div>\n");
}

static void
put_region(const struct report *r, size_t i, size_t end, struct str *out)
{
	str_add(out, "<div class=\"region\"><h3>");
	put_place(r, i, end, 0, "No region", out);
	str_add(out, "</h3>\n<div class=\"cells\">\n");
	for (size_t next; i < end; i = next) {
		next = report_place_end(r, i, 2);
		put_cell(r, i, next, out);
	}
	str_add(out, "</div></div>\n");
}

static void
put_legend(struct str *out)
{
	static const char *const marks[][2] = {{"critical", "C"}, {"high", "H"}, {"medium", "m"},
	    {"low", "l"}, {"info", "i"}, {"unknown", "?"}, {"waived", "w"}};

	str_add(out, "<p class=\"legend devices\"><i aria-hidden=\"true\"></i> clear");
	for (size_t m = 0; m < sizeof(marks) / sizeof(*marks); m++)
		str_addf(out, " <span class=\"%s\" aria-hidden=\"true\">%s</span> %s", marks[m][0],
		    marks[m][1], m == 5 ? "not known" : marks[m][0]);
	str_add(out, "</p>\n");
}

#define MANY 2000 /* devices from which on they are drawn smaller, to be seen as one picture */

void
html_fleet(const struct report *r, struct str *out)
{
	str_addf(out, "<section id=\"fleet\"%s>\n<h2>Fleet</h2>\n",
	    r->devices.n > MANY ? " class=\"many\"" : "");
	if (r->devices.n)
		put_legend(out);
	else
		str_add(out, "<p>No devices.</p>\n");
	str_add(out, "<div class=\"regions\">\n");
	for (size_t i = 0; i < r->devices.n;) {
		size_t end = report_place_end(r, i, 1);

		put_region(r, i, end, out);
		i = end;
	}
	str_add(out, "</div>\n</section>\n");
}
