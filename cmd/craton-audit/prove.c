/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "base/report.h"
#include "fleet/ref.h"
#include "flow/audit/audit.h"

#include <stdlib.h>
#include <string.h>

/* The definition that the audit last ran by; else the one of that name on the shelf. */
static char *
definition_of(struct session *s, const char *audit, struct fault *f)
{
	static const char sql[] = "SELECT file FROM audit_run WHERE project = $1 AND audit = $2"
				  " AND file IS NOT NULL ORDER BY id DESC LIMIT 1";
	char *path = NULL;

	if (db_get_text(s->db, &path, f, sql, "is", s->project, audit) < 0)
		return NULL;
	return path ? path : shelf_find(&audit_shelf, audit, f);
}

/* "kernel-currency/supported": the audit before the slash, the check's id behind it. */
static int
open_check(struct session *s, const char *check, struct definition *d, struct fault *f)
{
	const char *slash = strchr(check, '/');
	char *audit, *path;
	int status = -1;

	if (!slash)
		return fault_set(f, FAULT_USAGE, "\"%s\": AUDIT/CHECK is wanted", check);
	audit = mem_dupn(check, (size_t)(slash - check));
	path = definition_of(s, audit, f);
	if (path)
		status = open_definition(d, path, f);
	if (status == 0 && !definition_check(d, slash + 1))
		status = fault_set(f, FAULT_BAD, "%s: no check \"%s\" in it", path, slash + 1);
	free(audit);
	free(path);
	return status;
}

/* Asks the item anew and judges it by the one check. The exit status, or -1. */
static int
prove(struct session *s, const char *check, char *item, struct fault *f)
{
	struct definition d = {0};
	struct audit_report report = {0};
	struct audit_options o = {.names = &item, .nnames = 1, .warn = print_warning};
	int status = open_check(s, check, &d, f);
	int64_t id;

	o.only = strchr(check, '/') ? strchr(check, '/') + 1 : NULL;
	o.gather = (struct gather_options){.fanout = 1, .fresh = 1};
	if (status == 0)
		status = ref_want(s, NULL, item, &id, f);
	if (status == 0)
		status = audit_run(s, &d, &o, &report, f);
	definition_close(&d);
	audit_report_done(&report);
	if (status < 0)
		return -1;
	if (report.counts[VERDICT_FAIL])
		return fault_status(FAULT_NO);
	if (report.counts[VERDICT_PASS] || report.counts[VERDICT_NOT_APPLICABLE])
		return 0;
	return fault_status(FAULT_STOPPED);
}

int
verb_prove(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"prove [options] AUDIT/CHECK ITEM",
	    "Judge one check on one item again, by what it says now: 0 nothing is wrong, 1 it "
	    "fails, 4 it cannot be told.",
	    "craton-audit prove kernel-currency/supported host:dfw/compute-0001", NULL, NULL,
	    common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n != 2)
		status = fault_set(&f, FAULT_USAGE, "prove: AUDIT/CHECK and ITEM are wanted");
	if (status == 0)
		status = session_open(&s, &base, DB_WRITE, &f);
	if (status == 0)
		status = prove(&s, argv[1], argv[2], &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
