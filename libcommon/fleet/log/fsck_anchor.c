/* SPDX-License-Identifier: Apache-2.0 */
/* fsck_anchor: what the log begins with, once it was pruned. */
#include "fleet/log/fsck.h"
#include "fleet/past/anchor.h"

#include <inttypes.h>
#include <string.h>

/* ---- the anchor ---- */

static int
check_seals(struct fsck *k, struct fault *f)
{
	static const char sql[] = "SELECT entry, at, pruned, hash, state, actor, reason, seal"
				  " FROM anchor ORDER BY entry";
	char before[HASH_TEXT] = "", seal[HASH_TEXT];
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct anchor a = {db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
		    db_text_dup(&rows, 3), db_text_dup(&rows, 4), db_text_dup(&rows, 5),
		    db_text_dup(&rows, 6), db_text_dup(&rows, 7)};

		anchor_seal(&a, before, seal);
		if (strcmp(seal, a.seal) != 0)
			fsck_say(k, "anchor of entry %" PRId64 ": its seal is broken", a.entry);
		memcpy(before, seal, sizeof(before));
		anchor_done(&a);
	}
	db_end(&rows);
	return more;
}

/* A session of its own: one that went to the past does not come back. */
static int
check_state(struct fsck *k, struct fault *f)
{
	struct session s = {0};
	struct anchor a = {0};
	char state[HASH_TEXT];
	int status = session_open(&s, k->base, DB_READ, f), found = 0;

	if (status == 0)
		status = found = anchor_get(&s, &a, f);
	if (found == 1) {
		const struct past_point begin = {a.entry, a.at, 0};

		status = past_go(&s, &begin, f);
		if (status == 0)
			status = anchor_state(&s, state, f);
		if (status == 0 && strcmp(state, a.state) != 0)
			fsck_say(k,
			    "anchor of entry %" PRId64
			    ": what the log leads back to is not what was signed off",
			    a.entry);
	}
	anchor_done(&a);
	session_close(&s);
	return status < 0 ? -1 : 0;
}

/* Where the log leads back to nothing sound there is nothing to compare. */
int
fsck_anchor(struct fsck *k, struct fault *f)
{
	if (check_seals(k, f) < 0)
		return -1;
	return k->pruned && k->base && !k->faults ? check_state(k, f) : 0;
}
