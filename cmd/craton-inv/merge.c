/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/log/merge.h"
#include "fleet/ref.h"

#include <stdlib.h>

static int
act(struct session *s, char *const *names, int apart, struct fault *f)
{
	int64_t a, b;
	struct change c;
	int status = change_begin(&c, s, s->operator, f);

	if (status < 0)
		return -1;
	status = ref_want(s, NULL, names[0], &a, f);
	if (status == 0)
		status = ref_want(s, NULL, names[1], &b, f);
	if (status == 0)
		status = apart ? merge_refuse(&c, a, b, f) : merge_items(&c, a, b, f);
	if (status >= 0)
		return change_commit(&c, f);
	change_rollback(&c);
	return -1;
}

int
inv_merge(int argc, char **argv)
{
	struct session_options base = {0};
	int apart = 0;
	const struct args_opt own[] = {
	    {0, "apart", NULL, ARGS_FLAG, &apart, "they are two: do not propose them again"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"merge [options] KEEP GONE",
	    "Make one item of two that are one: all that is known of GONE goes to KEEP, and GONE "
	    "is "
	    "removed.",
	    "craton-inv merge host:dfw/db1 host:db1.example.com -m 'one machine, seen in the "
	    "rack'\n"
	    "craton-inv merge --apart host:a host:b -m 'the vendor gave the serial twice'",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n != 2)
		status = fault_set(&f, FAULT_USAGE, "merge: KEEP and GONE are wanted");
	if (status == 0 && !base.reason)
		status = fault_set(&f, FAULT_USAGE, "merge: -m REASON is wanted");
	if (status == 0)
		status = session_open(&s, &base, DB_CHANGE, &f);
	if (status == 0)
		status = act(&s, argv + 1, apart, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
