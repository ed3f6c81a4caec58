/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/assess.h"

#include "fleet/expr/evidence.h"
#include "fleet/expr/judge.h"

#include <inttypes.h>
#include <string.h>

void
assessment_done(struct assessment *a)
{
	free(a->observed);
	free(a->message);
	*a = (struct assessment){0};
}

/* What a check and its message speak of. */
static char *
observed(const struct check *c, const struct expr_subject *subject)
{
	struct str object = STR_INIT;

	evidence_add(c->expect_expr, subject, &object);
	if (c->message_expr)
		evidence_add(c->message_expr, subject, &object);
	return str_take(&object);
}

static char *
value_text(const struct expr_value *v)
{
	switch (v->type) {
	case EXPR_NULL: return NULL;
	case EXPR_BOOL: return mem_dup(v->i ? "true" : "false");
	case EXPR_INT: return mem_printf("%" PRId64, v->i);
	case EXPR_REAL: return mem_printf("%.15g", v->d);
	case EXPR_TEXT:
	case EXPR_JSON: return mem_dup(v->text);
	}
	return NULL;
}

int
assess_message(struct judge *judge, const struct check *c, const struct expr_subject *subject,
    char **out, struct fault *f)
{
	struct expr_value value = {0};

	*out = NULL;
	if (!c->message_expr)
		return 0;
	if (judge_value(judge, c->message_expr, subject, &value, f) < 0) {
		if (f->kind != FAULT_BAD)
			return -1;
		*out = mem_printf("message: %s", f->text);
		return 0;
	}
	*out = value_text(&value);
	expr_value_done(&value);
	return 0;
}

/* An expression as a truth; why says what is wrong where it has none. -1: cannot be judged. */
static int
truth(struct judge *judge, const char *what, const struct expr *e,
    const struct expr_subject *subject, enum expr_truth *out, char **why, struct fault *f)
{
	const char *missing;

	*out = EXPR_UNKNOWN;
	if (judge_truth(judge, e, subject, out, f) < 0) {
		if (f->kind != FAULT_BAD)
			return -1;
		*why = mem_dup(f->text);
	} else if (*out == EXPR_UNKNOWN) {
		missing = judge_missing(e, subject);
		*why = *missing ? mem_printf("no value for %s", missing)
				: mem_printf("%s is unknown", what);
	}
	return 0;
}

static int
apply(struct judge *judge, const struct check *c, const struct expr_subject *subject,
    struct assessment *out, struct fault *f)
{
	static const enum verdict of[] = {[EXPR_FALSE] = VERDICT_FAIL,
	    [EXPR_TRUE] = VERDICT_PASS,
	    [EXPR_UNKNOWN] = VERDICT_ERROR};
	enum expr_truth result;

	if (truth(judge, "expect", c->expect_expr, subject, &result, &out->message, f) < 0)
		return -1;
	out->verdict = of[result];
	if (out->verdict == VERDICT_PASS)
		return 0;
	out->observed = observed(c, subject);
	return out->verdict == VERDICT_FAIL ? assess_message(judge, c, subject, &out->message, f)
					    : 0;
}

int
assess(struct judge *judge, const struct check *c, const struct expr_subject *subject,
    struct assessment *out, struct fault *f)
{
	enum expr_truth applies = EXPR_TRUE;

	*out = (struct assessment){0};
	if (c->when_expr &&
	    truth(judge, "when", c->when_expr, subject, &applies, &out->message, f) < 0)
		return -1;
	if (applies == EXPR_TRUE)
		return apply(judge, c, subject, out, f);
	out->verdict = applies == EXPR_FALSE ? VERDICT_NOT_APPLICABLE : VERDICT_ERROR;
	return 0;
}

int
assess_good(struct judge *judge, const struct check *c, const struct judge_names *names,
    enum verdict *out, struct fault *f)
{
	enum expr_truth truth = EXPR_TRUE;

	if (c->when_expr && judge_run_truth(judge, c->when_expr, names, &truth, f) < 0)
		return f->kind == FAULT_BAD ? 0 : -1;
	*out = VERDICT_NOT_APPLICABLE;
	if (truth != EXPR_TRUE)
		return truth == EXPR_FALSE;
	*out = VERDICT_PASS;
	if (judge_run_truth(judge, c->expect_expr, names, &truth, f) < 0)
		return f->kind == FAULT_BAD ? 0 : -1;
	return truth == EXPR_TRUE;
}

int
assess_item(struct session *s, struct judge *judge, const struct check *c, int64_t id,
    struct assessment *out, struct fault *f)
{
	struct expr_subject subject = {0};
	struct item item;
	int found = item_get(s, id, &item, f);

	if (found <= 0)
		return found < 0 ? -1 : fault_set(f, FAULT_BAD, "the item is gone");
	found = expr_subject_of(s, &item, &subject, f);
	if (found == 0)
		found = assess(judge, c, &subject, out, f);
	expr_subject_done(&subject);
	item_done(&item);
	return found;
}
