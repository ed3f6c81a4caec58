/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/freeze.h"

#include "base/num.h"
#include "base/when.h"
#include "fleet/ref.h"
#include "flow/audit/finding.h"
#include "flow/audit/trust.h"
#include "flow/people/breaker.h"
#include "flow/plan/barred.h"
#include "flow/plan/wants.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What it takes to settle one item after another. */
struct freezing {
	struct session *s;
	struct intake *in;
	struct plan *p;
	struct uses uses;
	struct protect *protect;
	struct map seen; /* ids that are in the plan */
	int64_t now;
	int is_ordered; /* some come after others */
};

/* ---- who it is ---- */

/* 1 with its id, 0 left out, -1. */
static int
find(struct freezing *z, const struct intake_item *i, int64_t *id, struct fault *f)
{
	int found;

	*id = i->id;
	if (!i->text)
		return 1;
	if (!i->check)
		return ref_want(z->s, i->kind, i->text, id, f) < 0
			   ? fault_within(f, "stdin:%lu", i->line)
			   : 1;
	found = ref_find(z->s, NULL, i->text, id, f);
	if (found == 0)
		intake_leave(z->in, "not in the inventory");
	return found;
}

/*
 * The record that closed the stream has to be that of a run on this file and of this project:
 * with the same names, another's findings would look like ours.
 */
static int
check_audit(struct session *s, const char *audit, int64_t oldest, struct fault *f)
{
	static const char sql[] =
	    "SELECT CASE WHEN complete = 1 THEN coalesce(ended, started) ELSE 0 END "
	    "FROM audit_run WHERE project = $1 AND id = $2";
	char *run = jtext_plain_dup(jtext_member(JTEXT(audit), "run")), age[24], most[24];
	int64_t id = run ? strtoll(run, NULL, 10) : 0, ended = 0;
	int found = db_get_int(s->db, &ended, f, sql, "ii", s->project, id);

	if (found == 0)
		fault_set(f, FAULT_REFUSED, "refused: audit run %s is none of project %s in %s",
		    run ? run : "without a number", s->project_name, db_path(s->db));
	else if (found == 1 && !ended)
		fault_set(f, FAULT_REFUSED, "refused: audit run %s did not end, says %s", run,
		    db_path(s->db));
	else if (found == 1 && when_now() - ended > oldest)
		found = fault_set(f, FAULT_REFUSED,
		    "refused: audit run %s ended %s ago, and no repair is planned on what is "
		    "older than %s (finding_age); run it again",
		    run, num_duration_text((when_now() - ended) / 60000 * 60000, age),
		    num_duration_text(oldest, most));
	free(run);
	return found == 1 && ended ? 0 : -1;
}

/* Checks that fail their own examples drive nothing: the run that judged has noted which. */
static int
refuse_doubted(struct session *s, const struct finding *x, struct fault *f)
{
	/* hot: each finding of a plan */
	static const char sql[] = "SELECT doubted FROM audit_run WHERE id = $1";
	struct jtext key, name;
	size_t at = 0;
	char *doubted = NULL;
	int status = db_get_text(s->db, &doubted, f, sql, "i", x->run) < 0 ? -1 : 0;

	while (status == 0 && doubted && jtext_each(JTEXT(doubted), &at, &key, &name))
		if (jtext_is(name, x->check))
			status = fault_set(f, FAULT_REFUSED,
			    "refused: check %s has no examples that show it can tell pass from "
			    "fail; see craton-audit lint",
			    x->check);
	free(doubted);
	return status;
}

/* 1 if the finding still stands, with its id and what its check expects; 0 left out, -1. */
static int
stands(struct freezing *z, int64_t item, const char *check, int64_t *id, char **expected,
    struct fault *f)
{
	struct finding x = {0};
	const char *reason = NULL;
	int found = finding_get(z->s, item, check, z->now, &x, f);

	if (found < 0)
		return -1;
	if (!found)
		reason = "finding unknown";
	else if (x.resolved)
		reason = "resolved since";
	else if (finding_status(&x) != VERDICT_FAIL)
		reason = verdict_words[finding_status(&x)];
	else if (!x.remedy || strcmp(x.remedy, z->p->workflow.name) != 0)
		reason = "other remedy";
	else if (refuse_doubted(z->s, &x, f) < 0 || trust_check(z->s, x.check, z->now, f) < 0)
		found = -1;
	*id = x.id;
	*expected = mem_dup(x.expected);
	if (reason)
		intake_leave(z->in, reason);
	finding_done(&x);
	return found < 0 ? -1 : !reason;
}

/* 1 if it may be touched; 0 left out, -1. */
static int
may_be_touched(struct freezing *z, const struct item *i, struct jtext uses, struct fault *f)
{
	const struct barred b = {.s = z->s,
	    .protect = z->protect,
	    .workflow = z->p->workflow.name,
	    .same_fix_day = policy_number(&z->p->policy, LIMIT_SAME_FIX_DAY),
	    .now = z->now};
	struct str why = STR_INIT;
	int rc = barred_has(&b, i, uses, &why, f);

	if (rc == 1)
		intake_leave(z->in, why.text);
	str_done(&why);
	return rc < 0 ? -1 : !rc;
}

/* ---- what it is frozen with ---- */

static int
spread_fault(const struct plan_item *i, const char *label, struct jtext values, struct fault *f)
{
	if (!values.text)
		return fault_set(f, FAULT_BAD,
		    "%.200s has no label %.80s, which the batch spreads over; missing: own would "
		    "make "
		    "it a domain of its own",
		    i->ref, label);
	return fault_set(f, FAULT_BAD,
	    "%.200s has more than one value of label %.80s, which the batch spreads over: %.120s",
	    i->ref, label, values.text);
}

static int
by_label(const void *a, const void *b)
{
	const struct spread *const *x = a, *const *y = b;

	return strcmp((*x)->label, (*y)->label);
}

static int
add_spread(const struct spread *spread, int missing_own, struct jtext uses,
    const struct plan_item *i, struct str *out, struct fault *f)
{
	struct jtext values = uses_label(uses, spread->label), ignored, value = {0}, second = {0};
	size_t at = 0;

	if (values.text && jtext_each(values, &at, &ignored, &value) && jtext_is(value, ""))
		value = values = (struct jtext){0};
	if (!value.text && missing_own)
		return 0;
	if (!value.text || jtext_each(values, &at, &ignored, &second))
		return spread_fault(i, spread->label, values, f);
	jtext_rawn(out, spread->label, value.text, value.len);
	return 0;
}

static int
freeze_spread(const struct batch *b, struct plan_item *i, struct fault *f)
{
	VEC(const struct spread *) sorted = {0};
	struct str out = STR_INIT;
	int rc = 0;

	for (size_t n = 0; n < b->spread.n; n++)
		vec_push(&sorted, &b->spread.v[n]);
	vec_sort(&sorted, by_label);
	jtext_open(&out);
	for (size_t n = 0; n < sorted.n && rc == 0; n++)
		rc = add_spread(sorted.v[n], b->missing_own, JTEXT(i->uses), i, &out, f);
	jtext_close(&out);
	i->spread = str_take(&out);
	vec_done(&sorted);
	return rc;
}

struct lack {
	struct template_values values;
	struct fault f;
};

static int
lacks(const struct template_part *p, void *ctx)
{
	struct template one = {.n = 1};
	struct template_part part = *p;
	struct lack *lack = ctx;
	struct str out = STR_INIT;
	int rc = 0;

	one.v = &part;
	if (p->kind == TEMPLATE_ATTRIBUTE || p->kind == TEMPLATE_VARIABLE ||
	    p->kind == TEMPLATE_LABEL)
		rc = template_expand(&one, &lack->values, &out, &lack->f);
	str_done(&out);
	return rc;
}

/*
 * An item without a value that a step names could only fail: it is left out now, with the
 * reason. A step that has when: may be written for just that, so it is not looked at.
 */
static int
has_values(struct freezing *z, struct jtext uses)
{
	struct lack lack = {.values.uses = uses};

	for (size_t i = 0; i < z->p->workflow.steps.n; i++) {
		const struct step *s = &z->p->workflow.steps.v[i];

		if (!s->when && step_each_value(s, lacks, &lack)) {
			intake_leave(z->in, lack.f.text);
			return 0;
		}
	}
	return 1;
}

/* ---- one item ---- */

static int
is_new(struct freezing *z, int64_t id)
{
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, id);
	map_put(&z->seen, key, &added);
	if (!added)
		intake_leave(z->in, "given twice");
	return added;
}

static int
add_item(struct freezing *z, const struct item *i, const char *check, int64_t finding,
    struct str *uses, struct fault *f)
{
	struct plan_item *item;

	if (!has_values(z, JTEXT(uses->text)) || !is_new(z, i->id))
		return 0;
	item = vec_add(&z->p->items);
	item->item = i->id;
	item->ref = jtext_plain_dup(uses_attribute(JTEXT(uses->text), "ref"));
	item->name = mem_dup(i->name);
	item->check = mem_dup(check);
	item->finding = finding;
	item->uses = str_take(uses);
	return freeze_spread(&z->p->workflow.batch, item, f);
}

/* The items that come before the one added last: ids, until all are known. */
static int
add_after(struct freezing *z, const struct intake_item *wanted, struct fault *f)
{
	struct ids *after = &z->p->items.v[z->p->items.n - 1].after;
	int64_t id;

	for (size_t i = 0; i < wanted->after.n; i++) {
		if (ref_want(z->s, wanted->kind, wanted->after.v[i], &id, f) < 0)
			return fault_within(f, "stdin:%lu: after", wanted->line);
		vec_push(after, id);
		z->is_ordered = 1;
	}
	return 0;
}

static int
put_in_order(struct freezing *z, struct fault *f)
{
	int64_t left;

	if (policy_number(&z->p->policy, LIMIT_ONE_REGION))
		plan_by_region(z->p);
	left = z->is_ordered ? plan_order(z->p, f) : 0;

	for (int64_t i = 0; i < left; i++)
		intake_leave(z->in, "after an item that is not in the plan");
	return left < 0 ? -1 : 0;
}

static int
settle(struct freezing *z, const struct intake_item *wanted, struct fault *f)
{
	struct item item = {0};
	struct str uses = STR_INIT;
	char *expected = NULL;
	int64_t id, finding = 0;
	size_t before = z->p->items.n;
	int rc = find(z, wanted, &id, f);

	if (rc <= 0)
		return rc;
	rc = item_get(z->s, id, &item, f);
	if (rc == 0)
		intake_leave(z->in, "not in the inventory");
	if (rc > 0 && wanted->check)
		rc = stands(z, id, wanted->check, &finding, &expected, f);
	if (rc > 0)
		rc = uses_of(z->s, &z->uses, &item, &uses, f) < 0 ? -1 : 1;
	if (rc > 0 && expected)
		uses_expect(&uses, expected);
	if (rc > 0)
		rc = may_be_touched(z, &item, JTEXT(uses.text), f);
	if (rc > 0)
		rc = add_item(z, &item, wanted->check, finding, &uses, f);
	if (rc == 0 && z->p->items.n > before)
		rc = add_after(z, wanted, f);
	str_done(&uses);
	item_done(&item);
	free(expected);
	return rc;
}

static int
freeze_sources(struct session *s, struct plan *p, struct fault *f)
{
	struct str out = STR_INIT;
	struct ids ids = {0};
	int rc;

	for (size_t i = 0; i < p->items.n; i++)
		vec_push(&ids, p->items.v[i].item);
	rc = plan_sources(s, &ids, &out, f);
	p->sources = str_take(&out);
	vec_done(&ids);
	return rc;
}

static int
count_kind(struct session *s, const char *kind, struct plan *p, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM item WHERE project = $1 AND kind = $2"
				  " AND active = 1 AND retired = 0";
	int64_t n = 0;

	if (db_get_int(s->db, &n, f, sql, "is", s->project, kind) < 0)
		return -1;
	p->fleet += n;
	return 0;
}

/* How many items such a plan could be about: what the shares of its policy are of. */
static int
count_fleet(struct session *s, struct plan *p, struct fault *f)
{
	struct words kinds = {0};
	int rc = 0;

	for (size_t i = 0; i < p->items.n && rc == 0; i++) {
		const char *ref = p->items.v[i].ref;
		char *kind = mem_dupn(ref, strcspn(ref, ":"));

		if (!words_have(&kinds, kind)) {
			words_add(&kinds, kind);
			rc = count_kind(s, kind, p, f);
		}
		free(kind);
	}
	words_done(&kinds);
	return rc;
}

int
freeze_plan(struct session *s, struct intake *in, const char *where, int64_t now, struct plan *p,
    struct fault *f)
{
	struct freezing z = {.s = s, .in = in, .p = p, .now = now};
	int rc = breaker_check(s, p->workflow.name, 0, f);

	if (rc == 0)
		rc = wants_proof(p, in->findings, f);
	if (rc == 0)
		rc = wants_identity(p, f);
	if (rc == 0)
		rc = uses_init(&z.uses, &p->workflow, where, f);
	if (rc == 0 && !(z.protect = protect_new(s, &p->policy.protect, f)))
		rc = -1;
	if (rc == 0 && in->audit)
		rc = check_audit(s, in->audit, policy_number(&p->policy, LIMIT_FINDING_AGE), f);
	for (size_t i = 0; i < in->items.n && rc == 0; i++)
		rc = settle(&z, &in->items.v[i], f);
	if (rc == 0)
		rc = put_in_order(&z, f);
	if (rc == 0)
		rc = freeze_sources(s, p, f);
	if (rc == 0)
		rc = count_fleet(s, p, f);
	if (rc == 0)
		plan_arrange(p);
	protect_free(z.protect);
	uses_done(&z.uses);
	map_done(&z.seen);
	return rc;
}
