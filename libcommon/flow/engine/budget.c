/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/budget.h"

#include "base/when.h"

#include <inttypes.h>

/* No limit is 0 in a run, and no number of items in the file. */
static int64_t
most(int64_t limit)
{
	return limit ? limit : INT64_MAX;
}

void
budget_claim(const struct work *w)
{
	static const char claim[] =
	    "INSERT INTO item_lock (item, run, at) SELECT $1, $2, $3"
	    " WHERE (SELECT count(*) FROM item_lock) < $4"
	    " AND (SELECT count(*) FROM begun WHERE at > $5) < $6"
	    " AND ($7 = 0 OR NOT EXISTS (SELECT 1 FROM item_lock AS l"
	    " JOIN item AS i ON i.id = l.item JOIN item AS mine ON mine.id = $1"
	    " WHERE i.region IS NOT mine.region))"
	    " AND ($8 < 0 OR $8 = (SELECT count(*) FROM begun WHERE run <> $2))"
	    " ON CONFLICT (item) DO NOTHING";
	static const char begin[] = "INSERT INTO begun (run, pos, at) VALUES ($1, $2, $3)";
	struct engine *e = w->engine;
	const struct plan_limits *l = &e->run.limits;
	int64_t now = when_now();

	journal_claim(&e->journal, w->pos, claim, "iiiiiiii", w->item, e->run.id, now,
	    most(l->together), now - BUDGET_HOUR, most(l->per_hour), (int64_t)l->one_region,
	    e->begun_seen);
	journal_write(&e->journal, w->pos, begin, "iii", e->run.id, w->pos, now);
}

/* Its own it knows: what has ended in this turn is not out of the file yet. */
static int64_t
room_together(struct engine *e, struct str *why, struct fault *f)
{
	static const char others[] = "SELECT count(*) FROM item_lock WHERE run <> $1";
	int64_t n = 0, limit = e->run.limits.together;

	if (!limit)
		return INT64_MAX;
	if (db_get_int(e->session->db, &n, f, others, "i", e->run.id) < 0)
		return -1;
	n += e->admission.active;
	if (n < limit)
		return limit - n;
	str_addf(why, "%" PRId64 " of %" PRId64 " in work by all runs (at_once)", n, limit);
	return 0;
}

static int64_t
room_in_hour(struct engine *e, struct str *why, struct fault *f)
{
	static const char count[] = "SELECT count(*) FROM begun WHERE at > $1";
	/* The one whose hour has to be over before there is room again. */
	static const char oldest[] =
	    "SELECT at FROM begun WHERE at > $1 ORDER BY at DESC LIMIT 1 OFFSET $2";
	int64_t n = 0, at = 0, limit = e->run.limits.per_hour, since = when_now() - BUDGET_HOUR;
	char due[WHEN_TEXT];

	if (!limit)
		return INT64_MAX;
	if (db_get_int(e->session->db, &n, f, count, "i", since) < 0)
		return -1;
	if (n < limit)
		return limit - n;
	if (db_get_int(e->session->db, &at, f, oldest, "ii", since, limit - 1) < 0)
		return -1;
	str_addf(why,
	    "%" PRId64 " of %" PRId64 " begun within an hour by all runs (per_hour); the next may"
	    " be at %s",
	    n, limit, when_second(at + BUDGET_HOUR, due));
	return 0;
}

int64_t
budget_room(struct engine *e, struct str *why, struct fault *f)
{
	int64_t together = room_together(e, why, f), hour;

	if (together <= 0)
		return together;
	hour = room_in_hour(e, why, f);
	return hour < together ? hour : together;
}

/* ---- one region at a time ---- */

int
budget_resume(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT coalesce(i.region, 0) FROM item_lock AS l JOIN item AS i"
				  " ON i.id = l.item WHERE l.run = $1 LIMIT 1";

	return db_get_int(e->session->db, &e->region, f, sql, "i", e->run.id) < 0 ? -1 : 0;
}

/* The run that has an item of another region in work: 1 and its number, 0, -1. */
static int
other_region(struct engine *e, int64_t region, int64_t *run, struct fault *f)
{
	static const char sql[] =
	    "SELECT l.run FROM item_lock AS l JOIN item AS i ON i.id = l.item"
	    " WHERE l.run <> $1 AND coalesce(i.region, 0) <> $2 ORDER BY l.run LIMIT 1";

	return db_get_int(e->session->db, run, f, sql, "ii", e->run.id, region);
}

int
budget_region(struct engine *e, const struct work *w, struct str *why, struct fault *f)
{
	static const char sql[] = "SELECT coalesce(region, 0) FROM item WHERE id = $1";
	int64_t region = 0, other = 0;
	int found;

	if (!e->run.limits.one_region || e->is_dry)
		return 1;
	if (db_get_int(e->session->db, &region, f, sql, "i", w->item) < 0)
		return -1;
	/* w counts as in work already */
	if (e->admission.active > 1 && e->region != region)
		return 0;
	found = other_region(e, region, &other, f);
	if (found == 1)
		str_addf(why,
		    "one region at a time (one_region): run %" PRId64
		    " has items of another in work",
		    other);
	if (found == 0)
		e->region = region;
	return found < 0 ? -1 : !found;
}
