/* SPDX-License-Identifier: Apache-2.0 */
/* The serials and macs by which devices are recognised, against what layers say. */
#include "fleet/log/fsck.h"

#include "fleet/document.h"
#include "fleet/item.h"
#include "fleet/sources/mark.h"

#include <inttypes.h>
#include <string.h>

static int
check_layer(struct fsck *k, const struct document *d, const char *ref, struct fault *f)
{
	/* hot: each layer of a device with a serial or a mac */
	static const char sql[] =
	    "SELECT 1 FROM mark WHERE value = $1 AND item = $2 AND source = $3";
	struct words marks = {0};
	int64_t one;
	int found = 0;

	mark_of(JTEXT(d->attributes), JTEXT(d->variables), &marks);
	for (size_t i = 0; found >= 0 && i < marks.n; i++) {
		found = db_get_int(k->s->db, &one, f, sql, "sii", marks.v[i], d->item, d->source);
		k->marks += found == 1;
		if (found == 0)
			fsck_say(k, "%s: is not found by its %s", ref, marks.v[i]);
	}
	words_done(&marks);
	return found < 0 ? -1 : 0;
}

int
fsck_item_marks(struct fsck *k, const struct item *i, const struct documents *docs, const char *ref,
    struct fault *f)
{
	int status = 0;

	for (size_t n = 0; status == 0 && n < docs->n && !strcmp(i->class, "device"); n++)
		status = check_layer(k, &docs->v[n], ref, f);
	return status;
}

/* All that layers have were met item by item: what is more than these belongs to none. */
int
fsck_marks(struct fsck *k, struct fault *f)
{
	int64_t all = 0;

	if (db_get_int(k->s->db, &all, f, "SELECT count(*) FROM mark", "") < 0)
		return -1;
	if (all != k->marks)
		fsck_say(k, "serials and macs: %" PRId64 " that no source says", all - k->marks);
	return 0;
}
