/* SPDX-License-Identifier: Apache-2.0 */
/* history_settled: when an item was last changed. */
#include "fleet/log/history.h"

int
history_settled(struct session *s, int64_t item, int64_t *row, int64_t *at, struct fault *f)
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
