/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/barred.h"

#include <inttypes.h>

#define DAY ((int64_t)24 * 3600 * 1000) /* ms */

static int
is_kicked(const struct barred *b, int64_t item, struct str *why, struct fault *f)
{
	/* hot: each item of a plan */
	static const char sql[] = "SELECT 1 FROM kicked WHERE item = $1 AND state = 'open'";
	int64_t one;
	int found = db_get_int(b->s->db, &one, f, sql, "i", item);

	if (found == 1)
		str_add(why, "kicked out");
	return found;
}

int
barred_loop(const struct barred *b, int64_t item, struct str *why, struct fault *f)
{
	/* hot: each item of a plan */
	static const char sql[] = "SELECT count(*) FROM run_item AS i JOIN run AS r ON r.id = i.run"
				  " JOIN begun AS b ON b.run = i.run AND b.pos = i.pos"
				  " WHERE i.item = $1 AND r.workflow = $2 AND b.at > $3"
				  " AND b.run <> $4";
	int64_t n = 0;

	if (db_get_int(b->s->db, &n, f, sql, "isii", item, b->workflow, b->now - DAY, b->run) < 0)
		return -1;
	if (n < b->same_fix_day)
		return 0;
	str_addf(why, "begun %" PRId64 " times within a day (same_fix_day %" PRId64 ")", n,
	    b->same_fix_day);
	return 1;
}

int
barred_has(const struct barred *b, const struct item *i, struct jtext uses, struct str *why,
    struct fault *f)
{
	const char *plain = i->retired                                    ? "retired"
			    : !i->active                                  ? "inactive"
			    : uses_label(uses, USES_PROTECT).text != NULL ? "protected"
									  : NULL;
	int rc;

	if (plain) {
		str_add(why, plain);
		return 1;
	}
	rc = protect_has(b->protect, i, why, f);
	if (rc == 0)
		rc = is_kicked(b, i->id, why, f);
	return rc == 0 ? barred_loop(b, i->id, why, f) : rc;
}
