/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/judge.h"

#include "base/when.h"
#include "fleet/expr/function.h"

#include <stdlib.h>
#include <string.h>

/* The clock is asked each time so much has been looked at: some 0.1 ms. */
#define WORK_BETWEEN_LOOKS ((size_t)1 << 18)

#define FIRST_CHUNK 4096

struct judge {
	const struct judge_names *names;
	VEC(char *) chunks; /* values made by this evaluation */
	size_t used, room;  /* of the last chunk */
	size_t total;       /* bytes in all chunks but the first, which is kept */
	size_t work;
	int64_t now, deadline;
	int too_late;
};

struct judge *
judge_new(struct fault *f)
{
	(void)f;
	return mem_zero(1, sizeof(struct judge));
}

void
judge_free(struct judge *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->chunks.n; i++)
		free(j->chunks.v[i]);
	vec_done(&j->chunks);
	free(j);
}

/* ---- limits ---- */

static void
begin(struct judge *j, const struct judge_names *names)
{
	while (j->chunks.n > 1)
		free(j->chunks.v[--j->chunks.n]);
	if (!j->chunks.n)
		vec_push(&j->chunks, mem_zero(FIRST_CHUNK, 1));
	j->room = FIRST_CHUNK;
	j->used = j->total = j->work = 0;
	j->now = j->deadline = 0;
	j->too_late = 0;
	j->names = names;
}

char *
judge_space(struct judge *j, size_t n, struct fault *f)
{
	if (n > JUDGE_LONGEST) {
		fault_set(f, FAULT_BAD, "makes a text of more than 1 MiB");
		return NULL;
	}
	if (n > j->room - j->used) {
		size_t room = n > FIRST_CHUNK ? n : FIRST_CHUNK;

		if (j->total + room > JUDGE_MOST) {
			fault_set(f, FAULT_BAD, "takes more than 16 MiB of memory");
			return NULL;
		}
		vec_push(&j->chunks, mem_zero(room, 1));
		j->total += room;
		j->room = room;
		j->used = 0;
	}
	j->used += n;
	return j->chunks.v[j->chunks.n - 1] + j->used - n;
}

int
judge_copy(struct judge *j, const char *text, size_t len, struct value *out, struct fault *f)
{
	char *copy = judge_space(j, len, f);

	if (!copy)
		return -1;
	memcpy(copy, text, len);
	*out = VALUE_TEXT(copy, len);
	return judge_work(j, len, f);
}

int
judge_work(struct judge *j, size_t bytes, struct fault *f)
{
	j->work += bytes;
	if (j->work >= WORK_BETWEEN_LOOKS && !j->too_late) {
		j->work = 0;
		if (!j->deadline)
			j->deadline = when_boot() + JUDGE_PATIENCE;
		j->too_late = when_boot() > j->deadline;
	}
	return j->too_late ? fault_set(f, FAULT_BAD, "takes longer than 2 s") : 0;
}

int64_t
judge_now(struct judge *j)
{
	if (!j->now)
		j->now = when_now();
	return j->now;
}

/* ---- names ---- */

static int
from_json(struct judge *j, struct jtext json, struct value *out, struct fault *f)
{
	size_t scratch = value_scratch(json);
	char *space = NULL;

	if (scratch) {
		space = judge_space(j, scratch, f);
		if (!space)
			return -1;
	}
	value_from_json(json, out, space);
	return judge_work(j, json.len, f);
}

static int
variable(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	struct jtext json = {0};

	if (j->names->variable(j->names->ctx, n->name, &json, f) < 0)
		return -1;
	return from_json(j, node_walk(n, json), out, f);
}

static int
attribute(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	struct jtext json = {0};

	if (j->names->attribute(j->names->ctx, n->name, &json, f) < 0)
		return -1;
	return from_json(j, node_walk(n, json), out, f);
}

int
judge_label_is(const char *text, const char *key, const char **value)
{
	size_t len = strlen(key);

	if (strncmp(text, key, len) != 0 || (text[len] && text[len] != '='))
		return 0;
	*value = text[len] ? text + len + 1 : text + len;
	return 1;
}

/* label('cabinet'): one value. Of several, none is the right one to give. */
static int
label(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	const struct words *labels;
	const char *value, *found = NULL;

	if (j->names->labels(j->names->ctx, n->name, &labels, f) < 0)
		return -1;
	for (size_t i = 0; i < labels->n; i++) {
		if (!judge_label_is(labels->v[i], n->name, &value))
			continue;
		if (found)
			return fault_set(f, FAULT_BAD,
			    "label('%s') has several values, '%s' and '%s'; see labels()", n->name,
			    found, value);
		found = value;
	}
	return found ? judge_copy(j, found, strlen(found), out, f) : 0;
}

static int
label_array(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	struct str array = STR_INIT;
	const struct words *labels;
	const char *value;
	int status;

	if (j->names->labels(j->names->ctx, n->name, &labels, f) < 0)
		return -1;
	str_addc(&array, '[');
	for (size_t i = 0; i < labels->n; i++) {
		if (!judge_label_is(labels->v[i], n->name, &value))
			continue;
		if (array.len > 1)
			str_addc(&array, ',');
		jtext_put_string(&array, value);
	}
	str_addc(&array, ']');
	status = judge_copy(j, array.text, array.len, out, f);
	out->type = EXPR_JSON;
	str_done(&array);
	return status;
}

/* A label of that key, or of exactly that text: has('compute'), has('cabinet=a12'). */
static int
has(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	const struct words *labels;
	const char *value;
	int found = 0;

	if (j->names->labels(j->names->ctx, n->name, &labels, f) < 0)
		return -1;
	for (size_t i = 0; i < labels->n && !found; i++)
		found = judge_label_is(labels->v[i], n->name, &value) ||
			strcmp(labels->v[i], n->name) == 0;
	*out = VALUE_BOOL(found);
	return 0;
}

/* ---- what looks at no more than it needs ---- */

static int evaluate(struct judge *j, const struct node *n, struct value *out, struct fault *f);

static int
truth_of(const char *who, const struct value *v, enum expr_truth *out, struct fault *f)
{
	if (v->type != EXPR_NULL && v->type != EXPR_BOOL)
		return function_wants(who, "true or false", v, f);
	*out = v->type == EXPR_NULL ? EXPR_UNKNOWN : v->i ? EXPR_TRUE : EXPR_FALSE;
	return 0;
}

static int
evaluate_truth(
    struct judge *j, const struct node *n, const char *who, enum expr_truth *out, struct fault *f)
{
	struct value v;

	return evaluate(j, n, &v, f) < 0 || truth_of(who, &v, out, f) < 0 ? -1 : 0;
}

/*
 * and, or: one side that decides wins over whatever the others are, errors too. So the order
 * of the terms means nothing, and a selector may try the cheap ones first.
 */
static int
connect(struct judge *j, const struct node *n, enum expr_truth decides, struct value *out,
    struct fault *f)
{
	const char *name = n->function->name;
	struct fault first, later;
	int failed = 0, unknown = 0;

	for (size_t i = 0; i < n->args.n; i++) {
		enum expr_truth truth = EXPR_UNKNOWN;

		if (evaluate_truth(j, n->args.v[i], name, &truth, failed ? &later : &first) < 0)
			failed = 1;
		else if (truth == decides) {
			*out = VALUE_BOOL(truth == EXPR_TRUE);
			return 0;
		} else if (truth == EXPR_UNKNOWN)
			unknown = 1;
	}
	if (failed) {
		*f = first;
		return -1;
	}
	*out = unknown ? VALUE_NULL : VALUE_BOOL(decides == EXPR_FALSE);
	return 0;
}

/* Whether an arm of a case is the one: of case x when y, whether x = y. */
static int
arm_taken(
    struct judge *j, const struct node *arm, const struct value *base, int *taken, struct fault *f)
{
	enum expr_truth truth = EXPR_UNKNOWN;
	struct value v;

	*taken = 0;
	if (evaluate(j, arm, &v, f) < 0)
		return -1;
	if (base) {
		if (v.type == EXPR_NULL || base->type == EXPR_NULL)
			return 0;
		return value_equal(base, &v, taken, f);
	}
	if (truth_of("when", &v, &truth, f) < 0)
		return -1;
	*taken = truth == EXPR_TRUE;
	return 0;
}

static int
choose(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	size_t at = n->has_base ? 1 : 0;
	struct value base;
	int taken = 0;

	if (n->has_base && evaluate(j, n->args.v[0], &base, f) < 0)
		return -1;
	for (; at + 1 < n->args.n; at += 2) {
		if (arm_taken(j, n->args.v[at], n->has_base ? &base : NULL, &taken, f) < 0)
			return -1;
		if (taken)
			return evaluate(j, n->args.v[at + 1], out, f);
	}
	return evaluate(j, n->args.v[at], out, f);
}

static int
coalesce(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	for (size_t i = 0; i < n->args.n; i++) {
		if (evaluate(j, n->args.v[i], out, f) < 0)
			return -1;
		if (out->type != EXPR_NULL)
			return 0;
	}
	return 0;
}

/* ---- what takes the values of all ---- */

static int
call(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	struct value few[4], *args = few;
	int status = 0, null = 0;

	if (n->args.n > sizeof(few) / sizeof(*few))
		args = mem_zero(n->args.n, sizeof(*args));
	for (size_t i = 0; i < n->args.n && status == 0; i++) {
		status = evaluate(j, n->args.v[i], &args[i], f);
		null |= status == 0 && args[i].type == EXPR_NULL;
	}
	if (status == 0 && (!null || n->function->sees_null))
		status = n->function->call(j, args, n->args.n, out, f);
	if (args != few)
		free(args);
	return status;
}

static int
match(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	struct value text;
	int found;

	if (!n->regexp)
		return call(j, n, out, f);
	if (evaluate(j, n->args.v[0], &text, f) < 0)
		return -1;
	if (text.type == EXPR_NULL)
		return 0;
	if (function_want_text("regexp", &text, f) < 0)
		return -1;
	found = regexp_match(n->regexp, text.text.text, text.text.len, f);
	if (found < 0)
		return -1;
	*out = VALUE_BOOL(found);
	return judge_work(j, text.text.len * 16, f);
}

static int
evaluate(struct judge *j, const struct node *n, struct value *out, struct fault *f)
{
	*out = VALUE_NULL;
	if (judge_work(j, 1, f) < 0)
		return -1;
	switch (n->kind) {
	case NODE_VALUE: *out = n->value; return 0;
	case NODE_VARIABLE: return variable(j, n, out, f);
	case NODE_ATTRIBUTE: return attribute(j, n, out, f);
	case NODE_LABEL: return label(j, n, out, f);
	case NODE_LABELS: return label_array(j, n, out, f);
	case NODE_HAS: return has(j, n, out, f);
	case NODE_AND: return connect(j, n, EXPR_FALSE, out, f);
	case NODE_OR: return connect(j, n, EXPR_TRUE, out, f);
	case NODE_CASE: return choose(j, n, out, f);
	case NODE_COALESCE: return coalesce(j, n, out, f);
	case NODE_REGEXP: return match(j, n, out, f);
	case NODE_CALL: return call(j, n, out, f);
	}
	abort();
}

/* ---- entries ---- */

int
judge_run(struct judge *j, const struct expr *e, const struct judge_names *names, struct value *out,
    struct fault *f)
{
	begin(j, names);
	return evaluate(j, e->root, out, f);
}

int
judge_run_truth(struct judge *j, const struct expr *e, const struct judge_names *names,
    enum expr_truth *out, struct fault *f)
{
	struct value v;

	if (judge_run(j, e, names, &v, f) < 0)
		return -1;
	return truth_of("a condition", &v, out, f);
}
