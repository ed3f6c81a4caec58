/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/past/anchor.h"

#include <inttypes.h>

static int
prune(struct session *s, const struct session_options *base, const char *before, int dry_run,
    struct fault *f)
{
	struct past_point to;
	char at[WHEN_TEXT];
	int64_t gone;

	if (past_point(s, before, &to, f) < 0 || anchor_prune(s, base, &to, dry_run, &gone, f) < 0)
		return -1;
	if (!gone)
		report_note(
		    "nothing to prune: the log has no entry before %s but the newest", before);
	else
		report_note("%" PRId64 " %s up to %s %s", gone, gone == 1 ? "entry" : "entries",
		    when_second(to.at, at), dry_run ? "would be pruned" : "pruned");
	return 0;
}

int
inv_prune(int argc, char **argv)
{
	struct session_options base = {0};
	const char *before = NULL;
	int dry_run = 0;
	const struct args_opt own[] = {
	    {0, "before", "TIME", ARGS_TEXT, &before, "entries up to then: 2026-01-01, 52w"},
	    {'n', "dry-run", NULL, ARGS_FLAG, &dry_run, "say how many; change nothing"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"prune [options] --before TIME -m TEXT",
	    "Shorten the change log for good. What was before cannot be read, compared or undone "
	    "any more; who did it, when and why stays, sealed, and fsck goes on from there.",
	    "craton-inv prune -n --before 52w\n"
	    "craton-inv prune --before 2026-01-01 -m 'kept in the archive'",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && (n || !before))
		status = fault_set(&f, FAULT_USAGE, "prune: --before TIME is wanted");
	if (status == 0 && !dry_run && (!base.reason || !*base.reason))
		status = fault_set(&f, FAULT_USAGE, "prune: -m TEXT is wanted: why, for good");
	if (status == 0)
		status = session_open(&s, &base, DB_CHANGE, &f);
	if (status == 0)
		status = prune(&s, &base, before, dry_run, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
