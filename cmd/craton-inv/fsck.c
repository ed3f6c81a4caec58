/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/log/fsck.h"
#include "flow/event/chain.h"

#include <inttypes.h>
#include <stdio.h>

static void
print_fault(const char *fault, void *ctx)
{
	(void)ctx;
	puts(fault);
}

static void
count_fault(const char *fault, void *ctx)
{
	struct fsck *k = ctx;

	k->faults++;
	k->each(fault, k->ctx);
}

/* What runs and people did, which is no part of the inventory's own log. */
static int64_t
check_journal(struct fsck *k, struct fault *f)
{
	int64_t events;

	if (db_snapshot(k->s->db, f) < 0)
		return -1;
	events = chain_check(k->s->db, count_fault, k, f);
	db_rollback(k->s->db);
	if (events < 0 && k->faults) /* broken so badly that it cannot be read was said */
		return 0;
	return events;
}

static int
check(struct fsck *k, struct fault *f)
{
	int64_t events = fsck_run(k, f) < 0 ? -1 : check_journal(k, f);

	if (events < 0)
		return -1;
	if (k->faults)
		return fault_set(f, FAULT_NO, "%s: %" PRId64 " fault%s", db_path(k->s->db),
		    k->faults, k->faults == 1 ? "" : "s");
	if (!report_quiet())
		printf("%s: sound: %" PRId64 " log entries, %" PRId64 " changes, %" PRId64
		       " items, %" PRId64 " layers, %" PRId64 " events\n",
		    db_path(k->s->db), k->entries, k->rows, k->items, k->layers, events);
	return 0;
}

int
inv_fsck(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"fsck [options]",
	    "Check the database: SQLite's pages and indexes, the change log's chain of hashes "
	    "over all that was ever written, that items are what their sources say, and the "
	    "journal's chain of hashes over what runs and people did.",
	    "craton-inv fsck", NULL, NULL, common};
	struct session s = {0};
	struct fsck k = {.s = &s, .each = print_fault, .base = &base};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n)
		status = fault_set(&f, FAULT_USAGE, "fsck: \"%s\": no operands", argv[1]);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = check(&k, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
