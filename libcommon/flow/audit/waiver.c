/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/waiver.h"

#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "flow/audit/finding.h"

#include <inttypes.h>
#include <string.h>

void
waiver_done(struct waiver *w)
{
	free(w->selector);
	free(w->pattern);
	free(w->reason);
	free(w->owner);
	*w = (struct waiver){0};
}

int
waiver_in_force(const struct waiver *w, int64_t now)
{
	return !w->ended && (!w->expires || w->expires > now);
}

const char *
waiver_state(const struct waiver *w, int64_t now)
{
	if (w->ended)
		return "ended";
	return waiver_in_force(w, now) ? "in-force" : "expired";
}

int
waiver_to_json(
    struct session *s, const struct waiver *w, int64_t now, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;

	if (w->item && ref_of(s, w->item, &ref, f) < 0)
		return -1;
	jtext_open(out);
	jtext_text(out, "kind", "waiver");
	jtext_int(out, "id", w->id);
	jtext_text(out, "item", ref.text);
	jtext_text(out, "labels", w->selector);
	jtext_text(out, "check", w->pattern);
	jtext_text(out, "reason", w->reason);
	jtext_text(out, "owner", w->owner);
	jtext_time(out, "at", w->created);
	jtext_time(out, "until", w->expires);
	jtext_time(out, "ended", w->ended);
	jtext_text(out, "state", waiver_state(w, now));
	jtext_close(out);
	str_done(&ref);
	return 0;
}

/* ---- which items one covers ---- */

struct covered {
	int everything;
	struct ids items; /* ascending */
};

static int
cover(struct session *s, const struct waiver *w, struct covered *out, struct fault *f)
{
	struct selector *selector;
	int status;

	*out = (struct covered){.everything = !w->item && !w->selector};
	if (w->item)
		vec_push(&out->items, w->item);
	if (w->item || !w->selector)
		return 0;
	selector = selector_new(w->selector, f);
	status = selector ? selector_items(s, selector, 0, NULL, &out->items, f) : -1;
	selector_free(selector);
	if (status < 0)
		vec_done(&out->items);
	return status;
}

static int
covers(const struct waiver *w, const struct covered *c, int64_t item, const char *check)
{
	if (!finding_check_matches(w->pattern, check))
		return 0;
	return c->everything || ids_have(&c->items, item);
}

/* ---- writing ---- */

static int
covered_findings(struct session *s, const struct waiver *w, const struct covered *c,
    struct ids *out, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(s->db, &rows, f,
	    "SELECT id, item, name FROM finding WHERE project = $1 AND resolved IS NULL", "i",
	    s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (covers(w, c, db_int(&rows, 1), db_text(&rows, 2)))
			vec_push(out, db_int(&rows, 0));
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

static int
put_on_findings(
    struct session *s, const struct waiver *w, const struct ids *findings, struct fault *f)
{
	for (size_t i = 0; i < findings->n; i++)
		if (db_run(s->db, f, "UPDATE finding SET waiver = $2 WHERE id = $1", "ii",
			findings->v[i], w->id) < 0)
			return -1;
	return 0;
}

int64_t
waiver_add(struct session *s, struct waiver *w, int64_t now, struct fault *f)
{
	struct ids findings = {0};
	struct covered covered;
	int64_t n = -1;

	if (cover(s, w, &covered, f) < 0)
		return -1;
	if (!w->owner)
		w->owner = mem_dup(s->actor);
	w->created = now;
	if (db_run(s->db, f,
		"INSERT INTO waiver (project, item, selector, pattern, reason, owner, created, "
		"expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		"irssssir", s->project, w->item, w->selector, w->pattern, w->reason, w->owner, now,
		w->expires) < 0)
		goto out;
	w->id = db_last_id(s->db);
	if (covered_findings(s, w, &covered, &findings, f) == 0 &&
	    put_on_findings(s, w, &findings, f) == 0)
		n = (int64_t)findings.n;
out:
	vec_done(&covered.items);
	vec_done(&findings);
	return n;
}

int
waiver_end(struct session *s, int64_t id, int64_t now, struct fault *f)
{
	int64_t n = db_run(s->db, f,
	    "UPDATE waiver SET ended = $3 WHERE project = $1 AND id = $2 AND ended IS NULL "
	    "AND (expires IS NULL OR expires > $3)",
	    "iii", s->project, id, now);

	if (n == 0)
		return fault_set(f, FAULT_BAD, "no waiver %" PRId64 " is in force", id);
	return n < 0 ? -1 : 0;
}

/* ---- reading ---- */

int
waiver_list(struct session *s, int all, int64_t now, struct waivers *out, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(s->db, &rows, f,
	    "SELECT id, item, selector, pattern, reason, owner, created, expires, ended "
	    "FROM waiver WHERE project = $1 AND ($2 = 1 OR (ended IS NULL AND "
	    "(expires IS NULL OR expires > $3))) ORDER BY id",
	    "iii", s->project, (int64_t) !!all, now);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(out, ((struct waiver){.id = db_int(&rows, 0),
				  .item = db_int(&rows, 1),
				  .selector = db_text_dup(&rows, 2),
				  .pattern = db_text_dup(&rows, 3),
				  .reason = db_text_dup(&rows, 4),
				  .owner = db_text_dup(&rows, 5),
				  .created = db_int(&rows, 6),
				  .expires = db_int(&rows, 7),
				  .ended = db_int(&rows, 8)}));
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

void
waivers_done(struct waivers *w)
{
	for (size_t i = 0; i < w->n; i++)
		waiver_done(&w->v[i]);
	vec_done(w);
}

/* ---- a set ---- */

struct waiver_set {
	struct waivers waivers;
	VEC(struct covered) covered; /* by waiver */
};

struct waiver_set *
waiver_set_new(struct session *s, int64_t now, struct fault *f)
{
	struct waiver_set *set = mem_zero(1, sizeof(*set));

	if (waiver_list(s, 0, now, &set->waivers, f) < 0)
		goto fail;
	for (size_t i = 0; i < set->waivers.n; i++) {
		struct covered *c = vec_add(&set->covered);

		if (cover(s, &set->waivers.v[i], c, f) < 0)
			goto fail;
	}
	return set;
fail:
	waiver_set_free(set);
	return NULL;
}

int64_t
waiver_of(const struct waiver_set *set, int64_t item, const char *check)
{
	for (size_t i = 0; i < set->covered.n; i++)
		if (covers(&set->waivers.v[i], &set->covered.v[i], item, check))
			return set->waivers.v[i].id;
	return 0;
}

void
waiver_set_free(struct waiver_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->covered.n; i++)
		vec_done(&set->covered.v[i].items);
	vec_done(&set->covered);
	waivers_done(&set->waivers);
	free(set);
}
