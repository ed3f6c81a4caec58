/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/fleet_check.h"

#include "fleet/query/query.h"
#include "fleet/ref.h"
#include "flow/audit/assess.h"
#include "io/jtext.h"

#include <inttypes.h>
#include <string.h>

/* A row as it came. Refs and names are looked up when the query has ended, not before. */
struct row {
	int64_t item; /* 0: none yet */
	char *called; /* a ref or name, or NULL */
	char *subject;
	char *observed; /* canonical object */
};

/* All that the query says of one item, or of one subject. */
struct saying {
	int64_t item;
	const char *subject;
	struct words observed;
};

struct answer {
	VEC(struct row) rows;
	VEC(struct saying) sayings;
	struct map places; /* of an item's id, or of ":" and a subject, in sayings */
	int item_column, subject_column;
};

static void
answer_done(struct answer *a)
{
	for (size_t i = 0; i < a->rows.n; i++) {
		free(a->rows.v[i].called);
		free(a->rows.v[i].subject);
		free(a->rows.v[i].observed);
	}
	for (size_t i = 0; i < a->sayings.n; i++)
		words_done(&a->sayings.v[i].observed);
	vec_done(&a->rows);
	vec_done(&a->sayings);
	map_done(&a->places);
}

/* ---- rows ---- */

/* FAULT_BAD: two columns have one name, or a number is none that JSON has. */
static int
put_observed(
    struct str *out, const struct answer *a, const struct guard_rows *rows, struct fault *f)
{
	struct str object = STR_INIT;
	int status = 0;

	jtext_open(&object);
	for (int i = 0; status == 0 && i < guard_columns(rows); i++)
		if (i != a->item_column && i != a->subject_column)
			status = query_put_column(&object, rows, i, f);
	jtext_close(&object);
	if (status == 0 && jtext_canonical(object.text, object.len, out, f) < 0)
		status = fault_within(f, "columns");
	str_done(&object);
	return status;
}

static int
add_row(struct answer *a, const struct guard_rows *rows, struct fault *f)
{
	const char *subject = guard_text(rows, a->subject_column < 0 ? 0 : a->subject_column);
	struct str observed = STR_INIT;
	struct row *row = vec_add(&a->rows);
	int col = a->item_column;

	row->subject = mem_dup(subject ? subject : "");
	if (col >= 0 && guard_type(rows, col) == GUARD_INT)
		row->item = guard_int(rows, col);
	else if (col >= 0)
		row->called = mem_dup(guard_text(rows, col));
	if (put_observed(&observed, a, rows, f) < 0)
		return -1;
	row->observed = str_take(&observed);
	return 0;
}

static int
column(const struct guard_rows *rows, const char *name)
{
	int i = guard_columns(rows) - 1;

	while (i >= 0 && strcmp(guard_column_name(rows, i), name) != 0)
		i--;
	return i;
}

static int
read_rows(struct session *s, const struct check *c, struct answer *a, struct fault *f)
{
	struct query q;
	int more = query_open(&q, s, c->query, (struct jtext){0}, f);

	if (more == 0) {
		a->item_column = column(&q.rows, "item");
		a->subject_column = column(&q.rows, "subject");
	}
	while (more >= 0 && (more = guard_next(&q.rows, f)) == 1)
		if (add_row(a, &q.rows, f) < 0)
			more = -1;
	query_close(&q);
	return more;
}

/* ---- sayings ---- */

static struct saying *
saying_of(struct answer *a, const struct row *row)
{
	char *key = row->item ? mem_printf("%" PRId64, row->item) : mem_printf(":%s", row->subject);
	int added;
	union map_value *place = map_put(&a->places, key, &added);

	free(key);
	if (added) {
		vec_push(&a->sayings, ((struct saying){row->item, row->subject, {0}}));
		place->i = (int64_t)a->sayings.n - 1;
	}
	return &a->sayings.v[place->i];
}

static int
ask(struct session *s, const struct check *c, struct answer *a, struct fault *f)
{
	if (read_rows(s, c, a, f) < 0)
		return -1;
	for (size_t i = 0; i < a->rows.n; i++) {
		struct row *row = &a->rows.v[i];

		if (row->called && ref_want(s, NULL, row->called, &row->item, f) < 0)
			return fault_within(f, "column item");
		words_add(&saying_of(a, row)->observed, row->observed);
	}
	return 0;
}

/* ---- the books ---- */

#define MESSAGES 5 /* rows that speak; what there is more of is in the evidence */

/* A message speaks of the columns of a row; those of several rows stand side by side. */
static int
message_of(struct judge *judge, const struct check *c, const struct saying *saying, char **out,
    struct fault *f)
{
	static char none[] = "{}";
	struct str all = STR_INIT;
	int status = 0;

	*out = NULL;
	for (size_t i = 0; status == 0 && i < saying->observed.n && i < MESSAGES; i++) {
		struct expr_subject row = {.variables = saying->observed.v[i], .attributes = none};
		char *message;

		status = assess_message(judge, c, &row, &message, f);
		if (status == 0 && message)
			str_addf(&all, "%s%s", all.len ? "; " : "", message);
		if (status == 0)
			free(message);
	}
	if (status == 0 && all.len)
		*out = str_take(&all);
	str_done(&all);
	return status;
}

static char *
observed_of(const struct saying *saying)
{
	struct str out = STR_INIT;

	if (saying->observed.n == 1)
		return mem_dup(saying->observed.v[0]);
	str_add(&out, "{\"rows\":[");
	for (size_t i = 0; i < saying->observed.n; i++)
		str_addf(&out, "%s%s", i ? "," : "", saying->observed.v[i]);
	str_add(&out, "]}");
	return str_take(&out);
}

static int
in_scope(const struct ids *scope, const struct ledger *l, int64_t item)
{
	if (!item)
		return !l->narrowed;
	return ids_have(scope, item);
}

static int
book(const struct check *c, struct judge *judge, const struct answer *a, const struct ids *scope,
    struct ledger *l, struct fault *f)
{
	int64_t items = 0;

	for (size_t i = 0; i < a->sayings.n; i++) {
		const struct saying *saying = &a->sayings.v[i];
		char *message;

		if (!in_scope(scope, l, saying->item))
			continue;
		if (message_of(judge, c, saying, &message, f) < 0)
			return -1;
		items += saying->item != 0;
		ledger_add_take(l, c, saying->item, saying->subject, VERDICT_FAIL,
		    observed_of(saying), message);
		if (ledger_flush(l, 0, f) < 0)
			return -1;
	}
	l->counts[VERDICT_PASS] += (int64_t)scope->n - items;
	ledger_pass_rest(l, scope);
	return 0;
}

int
fleet_check_run(struct session *s, const struct check *c, struct judge *judge,
    const struct ids *scope, struct ledger *l, struct fault *f)
{
	struct answer a = {0};
	int status = ask(s, c, &a, f);

	if (status == 0) {
		status = book(c, judge, &a, scope, l, f);
	} else if (f->kind == FAULT_BAD) {
		ledger_add_take(l, c, 0, "query", VERDICT_ERROR, NULL, mem_dup(f->text));
		status = 0;
	}
	answer_done(&a);
	return status;
}

int64_t
fleet_check_findings(struct session *s, const struct check *c, struct fault *f)
{
	struct answer a = {0};
	int64_t n = ask(s, c, &a, f) < 0 ? -1 : (int64_t)a.sayings.n;

	answer_done(&a);
	return n;
}
