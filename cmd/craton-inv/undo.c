/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/report.h"
#include "fleet/log/history.h"
#include "fleet/log/revert.h"
#include "io/file.h"

#include <inttypes.h>
#include <stdlib.h>

/* What the change at hand has written so far, as log --changes would tell it. */
static int
tell(const struct change *c, struct fault *f)
{
	struct history_rows rows = {0};
	int status = history_rows(c->s, c->txn, NULL, &rows, f);

	if (status == 0)
		status = inv_tell_rows(c->s, &rows, f);
	history_rows_done(&rows);
	return status;
}

static int
undo(struct session *s, int64_t entry, int dry_run, struct fault *f)
{
	struct change c;
	struct ids later = {0};
	int status = change_begin(&c, s, s->operator, f);

	if (status < 0)
		return -1;
	status = revert_entry(&c, entry, &later, f);
	vec_done(&later);
	if (status == 0 && dry_run)
		status = tell(&c, f);
	if (status < 0 || dry_run)
		change_rollback(&c);
	else
		status = change_commit(&c, f);
	if (status == 0 && !c.txn)
		report_note("entry %" PRId64 ": nothing of it is left to undo", entry);
	else if (status == 0 && !dry_run)
		report_note("entry %" PRId64 " undone by entry %" PRId64, entry, c.txn);
	return status;
}

int
inv_undo(int argc, char **argv)
{
	struct session_options base = {0};
	int dry_run = 0;
	const struct args_opt own[] = {
	    {'n', "dry-run", NULL, ARGS_FLAG, &dry_run, "say what would change; change nothing"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"undo [options] ENTRY",
	    "Take an entry of the change log back: all of it, exactly, or nothing. Refused where "
	    "later entries touched the same.",
	    "craton-inv undo -n 17\n"
	    "craton-inv undo 17 -m 'wrong cabinet'",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int64_t entry = 0;
	char *reason = NULL;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n != 1)
		status = fault_set(&f, FAULT_USAGE, "undo: ENTRY is wanted, a number from log");
	if (status == 0)
		status = num_int(argv[1], 1, INT64_MAX, &entry, &f);
	if (status == 0) {
		reason = base.reason ? mem_printf("undo of entry %s: %s", argv[1], base.reason)
				     : mem_printf("undo of entry %s", argv[1]);
		base.reason = reason;
		status = session_open(&s, &base, DB_CHANGE, &f);
	}
	if (status == 0)
		status = undo(&s, entry, dry_run, &f);
	session_close(&s);
	free(reason);
	if (status == 0)
		status = file_end_output(&f);
	return status < 0 ? report_fault(&f) : 0;
}
