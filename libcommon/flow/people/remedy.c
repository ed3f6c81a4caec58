/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/people/remedy.h"

#include <inttypes.h>
#include <string.h>

#define DAY ((int64_t)24 * 3600 * 1000)

const char *const remedy_words[REMEDY_OUTCOMES] = {
    [REMEDY_FIXED] = "fixed",
    [REMEDY_NOT_FIXED] = "not-fixed",
    [REMEDY_WORSE] = "worse",
    [REMEDY_FAILED] = "failed",
};

static void
count(struct remedy *r, const char *word, int64_t n)
{
	for (int i = REMEDY_FIXED; i < REMEDY_OUTCOMES; i++)
		if (!strcmp(remedy_words[i], word))
			r->counts[i] += n;
	r->items += n;
}

int
remedy_read(
    struct session *s, const char *workflow, int64_t now, struct remedy *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.outcome, count(*) FROM run AS r JOIN run_item AS i ON i.run = r.id"
	    " WHERE r.project = $1 AND r.workflow = $2 AND r.created > $3"
	    " AND i.outcome IS NOT NULL GROUP BY i.outcome";
	struct db_rows rows;
	int more =
	    db_query(s->db, &rows, f, sql, "isi", s->project, workflow, now - REMEDY_DAYS * DAY);

	*out = (struct remedy){0};
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		count(out, db_text(&rows, 0), db_int(&rows, 1));
	db_end(&rows);
	return more;
}

void
remedy_text(const struct remedy *r, struct str *out)
{
	int64_t fixed = r->counts[REMEDY_FIXED];

	str_addf(out, "%" PRId64 " of %" PRId64 " item%s fixed in %d days (%.1f %%)", fixed,
	    r->items, r->items == 1 ? "" : "s", REMEDY_DAYS,
	    r->items ? 100.0 * (double)fixed / (double)r->items : 0.0);
	for (int i = REMEDY_NOT_FIXED; i < REMEDY_OUTCOMES; i++)
		if (r->counts[i])
			str_addf(out, ", %" PRId64 " %s", r->counts[i],
			    i == REMEDY_NOT_FIXED ? "not fixed" : remedy_words[i]);
}

void
remedy_to_json(const struct remedy *r, struct str *out)
{
	jtext_open(out);
	jtext_int(out, "days", REMEDY_DAYS);
	jtext_int(out, "items", r->items);
	for (int i = REMEDY_FIXED; i < REMEDY_OUTCOMES; i++)
		jtext_int(out, remedy_words[i], r->counts[i]);
	jtext_close(out);
}
