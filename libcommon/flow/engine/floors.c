/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/floors.h"

#include "base/when.h"
#include "fleet/select/select.h"

#include <inttypes.h>
#include <stdio.h>

#define AGAIN_MS 20 /* a commit is no further away */

struct floor {
	char *selector;
	int64_t members, least;
	struct map ids; /* of the members, in decimal */
};

static const char *
id_text(int64_t id, char buf[24])
{
	snprintf(buf, 24, "%" PRId64, id);
	return buf;
}

static int
load_members(struct engine *e, struct floor *fl, struct fault *f)
{
	const struct select_options o = {.labels = fl->selector};
	struct ids ids = {0};
	struct item item;
	char text[24];
	int rc = select_items(e->session, &o, NULL, 0, SELECT_TO_READ, NULL, NULL, &ids, f);

	for (size_t i = 0; i < ids.n && rc >= 0; i++) {
		rc = item_get(e->session, ids.v[i], &item, f);
		if (rc == 1 && item.active) {
			map_put(&fl->ids, id_text(ids.v[i], text), NULL);
			fl->members++;
		}
		item_done(&item);
	}
	vec_done(&ids);
	return rc < 0 ? -1 : 0;
}

int
floors_load(struct engine *e, const struct policy *now, struct fault *f)
{
	for (size_t i = 0; i < now->floors.n; i++) {
		const struct policy_floor *from = &now->floors.v[i];
		struct floor *fl = vec_add(&e->floors);

		*fl = (struct floor){.selector = mem_dup(from->selector)};
		if (load_members(e, fl, f) < 0)
			return -1;
		fl->least = num_share_of(&from->healthy, fl->members);
	}
	return 0;
}

void
floors_done(struct engine *e)
{
	for (size_t i = 0; i < e->floors.n; i++) {
		free(e->floors.v[i].selector);
		map_done(&e->floors.v[i].ids);
	}
	vec_done(&e->floors);
}

/* Of its members, those in work by any run and those kicked out. */
static int
count_touched(
    struct engine *e, const struct floor *fl, int64_t *working, int64_t *broken, struct fault *f)
{
	static const char sql[] = "SELECT item, 0 FROM item_lock UNION"
				  " SELECT item, 1 FROM kicked WHERE state = 'open' AND item NOT IN"
				  " (SELECT item FROM item_lock)";
	struct db_rows rows;
	char text[24];
	int more = db_query(e->session->db, &rows, f, sql, "");

	*working = *broken = 0;
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (map_get(&fl->ids, id_text(db_int(&rows, 0), text)))
			++*(db_int(&rows, 1) ? broken : working);
	db_end(&rows);
	return more;
}

/* Whether one more may be touched: 1, 0 with why, -1. */
static int
ask_one(struct engine *e, const struct floor *fl, struct str *why, struct fault *f)
{
	int64_t working, broken;

	if (count_touched(e, fl, &working, &broken, f) < 0)
		return -1;
	if (fl->members - working - broken > fl->least)
		return 1;
	str_addf(why,
	    "min_healthy: of %" PRId64 " with %s %" PRId64 " are in work and %" PRId64
	    " kicked out; %" PRId64 " have to stay whole",
	    fl->members, fl->selector, working, broken, fl->least);
	if (!working)
		engine_stop(e, ENGINE_DRAIN, RUN_HELD, why->text);
	return 0;
}

/* What of its own has ended in this turn is in the file still, and may have been kicked out. */
static int
is_stored(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM item_lock WHERE run = $1";
	int64_t n = 0;

	if (db_get_int(e->session->db, &n, f, sql, "i", e->run.id) < 0)
		return -1;
	return n == e->admission.active - 1; /* who asks counts as in work already */
}

/* By the claim it is made sure that nobody else has begun anything since. */
static int
note_begun(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM begun WHERE run <> $1";

	return db_get_int(e->session->db, &e->begun_seen, f, sql, "i", e->run.id);
}

int
floors_ask(struct engine *e, const struct work *w, struct str *why, struct fault *f)
{
	int rc = FLOORS_FREE;
	char text[24];

	e->begun_seen = -1;
	id_text(w->item, text);
	for (size_t i = 0; i < e->floors.n && !e->is_dry; i++) {
		int may;

		if (!map_get(&e->floors.v[i].ids, text))
			continue;
		rc = FLOORS_ALONE;
		if ((may = is_stored(e, f)) == 0)
			engine_wake_at(e, when_boot() + AGAIN_MS);
		if (may > 0)
			may = ask_one(e, &e->floors.v[i], why, f);
		if (may <= 0)
			return may < 0 ? -1 : FLOORS_WAIT;
	}
	if (rc == FLOORS_ALONE && note_begun(e, f) < 0)
		return -1;
	return rc;
}
