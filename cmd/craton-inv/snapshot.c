/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/session.h"

int
inv_snapshot(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"snapshot [options] FILE",
	    "Copy the database as it is at one moment, while others read and write. The copy is "
	    "one file, checked and synced before it gets its name; nothing is overwritten.",
	    "craton-inv snapshot /backup/craton-$(date +%F).db", NULL, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && (n != 1 || !*argv[1]))
		status = fault_set(&f, FAULT_USAGE, "snapshot: FILE is wanted");
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = db_copy(s.db, argv[1], &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
