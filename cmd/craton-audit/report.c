/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"
#include "printer.h"

#include "base/near.h"
#include "base/report.h"
#include "fleet/select/select.h"
#include "flow/report/write.h"
#include "io/table.h"

#include <stdio.h>
#include <string.h>

struct asked {
	const char *format, *severity;
	struct select_options chosen;
	struct report_options read;
};

#define MAP_COLUMNS 80 /* where there is no terminal to ask */

static void
write_map(const struct report *r, struct str *out)
{
	size_t width = table_width(stdout);

	report_map(r, width ? width : MAP_COLUMNS, table_colour(stdout), out);
}

/* One of write and make; with neither, findings as craton-audit findings prints them. */
static const struct form {
	const char *name;
	void (*write)(const struct report *r, struct str *out);
	int (*make)(const struct report *r, struct str *out, struct fault *f);
} forms[] = {
    {"text", report_text, NULL},
    {"html", NULL, report_html},
    {"map", write_map, NULL},
    {"junit", report_junit, NULL},
    {"sarif", report_sarif, NULL},
    {"prometheus", report_prometheus, NULL},
    {"table", NULL, NULL},
    {"jsonl", NULL, NULL},
    {"json", NULL, NULL},
    {"tsv", NULL, NULL},
};

#define NFORMS (sizeof(forms) / sizeof(*forms))

static const struct form *
form_of(const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	struct str all = STR_INIT;
	char hint[NEAR_HINT];

	for (size_t i = 0; i < NFORMS; i++) {
		if (!strcmp(forms[i].name, name)) {
			str_done(&all);
			return &forms[i];
		}
		near_offer(&near, forms[i].name);
		str_addf(&all, "%s%s", i ? ", " : "", forms[i].name);
	}
	fault_set(f, FAULT_USAGE, "-o: \"%.80s\": not one of %s%s", name, all.text,
	    near_hint(&near, hint));
	str_done(&all);
	return NULL;
}

static int
print_findings(struct session *s, const struct report *r, const char *format, struct fault *f)
{
	const struct printer_options print = {.format = format};
	struct printer p = {0};

	if (printer_open(&p, s, &print, OUTPUT_TABLE, f) < 0) {
		printer_close(&p, &(struct fault){0});
		return -1;
	}
	for (size_t i = 0; i < r->findings.n; i++)
		printer_finding(&r->findings.v[i].x, &p);
	return printer_close(&p, f);
}

static int
print(struct session *s, const struct report *r, const struct form *form, struct fault *f)
{
	struct str out = STR_INIT;
	int status = 0;

	if (!form->write && !form->make)
		return print_findings(s, r, form->name, f);
	if (form->make)
		status = form->make(r, &out, f);
	else
		form->write(r, &out);
	if (status == 0 && out.len)
		fwrite(out.text, 1, out.len, stdout);
	str_done(&out);
	return status;
}

/* 1: some of what was asked for was passed over. */
static int
make(struct session *s, struct asked *a, const struct form *form, char *const *names, int n,
    struct fault *f)
{
	struct ids items = {0};
	struct report r = {0};
	int doubts = 0, status = 0;

	if (n || select_given(&a->chosen)) {
		doubts = select_items(
		    s, &a->chosen, names, n, SELECT_TO_READ, print_warning, NULL, &items, f);
		status = doubts < 0 ? -1 : 0;
		a->read.items = &items;
	}
	if (status == 0)
		status = report_read(&r, s, &a->read, f);
	if (status == 0)
		status = print(s, &r, form, f);
	report_done(&r);
	a->read.items = NULL;
	vec_done(&items);
	return status < 0 ? -1 : doubts;
}

int
verb_report(int argc, char **argv)
{
	struct session_options base = {0};
	struct asked a = {.format = "text", .read = {.by = "cabinet"}};
	const struct args_opt own[] = {
	    {'o', "output", "FORM", ARGS_TEXT, &a.format,
		"text, html, map, junit, sarif, prometheus, or table, jsonl, json, tsv"},
	    {0, "since", "TIME", ARGS_TIME, &a.read.since,
		"what changed since then; else since the complete run before the newest"},
	    {0, "severity", "SEVERITY", ARGS_TEXT, &a.severity, "as severe as this, or more"},
	    {0, "check", "PATTERN", ARGS_TEXT, &a.read.check, "of these checks: 'os-support/*'"},
	    {0, "by", "LABEL", ARGS_TEXT, &a.read.by,
		"the label that places devices within a cell (cabinet)"},
	    {0}};
	const struct args_opt shared[] = {SELECT_NARROWING(&a.chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"report [options] [ITEM ...]",
	    "Report on the fleet: what changed, what is wrong, how it went over time.",
	    "craton-audit report --since 1d\n"
	    "craton-audit report -o html >fleet.html",
	    own, shared, common};
	const struct form *form = NULL;
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = (form = form_of(a.format, &f)) ? 0 : -1;
	if (status == 0 && a.severity)
		status = severity_read("--severity", a.severity, &a.read.at_least, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = make(&s, &a, form, argv + 1, n, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
