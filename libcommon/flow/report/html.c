/* SPDX-License-Identifier: Apache-2.0 */
/* The page: its head, the state in a line, and the sections in the order they are asked for. */
#include "flow/report/html.h"

#include "base/hash.h"
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

/* What a person wants to know before all else, in a sentence. */
static void
put_news(const struct report *r, struct str *out)
{
	const int64_t *n = r->changes;
	size_t clear = 0;

	str_add(out, "<p class=\"news\">Since ");
	if (r->since)
		html_time(r->since, out);
	else
		str_add(out, "the run before");
	str_addf(out, ": <b>%" PRId64 "</b> new, <b>%" PRId64 "</b> back, <b>%" PRId64 "</b> gone.",
	    n[REPORT_NEW], n[REPORT_BACK], n[REPORT_GONE]);
	for (size_t i = 0; i < r->devices.n; i++)
		clear += report_is_clear(&r->devices.v[i]);
	if (r->devices.n)
		str_addf(out, " Of %zu devices, <b>%zu</b> %s clear.", r->devices.n, clear,
		    clear == 1 ? "is" : "are");
	str_add(out, "</p>\n");
}

static void
put_head(const struct report *r, struct str *out)
{
	str_add(out, "<header>\n<h1>Fleet report <span>project ");
	markup_text(out, r->project);
	str_add(out, ", ");
	html_time(r->at, out);
	str_add(out, " UTC</span></h1>\n");
	put_news(r, out);
	str_add(out, "<ul class=\"totals\">");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
		put_total(severity_words[s], r->found[s], severity_words[s], out);
	if (r->unknown)
		put_total("unknown", r->unknown, "of these not known", out);
	if (r->waived)
		put_total("waived", r->waived, "waived", out);
	str_add(out, "</ul>\n<nav aria-label=\"Sections\"><a href=\"#changes\">Changes</a> "
		     "<a href=\"#fleet\">Fleet</a> <a href=\"#trends\">Trends</a> "
		     "<a href=\"#findings\">Findings</a></nav>\n</header>\n");
}

#define ASSET_MOST 262144

/* Style and script are part of the page: it is mailed, archived, opened from a disk. */
static int
read_asset(const char *name, struct str *out, struct fault *f)
{
	char *prefix = file_prefix(), *path = mem_printf("%s/share/craton/report/%s", prefix, name);
	int status = file_read(path, ASSET_MOST, out, f);

	free(path);
	free(prefix);
	return status;
}

static void
put_asset(const char *element, const struct str *asset, struct str *out)
{
	str_addf(out, "<%s>%s</%s>\n", element, asset->text, element);
}

static void
put_allowed(const char *directive, const struct str *asset, struct str *out)
{
	struct hash hash;
	char text[HASH_BASE64];

	hash_init(&hash);
	hash_add(&hash, asset->text, asset->len);
	str_addf(out, "; %s 'sha256-%s'", directive, hash_end_base64(&hash, text));
}

/*
 * The browser is told to run this script alone and to ask nobody for anything: should a value of
 * the fleet ever become markup, it is dead markup.
 */
static void
put_policy(const struct str *style, const struct str *script, struct str *out)
{
	str_add(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"
		     "; base-uri 'none'; form-action 'none'");
	put_allowed("style-src", style, out);
	put_allowed("script-src", script, out);
	str_add(out, "\">\n");
}

static void
put_page(const struct report *r, const struct str *style, const struct str *script, struct str *out)
{
	str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	put_policy(style, script, out);
	str_add(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		     "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	markup_text(out, r->project);
	str_add(out, ": fleet report</title>\n");
	put_asset("style", style, out);
	str_add(out, "</head>\n<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n");
	put_head(r, out);
	str_add(out, "<main>\n");
	html_changes(r, out);
	html_fleet(r, out);
	html_trends(r, out);
	html_findings(r, out);
	str_add(out, "</main>\n<footer>Made by craton-audit " CRATON_VERSION ".</footer>\n");
	put_asset("script", script, out);
	str_add(out, "</body>\n</html>\n");
}

int
report_html(const struct report *r, struct str *out, struct fault *f)
{
	struct str style = STR_INIT, script = STR_INIT;
	int status = read_asset("page.css", &style, f);

	if (status == 0)
		status = read_asset("page.js", &script, f);
	if (status == 0)
		put_page(r, &style, &script, out);
	str_done(&style);
	str_done(&script);
	return status;
}
