/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/fleet_check.h"

#include "fleet/ref.h"
#include "flow/assess.h"
#include "io/jtext.h"
#include "store/guard.h"

#include <inttypes.h>
#include <string.h>

/* What the query says of one item, or of one subject. */
struct saying {
	int64_t item;
	char *subject;
	struct str observed; /* one object, or several with commas between */
	size_t rows;
};

struct answer {
	VEC(struct saying) sayings;
	struct map places; /* of an item's id, or of ":" and a subject, in sayings */
	int item_column, subject_column;
};

static void
answer_done(struct answer *a)
{
	for (size_t i = 0; i < a->sayings.n; i++) {
		free(a->sayings.v[i].subject);
		str_done(&a->sayings.v[i].observed);
	}
	vec_done(&a->sayings);
	map_done(&a->places);
}

/* ---- one row ---- */

/* What JSON functions give is an array or an object, and evidence of that shape. */
static void
put_text(struct str *out, const char *key, const char *text)
{
	struct str json = STR_INIT;
	struct fault no_json;

	if ((*text == '{' || *text == '[') &&
	    jtext_canonical(text, strlen(text), &json, &no_json) == 0)
		jtext_rawn(out, key, json.text, json.len);
	else
		jtext_text(out, key, text);
	str_done(&json);
}

static void
put_observed(struct str *out, const struct answer *a, const struct guard_rows *rows)
{
	struct str object = STR_INIT;
	struct fault never; /* what we wrote is JSON; canonical only sorts it */

	jtext_open(&object);
	for (int i = 0; i < guard_columns(rows); i++) {
		const char *key = guard_column_name(rows, i);

		if (i == a->item_column || i == a->subject_column)
			continue;
		switch (guard_type(rows, i)) {
		case GUARD_NULL: break;
		case GUARD_INT: jtext_int(&object, key, guard_int(rows, i)); break;
		case GUARD_REAL:
			jtext_key(&object, key);
			str_addf(&object, "%.15g", guard_double(rows, i));
			break;
		case GUARD_TEXT: put_text(&object, key, guard_text(rows, i)); break;
		}
	}
	jtext_close(&object);
	jtext_canonical(object.text, object.len, out, &never);
	str_done(&object);
}

/* The item a row speaks of; 0: none. */
static int
item_of(struct session *s, const struct answer *a, const struct guard_rows *rows, int64_t *item,
    struct fault *f)
{
	int i = a->item_column;

	*item = 0;
	if (i < 0 || guard_type(rows, i) == GUARD_NULL)
		return 0;
	if (guard_type(rows, i) == GUARD_INT)
		*item = guard_int(rows, i);
	else if (ref_want(s, NULL, guard_text(rows, i), item, f) < 0)
		return fault_within(f, "column item");
	return 0;
}

static struct saying *
saying_of(struct answer *a, int64_t item, const char *subject)
{
	char *key = item ? mem_printf("%" PRId64, item) : mem_printf(":%s", subject);
	int added;
	union map_value *place = map_put(&a->places, key, &added);

	free(key);
	if (added) {
		struct saying *new = vec_add(&a->sayings);

		new->item = item;
		new->subject = item ? NULL : mem_dup(subject);
		place->i = (int64_t)a->sayings.n - 1;
	}
	return &a->sayings.v[place->i];
}

static int
add_row(struct session *s, struct answer *a, const struct guard_rows *rows, struct fault *f)
{
	const char *subject = guard_text(rows, a->subject_column < 0 ? 0 : a->subject_column);
	struct saying *saying;
	int64_t item;

	if (item_of(s, a, rows, &item, f) < 0)
		return -1;
	saying = saying_of(a, item, subject ? subject : "");
	if (saying->rows++)
		str_addc(&saying->observed, ',');
	put_observed(&saying->observed, a, rows);
	return 0;
}

/* ---- the query ---- */

static int
column(const struct guard_rows *rows, const char *name)
{
	int i = guard_columns(rows) - 1;

	while (i >= 0 && strcmp(guard_column_name(rows, i), name) != 0)
		i--;
	return i;
}

static int
ask(struct session *s, const struct check *c, struct answer *a, struct fault *f)
{
	struct guard_rows rows;
	int more = guard_query(s->db, s->project, &rows, c->query, f);

	if (more == 0) {
		a->item_column = column(&rows, "item");
		a->subject_column = column(&rows, "subject");
	}
	while (more >= 0 && (more = guard_next(&rows, f)) == 1)
		if (add_row(s, a, &rows, f) < 0)
			more = -1;
	guard_end(&rows);
	return more;
}

/* ---- the books ---- */

/* A message speaks of the columns of the (first) row. */
static int
message_of(struct judge *judge, const struct check *c, const struct saying *saying, char **out,
    struct fault *f)
{
	struct expr_subject row = {0};
	struct jtext key, first = {0};
	struct str list = STR_INIT;
	size_t at = 0;
	int status;

	str_addf(&list, "[%s]", saying->observed.text);
	jtext_each((struct jtext){list.text, list.len}, &at, &key, &first);
	row.variables = mem_dupn(first.text, first.len);
	row.attributes = mem_dup("{}");
	status = assess_message(judge, c, &row, out, f);
	expr_subject_done(&row);
	str_done(&list);
	return status;
}

static char *
observed_of(const struct saying *saying)
{
	if (saying->rows == 1)
		return mem_dup(saying->observed.text);
	return mem_printf("{\"rows\":[%s]}", saying->observed.text);
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
in_scope(const struct ids *scope, const struct ledger *l, int64_t item)
{
	if (!item)
		return !l->narrowed;
	return scope->n && bsearch(&item, scope->v, scope->n, sizeof(item), by_id);
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
