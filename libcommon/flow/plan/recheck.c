/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/recheck.h"

#include "base/when.h"
#include "fleet/select/select.h"
#include "fleet/select/vars.h"
#include "flow/audit/finding.h"
#include "flow/plan/barred.h"

#include <string.h>

struct recheck {
	struct session *s;
	struct uses uses;
	struct selector *labels; /* NULL: none chose the items */
	struct vars *vars;       /* the same */
	char *workflow;          /* its name */
	struct barred barred;
};

/* A text member of the selection, to be freed, or NULL. */
static char *
chosen_by(const char *selection, const char *key)
{
	return selection ? jtext_plain_dup(jtext_member(JTEXT(selection), key)) : NULL;
}

struct recheck *
recheck_new(struct session *s, const struct workflow *w, const char *selection,
    const struct policy *policy, int64_t run, struct fault *f)
{
	struct recheck *r = mem_zero(1, sizeof(*r));
	char *labels = chosen_by(selection, "labels"), *where = chosen_by(selection, "where");
	char *vars = chosen_by(selection, "vars");
	int rc;

	r->s = s;
	r->workflow = mem_dup(w->name);
	r->barred = (struct barred){.s = s,
	    .workflow = r->workflow,
	    .same_fix_day = policy_number(policy, LIMIT_SAME_FIX_DAY),
	    .run = run};
	rc = uses_init(&r->uses, w, where, f);
	if (rc == 0 && labels && !(r->labels = selector_new(labels, f)))
		rc = -1;
	if (rc == 0 && vars && !(r->vars = vars_new(vars, f)))
		rc = -1;
	if (rc == 0 && !(r->barred.protect = protect_new(s, &policy->protect, f)))
		rc = -1;
	free(vars);
	free(labels);
	free(where);
	if (rc == 0)
		return r;
	recheck_free(r);
	return NULL;
}

void
recheck_free(struct recheck *r)
{
	if (!r)
		return;
	uses_done(&r->uses);
	selector_free(r->labels);
	vars_free(r->vars);
	protect_free(r->barred.protect);
	free(r->workflow);
	free(r);
}

static int
changed(const char *what, struct str *why)
{
	str_add(why, what);
	return 1;
}

/* A --where needs no look of its own: what it names is among the uses. */
/* Whether labels and variables choose it still: 1, 0, -1. */
static int
is_chosen(struct recheck *r, int64_t item, struct fault *f)
{
	int chosen = r->labels ? selector_has(r->s, r->labels, item, f) : 1;

	return chosen == 1 && r->vars ? vars_has(r->s, r->vars, item, f) : chosen;
}

/* Another run may have begun on it meanwhile. */
static int
is_barred(struct recheck *r, const struct item *now, struct str *why, struct fault *f)
{
	int rc = protect_has(r->barred.protect, now, why, f);

	r->barred.now = when_now();
	return rc ? rc : barred_loop(&r->barred, now->id, why, f);
}

static int
item_changed(struct recheck *r, const struct plan_item *i, const struct item *now, struct str *why,
    struct fault *f)
{
	struct str uses = STR_INIT, what = STR_INIT;
	int rc = 0;

	if (now->retired)
		return changed("changed: retired", why);
	if (uses_of(r->s, &r->uses, now, &uses, f) < 0)
		rc = -1;
	else if (uses_differ(JTEXT(i->uses), JTEXT(uses.text), &what)) {
		str_addf(why, "changed %s", what.text);
		rc = 1;
	} else if (!(rc = is_chosen(r, i->item, f))) {
		rc = changed("changed: not selected any more", why);
	} else if (rc > 0) {
		rc = is_barred(r, now, why, f);
	}
	str_done(&uses);
	str_done(&what);
	return rc;
}

static int
finding_changed(struct recheck *r, const struct plan_item *i, struct str *why, struct fault *f)
{
	struct finding x = {0};
	char *expected;
	int found, rc = 0;

	if (!i->check)
		return 0;
	expected = uses_expected(JTEXT(i->uses));
	found = finding_get(r->s, i->item, i->check, when_now(), &x, f);
	if (found < 0)
		rc = -1;
	else if (!found || x.resolved)
		rc = changed("changed: the finding is gone", why);
	else if (finding_status(&x) != VERDICT_FAIL) {
		str_addf(
		    why, "changed: the finding is %s, was fail", verdict_words[finding_status(&x)]);
		rc = 1;
	} else if (expected && x.expected && strcmp(expected, x.expected) != 0) {
		str_addf(why, "changed: check %s expects something else", i->check);
		rc = 1;
	}
	finding_done(&x);
	free(expected);
	return rc;
}

int
recheck_item(struct recheck *r, const struct plan_item *i, struct str *why, struct fault *f)
{
	struct item now = {0};
	int rc = item_get(r->s, i->item, &now, f);

	if (rc == 0)
		return changed("changed: removed from the inventory", why);
	if (rc > 0)
		rc = item_changed(r, i, &now, why, f);
	/* What it rests on cannot be told any more: the rule of a label. */
	if (rc < 0 && f->kind == FAULT_BAD) {
		str_addf(why, "changed: %s", f->text);
		rc = 1;
	}
	if (rc == 0)
		rc = finding_changed(r, i, why, f);
	item_done(&now);
	return rc;
}
