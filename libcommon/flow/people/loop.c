/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/people/loop.h"

#include "fleet/edit.h"

#include <inttypes.h>

#define DAY ((int64_t)24 * 3600 * 1000) /* ms */

int
loop_count(struct session *s, int64_t item, const char *workflow, int64_t but_run, int64_t now,
    int64_t *n, struct fault *f)
{
	/* hot: each item of a plan */
	static const char sql[] = "SELECT count(*) FROM run_item AS i JOIN run AS r ON r.id = i.run"
				  " JOIN begun AS b ON b.run = i.run AND b.pos = i.pos"
				  " WHERE i.item = $1 AND r.workflow = $2 AND b.at > $3"
				  " AND b.run <> $4";

	*n = 0;
	return db_get_int(s->db, n, f, sql, "isii", item, workflow, now - DAY, but_run) < 0 ? -1
											    : 0;
}

/* Those of the run's items that were begun on within the day. */
static int
begun_items(struct session *s, int64_t run, int64_t now, struct ids *out, struct fault *f)
{
	static const char sql[] = "SELECT DISTINCT i.item FROM begun AS b JOIN run_item AS i"
				  " ON i.run = b.run AND i.pos = b.pos"
				  " WHERE b.run = $1 AND b.at > $2";

	return db_get_ids(s->db, out, f, sql, "ii", run, now - DAY);
}

static int64_t
put_label(struct session *s, const struct ids *items, const char *workflow, int64_t same_fix_day,
    struct fault *f)
{
	const char *reason = s->reason;
	struct words labels = {0};
	char *why = mem_printf(
	    "begun %" PRId64 " times within a day by workflow %s", same_fix_day, workflow);
	int64_t changed;

	words_add(&labels, LOOP_LABEL);
	s->reason = why;
	changed = edit_labels(s, EDIT_ADD, &labels, items, f);
	s->reason = reason;
	words_done(&labels);
	free(why);
	return changed;
}

int64_t
loop_label(struct session *s, int64_t run, const char *workflow, int64_t same_fix_day, int64_t now,
    struct fault *f)
{
	struct ids begun = {0}, often = {0};
	int64_t n, changed = 0;
	int rc = begun_items(s, run, now, &begun, f);

	for (size_t i = 0; i < begun.n && rc == 0; i++) {
		rc = loop_count(s, begun.v[i], workflow, 0, now, &n, f);
		if (rc == 0 && n >= same_fix_day)
			vec_push(&often, begun.v[i]);
	}
	if (rc == 0 && often.n)
		changed = put_label(s, &often, workflow, same_fix_day, f);
	vec_done(&begun);
	vec_done(&often);
	return rc < 0 ? -1 : changed;
}
