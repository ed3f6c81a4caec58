/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/inside.h"

#include "fleet/expr/expr.h"
#include "fleet/expr/narrow.h"
#include "fleet/select/known.h"

#include <string.h>

/* ---- what is asked for ---- */

static int
has_options(const struct select_options *o)
{
	return o->labels || o->with || o->where || o->vars || o->kind || o->all;
}

/* Operands, and stdin where it is asked for. *given says whether names narrow the selection. */
static int
gather(struct selection *sel, char *const *names, int n, struct feed_words *words, int *given,
    struct fault *f)
{
	int from_stdin = 0;

	for (int i = 0; i < n; i++)
		if (strcmp(names[i], "-") == 0)
			from_stdin = 1;
		else
			vec_push(words, ((struct feed_word){NULL, mem_dup(names[i])}));
	if (!n && !has_options(sel->o) && sel->purpose == SELECT_TO_ACT && feed_waits())
		from_stdin = 1;
	*given = n > 0 || from_stdin;
	return from_stdin ? select_read_stdin(sel, words, f) : 0;
}

/* ---- unknown words ---- */

struct telling {
	struct selection *sel;
	struct fault *f;
	int failed;
};

static void
tell(const char *text, void *ctx)
{
	struct telling *t = ctx;

	if (!t->failed)
		t->failed = select_doubt(t->sel, DOUBT_WORD, t->f, "%s", text) < 0;
}

static int
check_words(
    struct selection *sel, const struct selector *labels, const struct expr *where, struct fault *f)
{
	struct telling t = {sel, f, 0};
	char hint[NEAR_HINT];
	struct fault why;
	int known = 1;

	if (labels && (selector_check(sel->s, labels, tell, &t, f) < 0 || t.failed))
		return -1;
	if (sel->o->kind)
		known = known_kind(sel->s, sel->o->kind, hint, f);
	if (known < 0 || (!known && select_doubt(sel, DOUBT_WORD, f, "unknown kind %s%s",
					sel->o->kind, hint) < 0))
		return -1;
	if (select_check_vars(sel, f) < 0)
		return -1;
	if (!where || expr_check_names(where, sel->s, NULL, &why) == 0)
		return 0;
	if (why.kind == FAULT_BAD)
		return select_doubt(sel, DOUBT_WORD, f, "%s", why.text);
	*f = why;
	return -1;
}

/* ---- sets ---- */

/* What -l, --kind and the plain terms of --where ask for, as one selector. */
static void
narrow(struct selector *all, const struct selector *labels, const struct select_options *o,
    const struct expr *where)
{
	if (labels)
		selector_add(all, labels);
	if (o->kind)
		selector_add_kind(all, o->kind);
	if (where)
		expr_narrow(where, all);
}

static int
narrow_to(struct ids *ids, int *have, struct ids *also, int status)
{
	if (status == 0 && *have) {
		ids_intersect(ids, also);
	} else if (status == 0) {
		vec_done(ids);
		*ids = *also;
		*also = (struct ids){0};
		*have = 1;
	}
	vec_done(also);
	return status;
}

/* Items already named are asked one by one unless they are many. */
#define MANY 1000

/* The rule of a label that is asked for cannot be told for an item. */
static int
doubt_rule(const char *text, void *ctx, struct fault *f)
{
	return select_doubt(ctx, DOUBT_CONDITION, f, "%s", text);
}

static int
keep_matching(struct selection *sel, const struct selector *all, struct ids *ids, struct fault *f)
{
	struct fault why;
	size_t kept = 0;
	int found = 0;

	for (size_t i = 0; found >= 0 && i < ids->n; i++) {
		found = selector_has(sel->s, all, ids->v[i], &why);
		if (found < 0) {
			*f = why;
			if (why.kind == FAULT_BAD)
				found = doubt_rule(why.text, sel, f);
		}
		if (found == 1)
			ids->v[kept++] = ids->v[i];
	}
	ids->n = kept;
	return found < 0 ? -1 : 0;
}

static int
apply_selector(
    struct selection *sel, const struct selector *all, struct ids *ids, int *have, struct fault *f)
{
	const struct selector_doubts doubts = {doubt_rule, sel};
	struct ids also = {0};
	int status;

	if (*have && !all->requirements.n)
		return 0;
	if (*have && ids->n < MANY && !sel->o->retired)
		return keep_matching(sel, all, ids, f);
	status =
	    selector_items(sel->s, all, sel->o->retired ? SELECTOR_RETIRED : 0, &doubts, &also, f);
	return narrow_to(ids, have, &also, status);
}

static int
choose(struct selection *sel, const struct feed_words *words, int given, const struct selector *all,
    const struct expr *where, struct ids *out, struct fault *f)
{
	struct ids also = {0};
	int have = 0;

	if (given && narrow_to(out, &have, &also, select_named(sel, words, &also, f)) < 0)
		return -1;
	if (sel->o->with &&
	    narrow_to(out, &have, &also, select_listed(sel, "-w", sel->o->with, &also, f)) < 0)
		return -1;
	if (apply_selector(sel, all, out, &have, f) < 0)
		return -1;
	if (sel->o->without) {
		int status = select_listed(sel, "-x", sel->o->without, &also, f);

		if (status == 0)
			ids_subtract(out, &also);
		vec_done(&also);
		if (status < 0)
			return -1;
	}
	if (sel->vars && select_vars(sel, out, f) < 0)
		return -1;
	return where ? select_where(sel, where, out, f) : 0;
}

static int
choose_in_snapshot(struct selection *sel, const struct feed_words *words, int given,
    const struct selector *labels, const struct expr *where, struct ids *out, struct fault *f)
{
	struct selector all = {0};
	int own = !db_in_transaction(sel->s->db), status = 0;

	if (own && db_snapshot(sel->s->db, f) < 0)
		return -1;
	narrow(&all, labels, sel->o, where);
	if (check_words(sel, labels, where, f) < 0 ||
	    choose(sel, words, given, &all, where, out, f) < 0)
		status = -1;
	selector_clear(&all);
	if (own)
		db_rollback(sel->s->db);
	select_end_doubts(sel);
	return status;
}

static int
parse(struct selection *sel, struct selector **labels, struct expr **where, struct fault *f)
{
	const struct select_options *o = sel->o;

	if (o->labels && !(*labels = selector_new(o->labels, f)))
		return -1;
	if (o->where && !(*where = expr_new(select_where_is(o), o->where, f)))
		return -1;
	if (o->vars && !(sel->vars = vars_new(o->vars, f)))
		return -1;
	return 0;
}

static int
nothing_chosen(struct fault *f)
{
	return fault_set(f, FAULT_BAD,
	    "no items chosen: name them, choose by -l, -w, --kind, --where or --vars, or spell "
	    "--all");
}

int
select_items(struct session *s, const struct select_options *o, char *const *names, int n,
    enum select_purpose purpose, void (*warn)(const char *text, void *ctx), void *ctx,
    struct ids *out, struct fault *f)
{
	struct selection sel = {.s = s, .o = o, .purpose = purpose, .warn = warn, .ctx = ctx};
	struct selector *labels = NULL;
	struct expr *where = NULL;
	struct feed_words words = {0};
	int given = 0, status = -1;

	if (parse(&sel, &labels, &where, f) < 0 || gather(&sel, names, n, &words, &given, f) < 0)
		goto out;
	if (purpose == SELECT_TO_ACT && !given && !has_options(o)) {
		nothing_chosen(f);
		goto out;
	}
	status = choose_in_snapshot(&sel, &words, given, labels, where, out, f);
	if (status == 0 && purpose == SELECT_TO_ACT && !out->n)
		status = fault_set(f, FAULT_BAD, "no item matches");
	if (status == 0)
		status = select_has_doubts(&sel);
out:
	selector_free(labels);
	vars_free(sel.vars);
	expr_free(where);
	feed_words_done(&words);
	return status;
}
