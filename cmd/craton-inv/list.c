/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/listing.h"
#include "fleet/past/past.h"
#include "fleet/select/select.h"

/* 1: some of what was asked for was passed over. */
static int
list(struct session *s, const struct select_options *chosen, char *const *names, int n,
    const struct listing_options *shown, struct fault *f)
{
	struct ids ids = {0};
	int status = select_items(s, chosen, names, n, SELECT_TO_READ, inv_warn, NULL, &ids, f);

	if (status >= 0 && listing_print(s, &ids, shown, f) < 0)
		status = -1;
	vec_done(&ids);
	return status;
}

int
inv_list(int argc, char **argv)
{
	struct session_options base = {0};
	const char *at = NULL;
	struct select_options chosen = {0};
	struct listing_options shown = {0};
	const struct args_opt own[] = {
	    PAST_OPTION(&at), SELECT_RETIRED(&chosen), LISTING_OPTIONS(&shown), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"list [options] [NAME ...]", "List the items that match, or all.",
	    "craton-inv list -l 'cabinet=a12,!maintenance'\n"
	    "craton-inv list --where 'ram_gb >= 512' -o names",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = past_enter(&s, at, &f);
	if (status == 0)
		status = list(&s, &chosen, argv + 1, n, &shown, &f);
	rules_doubts(&s, inv_warn, NULL);
	session_close(&s);
	return status < 0 ? report_fault(&f) : status;
}
