/* SPDX-License-Identifier: Apache-2.0 */
/* history_settled: when an item's winners were last made. */
#include "fleet/log/history.h"

static int
last_touch(struct session *s, int64_t item, int64_t *row, int64_t *at, struct fault *f)
{
	/* hot: each item that fsck checks */
	static const char sql[] =
	    "SELECT c.id, t.at FROM chg AS c JOIN txn AS t ON t.id = c.txn WHERE c.item = $1"
	    " AND c.op IN ('create', 'layer', 'drop') ORDER BY c.id DESC LIMIT 1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "i", item);

	*row = *at = 0;
	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1) {
		*row = db_int(&rows, 0);
		*at = db_int(&rows, 1);
	}
	db_end(&rows);
	return found;
}

/* A new rank settles all items that the source speaks of. */
static int
last_rank(struct session *s, int64_t item, int64_t row, int64_t *at, struct fault *f)
{
	/* hot: each item that fsck checks */
	static const char sql[] =
	    "SELECT t.at FROM chg AS c JOIN txn AS t ON t.id = c.txn WHERE c.item = 0"
	    " AND c.op = 'rank' AND c.id > $1 AND EXISTS (SELECT 1 FROM document AS d"
	    " WHERE d.id = $2 * 4096 + c.source) ORDER BY c.id DESC LIMIT 1";

	return db_get_int(s->db, at, f, sql, "ii", row, item);
}

int
history_settled(struct session *s, int64_t item, int64_t *row, int64_t *at, struct fault *f)
{
	int touched = last_touch(s, item, row, at, f);
	int ranked = touched < 0 ? -1 : last_rank(s, item, *row, at, f);

	return ranked < 0 ? -1 : touched || ranked;
}
