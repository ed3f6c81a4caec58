/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/assess.h"

#include "io/jtext.h"

#include <inttypes.h>
#include <string.h>

void
assessment_done(struct assessment *a)
{
	free(a->observed);
	free(a->message);
	*a = (struct assessment){0};
}

/* ---- evidence ---- */

static void
add_member(struct str *object, const char *key, struct jtext value)
{
	struct str next = STR_INIT;

	if (!value.text)
		return;
	jtext_with((struct jtext){object->text, object->len}, key, value, &next);
	str_done(object);
	*object = next;
}

/* The value of a label is the text behind its key and "=": all of them, if there are several. */
static void
add_label(struct str *object, const struct words *labels, const char *key)
{
	size_t len = strlen(key), n = 0;
	struct str value = STR_INIT, name = STR_INIT;

	str_addc(&value, '[');
	for (size_t i = 0; i < labels->n; i++) {
		const char *text = labels->v[i];

		if (strncmp(text, key, len) != 0 || (text[len] && text[len] != '='))
			continue;
		if (n++)
			str_addc(&value, ',');
		jtext_put_string(&value, text[len] ? text + len + 1 : "");
	}
	str_addc(&value, ']');
	str_addf(&name, "label.%s", key);
	add_member(object, name.text, n == 1 ? (struct jtext){value.text + 1, value.len - 2}
					     : (struct jtext){value.text, value.len});
	str_done(&name);
	str_done(&value);
}

static void
add_observed(const struct expr *e, const struct expr_subject *subject, struct str *object)
{
	const struct words *variables = expr_variables(e), *attributes = expr_attributes(e);
	const struct words *labels = expr_labels(e);

	for (size_t i = 0; i < variables->n; i++)
		add_member(object, variables->v[i],
		    jtext_member(JTEXT(subject->variables), variables->v[i]));
	for (size_t i = 0; i < attributes->n; i++) {
		char *key = mem_printf("item.%s", attributes->v[i]);

		add_member(
		    object, key, jtext_member(JTEXT(subject->attributes), attributes->v[i]));
		free(key);
	}
	for (size_t i = 0; i < labels->n; i++)
		add_label(object, &subject->labels, labels->v[i]);
}

static char *
observed(const struct check *c, const struct expr_subject *subject)
{
	struct str object = STR_INIT;

	str_add(&object, "{}");
	add_observed(c->expect_expr, subject, &object);
	if (c->message_expr)
		add_observed(c->message_expr, subject, &object);
	return str_take(&object);
}

/* ---- the verdict ---- */

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

/* An expression as a truth: 1, 0; 2: it is an error and why says so; -1. */
static int
truth(struct judge *judge, const char *what, struct expr *e, const struct expr_subject *subject,
    char **why, struct fault *f)
{
	struct expr_value value = {0};
	const char *missing;
	int result = 2;

	if (judge_value(judge, e, subject, &value, f) < 0) {
		if (f->kind != FAULT_BAD)
			return -1;
		*why = mem_dup(f->text);
		return 2;
	}
	if (value.type == EXPR_BOOL) {
		result = value.i != 0;
	} else if (value.type != EXPR_NULL) {
		*why = mem_printf("%s is not true or false", what);
	} else {
		missing = judge_missing(e, subject);
		*why = *missing ? mem_printf("no value for %s", missing)
				: mem_printf("%s is unknown", what);
	}
	expr_value_done(&value);
	return result;
}

static int
apply(struct judge *judge, const struct check *c, const struct expr_subject *subject,
    struct assessment *out, struct fault *f)
{
	static const enum verdict of[] = {VERDICT_FAIL, VERDICT_PASS, VERDICT_ERROR};
	int result = truth(judge, "expect", c->expect_expr, subject, &out->message, f);

	if (result < 0)
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
	int applies = 1;

	*out = (struct assessment){0};
	if (c->when_expr)
		applies = truth(judge, "when", c->when_expr, subject, &out->message, f);
	if (applies < 0)
		return -1;
	if (applies == 1)
		return apply(judge, c, subject, out, f);
	out->verdict = applies ? VERDICT_ERROR : VERDICT_NOT_APPLICABLE;
	return 0;
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
