/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "base/report.h"
#include "flow/plan/action.h"
#include "io/args.h"
#include "io/file.h"
#include "io/output.h"

#include <string.h>

void
remediate_warn(const char *text, void *ctx)
{
	(void)ctx;
	report_warn("%s", text);
}

static void
draw(const struct workflow *w, struct str *out)
{
	str_addf(out, "workflow %s%s%s\n", w->name, w->title ? ": " : "", w->title ? w->title : "");
	draw_batch(w, NULL, out);
	str_add(out, "steps\n");
	draw_steps(w, NULL, out);
}

static void
print(const struct workflow *w, int is_dot)
{
	struct str out = STR_INIT;

	if (is_dot)
		draw_dot(w, &out);
	else
		draw(w, &out);
	output_text(&out);
	str_done(&out);
}

/* 0, or the exit status of what is wrong, which has been said. */
static int
lint(const char *called, int quiet, int is_dot)
{
	struct workflow w;
	struct fault f;
	char *path = NULL;
	int status = 0;

	if (workflow_open(&w, called, &path, remediate_warn, NULL, &f) < 0 ||
	    actions_check(&w, path, &f) < 0)
		status = report_fault(&f);
	else if (!quiet)
		print(&w, is_dot);
	workflow_done(&w);
	free(path);
	return status;
}

int
remediate_lint(int argc, char **argv)
{
	const char *format = "text";
	int quiet = 0;
	const struct args_opt own[] = {
	    {'o', "output", "FORMAT", ARGS_TEXT, &format, "text, or dot for dot(1)"},
	    {'q', "quiet", NULL, ARGS_FLAG, &quiet, "say nothing when nothing is wrong"}, {0}};
	const struct args args = {"lint [-q] [-o FORMAT] WORKFLOW ...",
	    "Check workflows, by file or by name, and draw their steps.",
	    "craton-remediate lint reboot\n"
	    "craton-remediate lint -q workflows/*.yaml",
	    own, NULL, NULL};
	struct fault f;
	int n, worst = 0, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n == 0)
		status = fault_set(&f, FAULT_USAGE, "lint: WORKFLOW is wanted");
	if (status == 0 && strcmp(format, "text") != 0 && strcmp(format, "dot") != 0)
		status = fault_set(
		    &f, FAULT_USAGE, "lint: \"%.40s\" is no format; text or dot is", format);
	if (status < 0)
		return report_fault(&f);
	for (int i = 1; i <= n; i++) {
		int bad = lint(argv[i], quiet, !strcmp(format, "dot"));

		worst = bad ? bad : worst;
	}
	if (file_end_output(&f) < 0)
		return report_fault(&f);
	return worst;
}
