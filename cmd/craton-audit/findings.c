/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"
#include "printer.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/select/select.h"

#include <string.h>

struct asked {
	const char *status, *severity;
	int64_t age;
	struct select_options chosen;
	struct finding_filter filter;
};

/* --status fail,error */
static int
read_statuses(const char *list, unsigned *out, struct fault *f)
{
	enum verdict verdict;

	while (list && *list) {
		size_t len = strcspn(list, ",");
		char *word = mem_dupn(list, len);
		int status = verdict_read("--status", word, &verdict, f);

		free(word);
		if (status < 0)
			return -1;
		if (verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE)
			return fault_set(f, FAULT_USAGE, "--status: %s is counted, not stored",
			    verdict_words[verdict]);
		*out |= 1u << verdict;
		list += len + (list[len] == ',');
	}
	return 0;
}

static int
read_filter(struct asked *a, struct fault *f)
{
	if (read_statuses(a->status, &a->filter.statuses, f) < 0)
		return -1;
	if (a->severity && severity_read("--severity", a->severity, &a->filter.at_least, f) < 0)
		return -1;
	if (a->filter.open && a->filter.resolved)
		return fault_set(f, FAULT_USAGE, "--all shows open and resolved ones");
	a->filter.open = !a->filter.resolved && !a->chosen.all;
	if (a->age)
		a->filter.before = when_now() - a->age;
	return 0;
}

static int
is_chosen(const struct select_options *o, int n)
{
	return n || select_narrows(o);
}

/* 1: some of what was asked for was passed over. */
static int
list(struct session *s, struct asked *a, const struct printer_options *print, char *const *names,
    int n, struct fault *f)
{
	struct printer p = {0};
	struct ids items = {0};
	int doubts = 0, status = printer_open(&p, s, print, OUTPUT_TABLE, f);

	a->chosen.retired = 1;
	if (status == 0 && is_chosen(&a->chosen, n)) {
		doubts = select_items(
		    s, &a->chosen, names, n, SELECT_TO_READ, print_warning, NULL, &items, f);
		status = doubts < 0 ? -1 : 0;
		a->filter.items = &items;
	}
	if (status == 0)
		status = finding_each(s, &a->filter, when_now(), printer_finding, &p, f);
	if (status < 0)
		printer_close(&p, &(struct fault){0});
	else
		status = printer_close(&p, f);
	a->filter.items = NULL;
	vec_done(&items);
	return status < 0 ? -1 : doubts;
}

int
verb_findings(int argc, char **argv)
{
	struct session_options base = {0};
	struct printer_options print = {0};
	struct asked a = {0};
	const struct args_opt own[] = {
	    {0, "status", "LIST", ARGS_TEXT, &a.status, "these only: fail,error,unreachable,..."},
	    {0, "severity", "SEVERITY", ARGS_TEXT, &a.severity, "as severe as this, or more"},
	    {0, "check", "PATTERN", ARGS_TEXT, &a.filter.check, "of these checks: 'os-support/*'"},
	    {0, "open", NULL, ARGS_FLAG, &a.filter.open, "what is still wrong; the default"},
	    {0, "resolved", NULL, ARGS_FLAG, &a.filter.resolved, "what is no longer wrong"},
	    {0, "since", "TIME", ARGS_TIME, &a.filter.since, "last seen then or later: 2d"},
	    {0, "age", "TIME", ARGS_DURATION, &a.age, "first seen that long ago, or longer: 7d"},
	    PRINTER_OPTIONS(&print), {0}};
	const struct args_opt shared[] = {SELECT_NARROWING(&a.chosen),
	    {0, "all", NULL, ARGS_FLAG, &a.chosen.all, "open ones and resolved ones"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"findings [options] [ITEM ...]",
	    "List the findings that are stored: the open ones, unless told otherwise.",
	    "craton-audit findings --severity high\n"
	    "craton-audit findings --resolved --since 7d compute-0001",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = read_filter(&a, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = list(&s, &a, &print, argv + 1, n, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
