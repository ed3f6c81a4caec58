/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"
#include "one_run.h"
#include "remediate.h"

#include "base/report.h"

#include <unistd.h>

#define AGAIN_MS 200 /* how often new events are looked for */

/* The run is read before its events: what it said last is printed before it is found to be over. */
static int
print_all(struct one_run *o, int64_t since, int is_followed, struct lines *l, struct fault *f)
{
	int64_t id = o->run.id;
	int rc;

	for (;;) {
		rc = event_each(&o->session, id, &since, lines_put, l, f);
		lines_put(NULL, l);
		if (rc < 0 || !is_followed || !run_is_moving(&o->run))
			return rc;
		usleep(AGAIN_MS * 1000);
		run_done(&o->run);
		if (run_get(&o->session, id, &o->run, f) < 0)
			return -1;
	}
}

int
remediate_log(int argc, char **argv)
{
	struct one_run o = {0};
	struct lines lines = {0};
	int64_t since = 0;
	int is_followed = 0;
	const struct args_opt own[] = {
	    {0, "since", "SEQ", ARGS_INT, &since, "only what came after this event"},
	    {0, "follow", NULL, ARGS_FLAG, &is_followed, "and what comes, until the run stops"},
	    RUN_FORMAT(&o), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"log [options] [RUN]",
	    "Print the events of a run, oldest first; by default of the newest open run.",
	    "craton-remediate log 7\n"
	    "craton-remediate log --follow -o jsonl --since 4711",
	    own, NULL, common};
	struct fault f;
	int status = one_run_open(&o, &args, argc, argv, DB_READ, &f);

	if (status == 0) {
		lines_begin(&lines, o.format);
		status = print_all(&o, since, is_followed, &lines, &f);
		if (status == 0)
			status = lines_end(&lines, &f);
	}
	one_run_close(&o);
	return status < 0 ? report_fault(&f) : 0;
}
