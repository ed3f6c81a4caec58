/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/bulk/export.h"
#include "io/args.h"
#include "io/file.h"

#include <stdio.h>

static int
print_line(void *ctx, struct jtext record, struct fault *f)
{
	(void)ctx;
	fwrite(record.text, 1, record.len, stdout);
	putchar('\n');
	return ferror(stdout) ? fault_errno(f, "stdout") : 0;
}

int
inv_export(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"export [options]",
	    "Export all that all sources say, a line for each item and source.",
	    "craton-inv export > fleet.jsonl\n"
	    "craton-inv import --db new.db fleet.jsonl",
	    NULL, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n > 0)
		status = fault_set(&f, FAULT_USAGE, "export: no operands; list chooses items");
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = export_all(&s, print_line, NULL, &f);
	session_close(&s);
	if (status == 0)
		status = file_end_output(&f);
	return status < 0 ? report_fault(&f) : 0;
}
