/* SPDX-License-Identifier: Apache-2.0 */
#include "one_run.h"

#include "base/report.h"

int
one_run_format(struct one_run *o, struct fault *f)
{
	if (output_format(o->word, OUTPUT_TABLE, &o->format, f) < 0)
		return -1;
	if (o->format == OUTPUT_TSV || o->format == OUTPUT_NAMES)
		return fault_set(
		    f, FAULT_USAGE, "-o %s: it is table (lines), jsonl or json", o->word);
	return 0;
}

int
one_run_open(struct one_run *o, const struct args *args, int argc, char **argv, enum db_mode mode,
    struct fault *f)
{
	int n, status = args_parse(args, argc, argv, &n, f);

	if (status)
		return status;
	report_level(o->base.quiet ? -1 : o->base.verbose);
	if (n > 1)
		return fault_set(f, FAULT_USAGE, "%s: one run at a time", argv[0]);
	if (one_run_format(o, f) < 0 || session_open(&o->session, &o->base, mode, f) < 0)
		return -1;
	return run_want(&o->session, n ? argv[1] : NULL, &o->run, f);
}

void
one_run_close(struct one_run *o)
{
	run_done(&o->run);
	session_close(&o->session);
}
