/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/ledger.h"

#include "base/when.h"
#include "io/jtext.h"

#include <inttypes.h>
#include <string.h>

/* ---- the run's row ---- */

int
ledger_open(struct ledger *l, struct session *s, const struct definition *d, int narrowed,
    const char *doubted, struct fault *f)
{
	*l = (struct ledger){.s = s, .d = d, .narrowed = narrowed, .at = when_now()};
	l->failed = mem_zero(d->checks.n, sizeof(*l->failed));
	l->waivers = waiver_set_new(s, l->at, f);
	if (!l->waivers)
		return -1;
	if (db_run(s->db, f,
		"INSERT INTO audit_run (project, audit, definition, file, narrowed, started, "
		"actor, doubted) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		"isssiiss", s->project, d->audit, d->hash, d->path, (int64_t) !!narrowed, l->at,
		s->actor, doubted) < 0)
		return -1;
	l->run = db_last_id(s->db);
	return 0;
}

static void
forget_batch(struct ledger *l)
{
	for (size_t i = 0; i < l->findings.n; i++)
		finding_done(&l->findings.v[i]);
	l->findings.n = 0;
	l->gone.n = 0;
}

void
ledger_done(struct ledger *l)
{
	forget_batch(l);
	vec_done(&l->findings);
	vec_done(&l->gone);
	map_done(&l->open);
	waiver_set_free(l->waivers);
	free(l->failed);
}

void
ledger_counts(const int64_t counts[VERDICT_COUNT], struct str *out)
{
	jtext_open(out);
	for (int i = 0; i < VERDICT_COUNT; i++)
		jtext_int(out, verdict_words[i], counts[i]);
	jtext_close(out);
}

/* ---- what may be closed ---- */

static char *
open_key(int64_t item, const char *check, const char *subject)
{
	return mem_printf("%" PRId64 " %s %s", item, check, item || !subject ? "" : subject);
}

static int
recall(struct ledger *l, struct db_rows *rows, int more, struct fault *f)
{
	map_done(&l->open);
	while (more >= 0 && (more = db_next(rows, f)) == 1) {
		char *key = open_key(db_int(rows, 1), db_text(rows, 2), db_text(rows, 3));

		map_put(&l->open, key, NULL)->i = db_int(rows, 0);
		free(key);
	}
	db_end(rows);
	return more < 0 ? -1 : 0;
}

#define RECALL                                                                                     \
	"SELECT id, item, name, subject FROM finding "                                             \
	"WHERE project = $1 AND audit = $2 AND resolved IS NULL "

int
ledger_recall_items(struct ledger *l, int64_t first, int64_t last, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(l->s->db, &rows, f, RECALL "AND item >= $3 AND item <= $4", "isii",
	    l->s->project, l->d->audit, first, last);

	return recall(l, &rows, more, f);
}

int
ledger_recall_check(struct ledger *l, const struct check *c, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(
	    l->s->db, &rows, f, RECALL "AND name = $3", "iss", l->s->project, l->d->audit, c->name);

	return recall(l, &rows, more, f);
}

/* Takes it out of what is recalled: its id, or 0. */
static int64_t
take_open(struct ledger *l, int64_t item, const char *check, const char *subject)
{
	union map_value *value;
	char *key;
	int64_t id;

	if (!l->open.n) /* a healthy fleet: most of the time */
		return 0;
	key = open_key(item, check, subject);
	value = map_get(&l->open, key);
	id = value ? value->i : 0;

	if (value)
		value->i = 0;
	free(key);
	return id;
}

/* ---- verdicts ---- */

static char *
domain_json(const struct check *c)
{
	struct str list = STR_INIT;

	if (!c->domain.n)
		return NULL;
	for (size_t i = 0; i < c->domain.n; i++) {
		str_addc(&list, i ? ',' : '[');
		jtext_put_string(&list, c->domain.v[i]);
	}
	str_addc(&list, ']');
	return str_take(&list);
}

static void
add_finding(struct ledger *l, const struct check *c, int64_t item, const char *subject,
    enum verdict verdict, char *observed, char *message)
{
	struct finding *x = vec_add(&l->findings);

	*x = (struct finding){
	    .item = item,
	    .subject = mem_dup(subject ? subject : ""),
	    .check = mem_dup(c->name),
	    .status = verdict,
	    .severity = (enum severity)c->severity,
	    .expected = mem_dup(c->expect),
	    .observed = observed,
	    .message = message,
	    .remedy = mem_dup(c->remedy),
	    .domain = domain_json(c),
	    .waiver = waiver_of(l->waivers, item, c->name),
	    .last_seen = l->at,
	    .run = l->run,
	};
	l->counts[finding_status(x)]++;
	if (!x->waiver)
		l->found[x->severity]++;
	if (item && !x->waiver && verdict == VERDICT_FAIL)
		l->failed[c - l->d->checks.v]++;
}

void
ledger_add_take(struct ledger *l, const struct check *c, int64_t item, const char *subject,
    enum verdict verdict, char *observed, char *message)
{
	int64_t was_open = take_open(l, item, c->name, subject);

	if (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE) {
		add_finding(l, c, item, subject, verdict, observed, message);
		return;
	}
	l->counts[verdict]++;
	if (was_open)
		vec_push(&l->gone,
		    ((struct gone){was_open,
			verdict == VERDICT_PASS ? RESOLUTION_PASS : RESOLUTION_NOT_APPLICABLE}));
	free(observed);
	free(message);
}

void
ledger_pass_rest(struct ledger *l, const struct ids *scope)
{
	struct map_entry *entry;
	size_t at = 0;

	while ((entry = map_each(&l->open, &at))) {
		int64_t item = strtoll(entry->key, NULL, 10);

		if (!entry->value.i)
			continue;
		if (item ? ids_have(scope, item) : !l->narrowed)
			vec_push(&l->gone, ((struct gone){entry->value.i, RESOLUTION_PASS}));
	}
	map_done(&l->open);
}

void
ledger_pass_subject(struct ledger *l, const struct check *c, const char *subject)
{
	int64_t was_open = take_open(l, 0, c->name, subject);

	if (was_open)
		vec_push(&l->gone, ((struct gone){was_open, RESOLUTION_PASS}));
}

/* ---- writing ---- */

static int
write_batch(struct ledger *l, struct fault *f)
{
	for (size_t i = 0; i < l->findings.n; i++)
		if (finding_put(l->s, &l->findings.v[i], f) < 0)
			return -1;
	for (size_t i = 0; i < l->gone.n; i++)
		if (finding_resolve(l->s, l->gone.v[i].finding, l->gone.v[i].how, l->at, f) < 0)
			return -1;
	return 0;
}

int
ledger_is_full(const struct ledger *l)
{
	return l->findings.n + l->gone.n >= LEDGER_BATCH;
}

int
ledger_flush(struct ledger *l, int all, struct fault *f)
{
	if (!(l->findings.n + l->gone.n) || (!all && !ledger_is_full(l)))
		return 0;
	if (db_begin(l->s->db, f) < 0)
		return -1;
	if (write_batch(l, f) < 0 || db_commit(l->s->db, f) < 0) {
		db_rollback(l->s->db);
		return -1;
	}
	for (size_t i = 0; l->show && i < l->findings.n; i++)
		if (l->show(&l->findings.v[i], l->ctx) != 0)
			return fault_set(f, FAULT_STOPPED, "nobody takes the findings");
	forget_batch(l);
	return 0;
}

static int
end_row(struct ledger *l, int64_t scope, int64_t covered, int complete, struct fault *f)
{
	struct str counts = STR_INIT;
	int64_t n;

	ledger_counts(l->counts, &counts);
	n = db_run(l->s->db, f,
	    "UPDATE audit_run SET ended = $2, complete = $3, scope = $4, covered = $5, counts = $6 "
	    "WHERE id = $1",
	    "iiiiis", l->run, when_now(), (int64_t) !!complete, scope, covered, counts.text);
	str_done(&counts);
	return n < 0 ? -1 : 0;
}

int
ledger_close(struct ledger *l, int64_t scope, int64_t covered, int complete, struct fault *f)
{
	if (ledger_flush(l, 1, f) < 0 || db_begin(l->s->db, f) < 0)
		return -1;
	if (complete && !l->narrowed && finding_sweep(l->s, l->d->audit, l->run, l->at, f) < 0)
		goto fail;
	if (end_row(l, scope, covered, complete, f) < 0 || db_commit(l->s->db, f) < 0)
		goto fail;
	return 0;
fail:
	db_rollback(l->s->db);
	return -1;
}
