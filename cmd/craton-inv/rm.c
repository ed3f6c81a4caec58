/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/log/change.h"
#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct rm {
	int dry_run, recursive;
	struct ids all; /* what goes, the innermost first */
};

/* Interfaces are parts of their device; anything else that goes along must be wanted. */
static int
refuse_company(struct session *s, const struct ids *asked, const struct rm *rm, struct fault *f)
{
	static const char sql[] = "SELECT class <> 'network-interface' FROM item WHERE id = $1";
	struct str first = STR_INIT;
	int64_t company = 0, counts;
	int found = 1;

	for (size_t i = 0; found == 1 && i < rm->all.n; i++) {
		int64_t id = rm->all.v[i];

		if (ids_have(asked, id))
			continue;
		found = db_get_int(s->db, &counts, f, sql, "i", id);
		if (found == 1 && counts && !company++)
			found = ref_of(s, id, &first, f) < 0 ? -1 : 1;
	}
	if (found >= 0 && company)
		found = fault_set(f, FAULT_REFUSED,
		    "refused: %" PRId64 " more would go along, %s%s; -n -r lists them, -r removes "
		    "them",
		    company, first.text, company > 1 ? " and others" : "");
	str_done(&first);
	return found < 0 ? -1 : 0;
}

/* Both for -n and before the act: the same words refuse the same things. */
static int
gather(struct session *s, const struct ids *ids, struct rm *rm, struct fault *f)
{
	if (change_cascade(s, ids, &rm->all, f) < 0)
		return -1;
	return rm->recursive ? 0 : refuse_company(s, ids, rm, f);
}

static int
list(struct session *s, const struct rm *rm, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = 0;

	for (size_t i = 0; status == 0 && i < rm->all.n; i++) {
		str_reset(&ref);
		status = ref_of(s, rm->all.v[i], &ref, f);
		if (status == 0)
			puts(ref.text);
	}
	str_done(&ref);
	return status;
}

static int
act(struct session *s, struct ids *ids, struct rm *rm, struct fault *f)
{
	struct change c;
	int status = change_begin(&c, s, s->operator, f);

	if (status < 0)
		return -1;
	status = gather(s, ids, rm, f);
	if (status == 0)
		status = change_remove(&c, ids, f);
	if (status == 0)
		status = change_commit(&c, f);
	else
		change_rollback(&c);
	if (status == 0 && c.removed > 1)
		report_note("%" PRId64 " items removed", c.removed);
	return status;
}

static int
try(struct session *s, const struct ids *ids, struct rm *rm, struct fault *f)
{
	return gather(s, ids, rm, f) < 0 ? -1 : list(s, rm, f);
}

int
inv_rm(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct rm rm = {0};
	const struct args_opt own[] = {
	    {'n', "dry-run", NULL, ARGS_FLAG, &rm.dry_run, "only list what would be removed"},
	    {'r', "recursive", NULL, ARGS_FLAG, &rm.recursive, "and all that is in the items"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"rm [options] [NAME ...]",
	    "Remove items for good, all of them or none. A device's interfaces go with it; what "
	    "is in a region or cell only with -r.",
	    "craton-inv rm host:dfw/db1 -m 'sold'\n"
	    "craton-inv rm -n -r region:us/dfw",
	    own, shared, common};
	struct session s = {0};
	struct ids ids = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0)
		status = session_open(&s, &base, rm.dry_run ? DB_READ : DB_CHANGE, &f);
	if (status == 0)
		status =
		    select_items(&s, &chosen, argv + 1, n, SELECT_TO_ACT, inv_warn, NULL, &ids, &f);
	if (status == 0)
		status = rm.dry_run ? try(&s, &ids, &rm, &f) : act(&s, &ids, &rm, &f);
	vec_done(&ids);
	vec_done(&rm.all);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
