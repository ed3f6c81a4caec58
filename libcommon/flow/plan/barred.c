/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/barred.h"

#include "flow/people/loop.h"

#include <inttypes.h>

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
	int64_t n;

	if (loop_count(b->s, item, b->workflow, b->run, b->now, &n, f) < 0)
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
