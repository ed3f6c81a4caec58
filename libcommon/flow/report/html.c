/* SPDX-License-Identifier: Apache-2.0 */
/* The page: its head, the state in a line, and the sections in the order they are asked for. */
#include "flow/report/html.h"

#include "base/when.h"
#include "io/file.h"
#include "io/markup.h"

#include <inttypes.h>

void
html_time(int64_t at, struct str *out)
{
	char text[WHEN_TEXT];

	when_second(at, text);
	str_addf(out, "<time datetime=\"%s\">%.10s %.5s</time>", text, text, text + 11);
}

void
html_badge(enum severity severity, struct str *out)
{
	str_addf(out, "<span class=\"badge %s\">%s</span>", severity_words[severity],
	    severity_words[severity]);
}

void
html_find(const char *text, struct str *out)
{
	str_add(out, "<a class=\"find\" href=\"#findings\"");
	markup_attribute(out, "data-find", text);
	str_addc(out, '>');
	markup_text(out, text);
	str_add(out, "</a>");
}

static void
put_total(const char *class, int64_t n, const char *word, struct str *out)
{
	str_addf(
	    out, "<li class=\"%s%s\"><b>%" PRId64 "</b> %s</li>", class, n ? "" : " none", n, word);
}

static void
put_head(const struct report *r, struct str *out)
{
	str_add(out, "<header>\n<h1>");
	markup_text(out, r->project);
	str_add(out, "<span>fleet report, ");
	html_time(r->at, out);
	str_add(out, " UTC</span></h1>\n<ul class=\"totals\">");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
		put_total(severity_words[s], r->found[s], severity_words[s], out);
	put_total("unknown", r->unknown, "of these not known", out);
	put_total("waived", r->waived, "waived", out);
	str_add(out, "</ul>\n<nav aria-label=\"Sections\"><a href=\"#changes\">Changes</a> "
		     "<a href=\"#fleet\">Fleet</a> <a href=\"#trends\">Trends</a> "
		     "<a href=\"#findings\">Findings</a></nav>\n</header>\n");
}

#define ASSET_MOST 262144

/* Style and script are part of the page: it is mailed, archived, opened from a disk. */
static int
put_asset(const char *name, const char *element, struct str *out, struct fault *f)
{
	char *prefix = file_prefix(), *path = mem_printf("%s/share/craton/report/%s", prefix, name);
	struct str text = STR_INIT;
	int status = file_read(path, ASSET_MOST, &text, f);

	if (status == 0)
		str_addf(out, "<%s>\n%s</%s>\n", element, text.text, element);
	str_done(&text);
	free(path);
	free(prefix);
	return status;
}

int
report_html(const struct report *r, struct str *out, struct fault *f)
{
	str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		     "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	markup_text(out, r->project);
	str_add(out, ": fleet report</title>\n");
	if (put_asset("page.css", "style", out, f) < 0)
		return -1;
	str_add(out, "</head>\n<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n");
	put_head(r, out);
	str_add(out, "<main>\n");
	html_changes(r, out);
	html_fleet(r, out);
	html_trends(r, out);
	html_findings(r, out);
	str_add(out, "</main>\n<footer>Made by craton-audit " CRATON_VERSION ".</footer>\n");
	if (put_asset("page.js", "script", out, f) < 0)
		return -1;
	str_add(out, "</body>\n</html>\n");
	return 0;
}
