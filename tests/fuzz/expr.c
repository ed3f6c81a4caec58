/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as an expression: refused with a reason, or judged, quickly, to a value or a
 * reason, and to the same again. What it gives as text is UTF-8, what it gives as JSON is
 * canonical.
 */
#include "fleet/expr/expr.h"

#include "io/jtext.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check_value(const struct expr_value *v)
{
	struct str quoted = STR_INIT, canonical = STR_INIT;
	struct fault f;

	if (v->type == EXPR_TEXT) {
		jtext_put_string(&quoted, v->text);
		assert(jtext_canonical(quoted.text, quoted.len, &canonical, &f) == 0);
	}
	if (v->type == EXPR_JSON) {
		assert(jtext_canonical(v->text, strlen(v->text), &canonical, &f) == 0);
		assert(strcmp(canonical.text, v->text) == 0);
	}
	str_done(&quoted);
	str_done(&canonical);
}

static void
check_same(const struct expr_value *a, const struct expr_value *b)
{
	assert(a->type == b->type && a->i == b->i);
	assert(a->type != EXPR_REAL || a->d == b->d);
	assert(!a->text == !b->text && (!a->text || strcmp(a->text, b->text) == 0));
}

static void
judge_it(const struct expr *e, const struct expr_subject *subject)
{
	struct fault f = {0};
	struct judge *judge = judge_new(&f);
	struct expr_value v = {0}, again = {0};
	enum expr_truth truth;
	int status = judge_value(judge, e, subject, &v, &f);

	assert(status == 0 || (f.kind == FAULT_BAD && *f.text));
	if (status == 0)
		check_value(&v);
	assert(judge_value(judge, e, subject, &again, &f) == status);
	check_same(&v, &again);
	if (judge_truth(judge, e, subject, &truth, &f) == 0)
		assert(status == 0 && (v.type == EXPR_NULL || v.i == (truth == EXPR_TRUE)));
	assert(judge_missing(e, subject));
	expr_value_done(&v);
	expr_value_done(&again);
	judge_free(judge);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static char variables[] =
	    "{\"a\":1,\"b\":2.5,\"c\":\"text \\\"x\\\"\",\"d\":[1,\"y\",null],"
	    "\"e\":{\"f\":{\"g\":\"10.0.0.1\"}},\"t\":true}";
	static char attributes[] = "{\"name\":\"h1\",\"region\":\"dfw\"}";
	static char compute[] = "compute", cabinet[] = "cabinet=a12",
		    *labels[] = {compute, cabinet};
	struct expr_subject subject = {
	    .variables = variables, .attributes = attributes, .labels = {labels, 2, 2}};
	char *text = mem_dupn((const char *)data, len);
	struct fault f = {0};
	struct expr *e;

	setenv("CRATON_NOW", "2026-11-23T12:00:00Z", 1);
	e = expr_new("x", text, &f);
	if (e)
		judge_it(e, &subject);
	else
		assert(f.kind == FAULT_BAD && strncmp(f.text, "x: ", 3) == 0);
	expr_free(e);
	free(text);
	return 0;
}
