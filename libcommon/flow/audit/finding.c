/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/finding.h"

#include "fleet/ref.h"
#include "flow/people/repair.h"

#include <fnmatch.h>
#include <string.h>

static const char *const resolution_words[] = {
    [RESOLUTION_NONE] = NULL,
    [RESOLUTION_PASS] = "pass",
    [RESOLUTION_NOT_APPLICABLE] = "not-applicable",
    [RESOLUTION_OUT_OF_SCOPE] = "out-of-scope",
};

void
finding_done(struct finding *x)
{
	free(x->subject);
	free(x->check);
	free(x->expected);
	free(x->observed);
	free(x->message);
	free(x->remedy);
	free(x->domain);
	*x = (struct finding){0};
}

enum verdict
finding_status(const struct finding *x)
{
	return x->waiver ? VERDICT_WAIVED : x->status;
}

/* ---- writing ---- */

#define PUT_COLUMNS                                                                                \
	"INSERT INTO finding (project, item, subject, audit, name, status, severity, expected, "   \
	"observed, message, remedy, domain, waiver, first_seen, last_seen, opened, run) "          \
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14, $15) "

#define PUT_AGAIN                                                                                  \
	"DO UPDATE SET status = excluded.status, severity = excluded.severity, "                   \
	"expected = excluded.expected, observed = excluded.observed, "                             \
	"message = excluded.message, remedy = excluded.remedy, domain = excluded.domain, "         \
	"waiver = excluded.waiver, last_seen = excluded.last_seen, run = excluded.run, "           \
	"times = finding.times + 1, "                                                              \
	"reopened = finding.reopened + CASE WHEN finding.resolved IS NULL THEN 0 ELSE 1 END, "     \
	"opened = CASE WHEN finding.resolved IS NULL THEN finding.opened ELSE excluded.opened "    \
	"END, "                                                                                    \
	"resolved = NULL, resolution = NULL "                                                      \
	"RETURNING id, first_seen, times, reopened, opened, "                                      \
	"(SELECT count(*) FROM run_item AS tried WHERE tried.item = finding.item "                 \
	"AND tried.finding = finding.id AND " REPAIR_IS_ONE ")"

/* hot: each thing that is wrong with an item, in each run */
static const char put_item[] =
    PUT_COLUMNS "ON CONFLICT (item, name) WHERE item IS NOT NULL " PUT_AGAIN;
static const char put_fleet[] =
    PUT_COLUMNS "ON CONFLICT (project, name, subject) WHERE item IS NULL " PUT_AGAIN;

static struct jtext
audit_of(const char *check)
{
	return (struct jtext){check, strcspn(check, "/")};
}

int
finding_put(struct session *s, struct finding *x, struct fault *f)
{
	struct db_rows rows;
	int status = db_query(s->db, &rows, f, x->item ? put_item : put_fleet, "irsjssssssssrii",
	    s->project, x->item, x->item || !x->subject ? "" : x->subject, audit_of(x->check),
	    x->check, verdict_words[x->status], severity_words[x->severity], x->expected,
	    x->observed, x->message, x->remedy, x->domain, x->waiver, x->last_seen, x->run);

	if (status == 0 && (status = db_next(&rows, f)) == 1) {
		x->id = db_int(&rows, 0);
		x->first_seen = db_int(&rows, 1);
		x->times = db_int(&rows, 2);
		x->reopened = db_int(&rows, 3);
		x->opened = db_int(&rows, 4);
		x->attempts = db_int(&rows, 5);
		x->resolved = 0;
		x->resolution = RESOLUTION_NONE;
	}
	db_end(&rows);
	return status < 0 ? -1 : 0;
}

int
finding_resolve(struct session *s, int64_t id, enum resolution how, int64_t at, struct fault *f)
{
	/* hot: each thing that is wrong no more */
	static const char sql[] = "UPDATE finding SET resolved = $2, resolution = $3 "
				  "WHERE id = $1 AND resolved IS NULL";

	return db_run(s->db, f, sql, "iis", id, at, resolution_words[how]) < 0 ? -1 : 0;
}

int64_t
finding_sweep(struct session *s, const char *audit, int64_t run, int64_t at, struct fault *f)
{
	return db_run(s->db, f,
	    "UPDATE finding SET resolved = $4, resolution = 'out-of-scope' "
	    "WHERE project = $1 AND audit = $2 AND run <> $3 AND resolved IS NULL",
	    "isii", s->project, audit, run, at);
}

/* ---- reading ---- */

#define GET                                                                                        \
	"SELECT x.id, x.item, x.subject, x.name, x.status, x.severity, x.expected, x.observed, "   \
	"x.message, x.remedy, x.domain, w.id, x.first_seen, x.last_seen, x.times, x.resolved, "    \
	"x.resolution, x.reopened, x.run, x.opened, "                                              \
	"(SELECT count(*) FROM run_item AS tried WHERE tried.item = x.item "                       \
	"AND tried.finding = x.id AND " REPAIR_IS_ONE ") "                                         \
	"FROM finding AS x LEFT JOIN waiver AS w ON w.id = x.waiver "                              \
	"AND w.ended IS NULL AND (w.expires IS NULL OR w.expires > $1) "

static int
place(const char *const *words, const char *word)
{
	int i = 0;

	while (words[i] && strcmp(words[i], word) != 0)
		i++;
	return i;
}

static enum resolution
resolution_of(const char *word)
{
	int how = RESOLUTION_OUT_OF_SCOPE;

	if (!word)
		return RESOLUTION_NONE;
	while (how > RESOLUTION_PASS && strcmp(resolution_words[how], word) != 0)
		how--;
	return (enum resolution)how;
}

static void
from_row(struct finding *x, const struct db_rows *row)
{
	*x = (struct finding){
	    .id = db_int(row, 0),
	    .item = db_int(row, 1),
	    .subject = db_text_dup(row, 2),
	    .check = db_text_dup(row, 3),
	    .status = (enum verdict)place(verdict_words, db_text(row, 4)),
	    .severity = (enum severity)place(severity_words, db_text(row, 5)),
	    .expected = db_text_dup(row, 6),
	    .observed = db_text_dup(row, 7),
	    .message = db_text_dup(row, 8),
	    .remedy = db_text_dup(row, 9),
	    .domain = db_text_dup(row, 10),
	    .waiver = db_int(row, 11),
	    .first_seen = db_int(row, 12),
	    .last_seen = db_int(row, 13),
	    .times = db_int(row, 14),
	    .resolved = db_int(row, 15),
	    .resolution = resolution_of(db_text(row, 16)),
	    .reopened = db_int(row, 17),
	    .run = db_int(row, 18),
	    .opened = db_int(row, 19),
	    .attempts = db_int(row, 20),
	};
}

int
finding_get(struct session *s, int64_t item, const char *check, int64_t now, struct finding *out,
    struct fault *f)
{
	/* hot: each finding of a plan, and again as it is admitted */
	static const char sql[] = GET "WHERE x.item = $2 AND x.name = $3";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "iis", now, item, check);

	if (found == 0 && (found = db_next(&rows, f)) == 1)
		from_row(out, &rows);
	db_end(&rows);
	return found;
}

int
finding_check_matches(const char *pattern, const char *check)
{
	char *audit;
	int matches = fnmatch(pattern, check, 0) == 0;

	if (matches || strchr(pattern, '/'))
		return matches;
	audit = mem_dupn(check, strcspn(check, "/"));
	matches = fnmatch(pattern, audit, 0) == 0;
	free(audit);
	return matches;
}

static int
passes(const struct finding_filter *filter, const struct finding *x)
{
	if (filter->statuses && !(filter->statuses & 1u << finding_status(x)))
		return 0;
	if (x->severity < filter->at_least || (filter->before && x->first_seen > filter->before))
		return 0;
	if (filter->check && !finding_check_matches(filter->check, x->check))
		return 0;
	return !filter->items || ids_have(filter->items, x->item);
}

int
finding_each(struct session *s, const struct finding_filter *filter, int64_t now,
    int (*each)(const struct finding *x, void *ctx), void *ctx, struct fault *f)
{
	struct db_rows rows;
	struct finding x;
	int more = db_query(s->db, &rows, f,
	    GET "WHERE x.project = $2 AND ($3 IS NULL OR x.id = $3) AND x.last_seen >= $4 "
		"AND ($5 = 0 OR x.resolved IS NULL) AND ($6 = 0 OR x.resolved IS NOT NULL) "
		"ORDER BY x.name, x.item, x.subject",
	    "iiriii", now, s->project, filter->id, filter->since, (int64_t)filter->open,
	    (int64_t)filter->resolved);
	int stop = 0;

	while (more >= 0 && !stop && (more = db_next(&rows, f)) == 1) {
		from_row(&x, &rows);
		if (passes(filter, &x))
			stop = each(&x, ctx);
		finding_done(&x);
	}
	db_end(&rows);
	return more < 0 ? -1 : stop;
}

/* ---- the record ---- */

static int
put_place(struct session *s, const struct finding *x, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = 0;

	if (!x->item) {
		jtext_text(out, "subject", x->subject);
		return 0;
	}
	status = ref_of(s, x->item, &ref, f);
	if (status == 0)
		jtext_text(out, "item", ref.text);
	str_done(&ref);
	return status;
}

static int
put_repairs(struct session *s, const struct finding *x, struct str *out, struct fault *f)
{
	struct repairs all;
	int status = repair_list(s, x->item, x->id, &all, f);

	jtext_int(out, "attempts", x->attempts);
	jtext_key(out, "repairs");
	repairs_to_json(&all, out);
	repairs_done(&all);
	return status;
}

int
finding_to_json(struct session *s, const struct finding *x, struct str *out, struct fault *f)
{
	jtext_open(out);
	jtext_text(out, "kind", "finding");
	jtext_text(out, "check", x->check);
	if (put_place(s, x, out, f) < 0)
		return -1;
	jtext_text(out, "status", verdict_words[finding_status(x)]);
	jtext_text(out, "severity", severity_words[x->severity]);
	jtext_text(out, "expected", x->expected);
	jtext_raw(out, "observed", x->observed);
	jtext_text(out, "remedy", x->remedy);
	jtext_raw(out, "domain", x->domain);
	jtext_time(out, "at", x->last_seen);
	jtext_int(out, "id", x->id);
	jtext_int(out, "run", x->run);
	jtext_time(out, "first_seen", x->first_seen);
	jtext_time(out, "last_seen", x->last_seen);
	jtext_int(out, "times", x->times);
	if (x->reopened)
		jtext_int(out, "reopened", x->reopened);
	jtext_time(out, "resolved", x->resolved);
	jtext_text(out, "resolution", resolution_words[x->resolution]);
	if (x->waiver)
		jtext_int(out, "waiver", x->waiver);
	jtext_text(out, "message", x->message);
	if (x->attempts && put_repairs(s, x, out, f) < 0)
		return -1;
	jtext_close(out);
	return 0;
}
