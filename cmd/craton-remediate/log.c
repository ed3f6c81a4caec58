/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"
#include "one_run.h"
#include "remediate.h"

#include "base/report.h"

#include <unistd.h>

#define AGAIN_MS 200 /* how often new events are looked for */

struct log {
	struct one_run one;
	struct lines lines;
	int64_t since;
	int is_followed, is_all; /* all: of the whole file, and one.run is none */
};

/* The run is read before its events: what it said last is printed before it is found to be over. */
static int
print_all(struct log *l, struct fault *f)
{
	struct one_run *o = &l->one;
	int64_t id = o->run.id;
	int rc;

	for (;;) {
		rc = event_each(o->session.db, id, &l->since, lines_put, &l->lines, f);
		lines_put(NULL, &l->lines);
		if (rc < 0 || !l->is_followed || (id && !run_is_moving(&o->run)))
			return rc;
		usleep(AGAIN_MS * 1000);
		run_done(&o->run);
		if (id && run_get(&o->session, id, &o->run, f) < 0)
			return -1;
	}
}

static int
open_log(struct log *l, const struct args *args, int argc, char **argv, struct fault *f)
{
	struct one_run *o = &l->one;
	int n, status = args_parse(args, argc, argv, &n, f);

	if (status)
		return status;
	report_level(o->base.quiet ? -1 : o->base.verbose);
	if (n > 1 || (n && l->is_all))
		return fault_set(
		    f, FAULT_USAGE, "log: %s", n > 1 ? "one run at a time" : "either --all or RUN");
	if (one_run_format(o, f) < 0 || session_open(&o->session, &o->base, DB_READ, f) < 0)
		return -1;
	return l->is_all ? 0 : run_want(&o->session, n ? argv[1] : NULL, &o->run, f);
}

int
remediate_log(int argc, char **argv)
{
	struct log l = {0};
	const struct args_opt own[] = {{0, "all", NULL, ARGS_FLAG, &l.is_all,
					   "the whole journal: all runs, and what is of none"},
	    {0, "since", "SEQ", ARGS_INT, &l.since, "only what came after this event"},
	    {0, "follow", NULL, ARGS_FLAG, &l.is_followed, "and what comes, until the run stops"},
	    RUN_FORMAT(&l.one), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&l.one.base), {0}};
	const struct args args = {"log [options] [RUN]",
	    "Print the events of a run, oldest first; by default of the newest open run.",
	    "craton-remediate log 7\n"
	    "craton-remediate log --all -o jsonl >journal.jsonl\n"
	    "craton-remediate log --follow -o jsonl --since 4711",
	    own, NULL, common};
	struct fault f;
	int status = open_log(&l, &args, argc, argv, &f);

	if (status == 0) {
		lines_begin(&l.lines, l.one.format);
		status = print_all(&l, &f);
		if (status == 0)
			status = lines_end(&l.lines, &f);
	}
	one_run_close(&l.one);
	return status < 0 ? report_fault(&f) : 0;
}
