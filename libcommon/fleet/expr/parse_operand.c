/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator can stand beside: literals, names, calls, case, cast, brackets. */
#include "fleet/expr/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- literals ---- */

/* What stands between the quotes of a token, doubled quotes undone. */
static char *
unquoted(const struct token *t)
{
	char *text = mem_dupn(t->at + 1, t->len - 2), *to = text;

	for (const char *from = text; *from; from++) {
		*to++ = *from;
		from += *from == *t->at;
	}
	*to = '\0';
	return text;
}

static struct node *
text_literal(struct parser *p)
{
	struct node *n = node_new(NODE_VALUE);

	n->held = unquoted(&p->token);
	n->value = VALUE_TEXT(n->held, strlen(n->held));
	if (parse_advance(p) == 0)
		return n;
	node_free(n);
	return NULL;
}

/* sign is "-" where one stood right before: the smallest integer has no positive partner. */
struct node *
parse_number(struct parser *p, const char *sign)
{
	char *digits = mem_printf("%s%.*s", sign, (int)p->token.len, p->token.at);
	struct node *n = node_new(NODE_VALUE);
	int bad;

	errno = 0;
	if (p->token.kind == TOKEN_INT) {
		n->value = VALUE_INT(strtoll(digits, NULL, 10));
		bad = errno != 0;
	} else {
		bad = value_set_real(&n->value, strtod(digits, NULL), p->f) < 0;
	}
	free(digits);
	if (bad)
		parse_refuse(p, &p->token, "a number out of range");
	if (!bad && parse_advance(p) == 0)
		return n;
	node_free(n);
	return NULL;
}

static struct node *
word_literal(struct parser *p)
{
	struct node *n = node_new(NODE_VALUE);

	if (!token_is(&p->token, "null"))
		n->value = VALUE_BOOL(token_is(&p->token, "true"));
	if (parse_advance(p) == 0)
		return n;
	node_free(n);
	return NULL;
}

/* ---- names ---- */

/* disks[0]: elements count from 0, as everywhere in JSON. */
static int
step_index(struct parser *p, struct node *n)
{
	struct node *number;

	if (p->token.kind != TOKEN_INT)
		return parse_unexpected(p, "the number of an element");
	number = parse_number(p, "");
	if (!number)
		return -1;
	vec_add(&n->path)->index = number->value.i;
	node_free(number);
	return parse_expect(p, "]", "]");
}

/* A word or a quoted name; NULL with a fault. */
static char *
name_part(struct parser *p)
{
	char *name;

	if (p->token.kind != TOKEN_WORD && p->token.kind != TOKEN_QUOTED) {
		parse_unexpected(p, "a name");
		return NULL;
	}
	name =
	    p->token.kind == TOKEN_WORD ? mem_dupn(p->token.at, p->token.len) : unquoted(&p->token);
	if (parse_advance(p) == 0)
		return name;
	free(name);
	return NULL;
}

static int
step_key(struct parser *p, struct node *n)
{
	char *key = name_part(p);

	if (!key)
		return -1;
	vec_add(&n->path)->key = key;
	return 0;
}

static int
steps(struct parser *p, struct node *n)
{
	int dot = 1, bracket = 0;

	while (dot > 0 || bracket > 0) {
		dot = parse_take(p, ".");
		bracket = dot == 0 ? parse_take(p, "[") : 0;
		if (dot > 0 && step_key(p, n) < 0)
			return -1;
		if (bracket > 0 && step_index(p, n) < 0)
			return -1;
	}
	return dot < 0 || bracket < 0 ? -1 : 0;
}

static void
note(struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->v[i], word) == 0)
			return;
	words_add(w, word);
}

/* What stands between two tokens, without the white space before the second. */
static char *
written(const struct token *first, const struct token *behind)
{
	const char *end = behind->at;

	while (end > first->at && strchr(" \t\r\n", end[-1]))
		end--;
	return mem_dupn(first->at, (size_t)(end - first->at));
}

/* ram_gb, os.release.version, disks[0].size, var."odd key", item.region */
static struct node *
name(struct parser *p, const struct token *first)
{
	int is_item = token_is(first, "item"), is_var = token_is(first, "var");
	struct node *n = node_new(is_item ? NODE_ATTRIBUTE : NODE_VARIABLE);

	if (is_item || is_var) {
		if (parse_expect(
			p, ".", is_item ? ".NAME of an attribute" : ".NAME of a variable") < 0)
			goto fail;
		n->name = name_part(p);
		if (!n->name)
			goto fail;
	} else {
		n->name = mem_dupn(first->at, first->len);
	}
	note(is_item ? &p->e->attributes : &p->e->variables, n->name);
	if (steps(p, n) < 0)
		goto fail;
	n->written = written(first, &p->token);
	return n;
fail:
	node_free(n);
	return NULL;
}

/* ---- calls ---- */

struct node *
parse_arguments(struct parser *p, struct node *n)
{
	int more = parse_take(p, ")");

	if (more != 0)
		return more < 0 ? node_free(n), NULL : n;
	do {
		n = parse_with(p, n, parse_or(p));
		if (!n)
			return NULL;
		more = parse_take(p, ",");
	} while (more == 1);
	if (more == 0 && parse_expect(p, ")", ", or )") == 0)
		return n;
	node_free(n);
	return NULL;
}

static int
count_ok(struct parser *p, const struct token *at, const struct node *n)
{
	const struct function *fn = n->function;
	char counts[48];

	if (n->args.n >= fn->min && n->args.n <= fn->max)
		return 0;
	if (fn->min == fn->max)
		snprintf(counts, sizeof(counts), "%d", fn->min);
	else if (fn->max == FUNCTION_MANY)
		snprintf(counts, sizeof(counts), "%d or more", fn->min);
	else
		snprintf(counts, sizeof(counts), "%d to %d", fn->min, fn->max);
	return fault_set(p->f, FAULT_BAD, "column %u: %s() takes %s argument%s, not %zu",
	    token_column(p->start, at), fn->name, counts, fn->max == 1 ? "" : "s", n->args.n);
}

/* label('cabinet'): the key stands in the text, so that a plan knows what it rests on. */
static int
settle_label(struct parser *p, const struct token *at, struct node *n)
{
	struct node *key = n->args.v[0];

	if (key->kind != NODE_VALUE || key->value.type != EXPR_TEXT)
		return fault_set(p->f, FAULT_BAD, "column %u: %s() takes a label's key in 'quotes'",
		    token_column(p->start, at), n->function->name);
	n->name = mem_dup(key->held);
	note(&p->e->labels, n->name);
	return 0;
}

static struct node *
call(struct parser *p, const struct token *at)
{
	char *word = mem_dupn(at->at, at->len > 80 ? 80 : at->len);
	const struct function *fn = function_find(word, p->f);
	struct node *n;

	free(word);
	if (!fn) {
		fault_within(p->f, "column %u", token_column(p->start, at));
		return NULL;
	}
	n = node_new(fn->kind);
	n->function = fn;
	n = parse_arguments(p, n);
	if (!n)
		return NULL;
	if (count_ok(p, at, n) == 0 &&
	    (fn->kind < NODE_LABEL || fn->kind > NODE_HAS || settle_label(p, at, n) == 0))
		return n;
	node_free(n);
	return NULL;
}

static struct node *
word(struct parser *p)
{
	struct token first = p->token;

	if (parse_advance(p) < 0)
		return NULL;
	switch (parse_take(p, "(")) {
	case 0: return name(p, &first);
	case 1: return call(p, &first);
	default: return NULL;
	}
}

/* ---- case, cast ---- */

static int
case_arm(struct parser *p, struct node **n)
{
	*n = parse_with(p, *n, parse_or(p));
	if (!*n || parse_expect(p, "then", "then") < 0)
		return -1;
	*n = parse_with(p, *n, parse_or(p));
	return *n ? 0 : -1;
}

static struct node *
case_when(struct parser *p)
{
	struct node *n = node_new(NODE_CASE);
	int more, otherwise;

	if (!token_is(&p->token, "when")) {
		n->has_base = 1;
		n = parse_with(p, n, parse_or(p));
		if (!n)
			return NULL;
	}
	if (parse_expect(p, "when", "when") < 0)
		goto fail;
	do {
		if (case_arm(p, &n) < 0)
			goto fail;
		more = parse_take(p, "when");
	} while (more == 1);
	otherwise = more < 0 ? -1 : parse_take(p, "else");
	if (otherwise < 0)
		goto fail;
	n = parse_with(p, n, otherwise ? parse_or(p) : node_new(NODE_VALUE));
	if (n && parse_expect(p, "end", "when, else or end") == 0)
		return n;
fail:
	node_free(n);
	return NULL;
}

static struct node *
cast(struct parser *p)
{
	static const char *const types[] = {
	    "text", "cast text", "integer", "cast integer", "real", "cast real"};
	struct node *arg;

	if (parse_expect(p, "(", "(") < 0)
		return NULL;
	arg = parse_or(p);
	if (!arg)
		return NULL;
	if (parse_expect(p, "as", "as") == 0) {
		for (size_t i = 0; i < sizeof(types) / sizeof(*types); i += 2) {
			int found = parse_take(p, types[i]);

			if (found == 1 && parse_expect(p, ")", ")") == 0)
				return parse_unary(p, types[i + 1], arg);
			if (found)
				goto fail;
		}
		parse_unexpected(p, "text, integer or real");
	}
fail:
	node_free(arg);
	return NULL;
}

/* ---- from strong to weak ---- */

static struct node *
bracketed(struct parser *p)
{
	struct node *n = parse_or(p);
	int closed;

	if (!n)
		return NULL;
	closed = parse_take(p, ")");
	if (closed == 1)
		return n;
	if (closed == 0)
		parse_no_operator(p, "an operator or )");
	node_free(n);
	return NULL;
}

struct node *
parse_operand(struct parser *p)
{
	static const struct {
		const char *text;
		struct node *(*parse)(struct parser *p);
	} openings[] = {{"(", bracketed}, {"case", case_when}, {"cast", cast}};
	const struct token *t = &p->token;

	if (t->kind == TOKEN_INT || t->kind == TOKEN_REAL)
		return parse_number(p, "");
	if (t->kind == TOKEN_TEXT)
		return text_literal(p);
	if (token_is(t, "null") || token_is(t, "true") || token_is(t, "false"))
		return word_literal(p);
	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++) {
		int found = parse_take(p, openings[i].text);

		if (found)
			return found < 0 ? NULL : openings[i].parse(p);
	}
	if (token_is(t, "select"))
		parse_refuse(p, t, "an expression is one condition, not a query");
	else if (t->kind == TOKEN_QUOTED)
		parse_refuse(
		    p, t, "texts stand in 'single quotes', odd variable names behind var.");
	else if (t->kind == TOKEN_WORD && !parse_is_keyword(t))
		return word(p);
	else
		parse_unexpected(p, "a value");
	return NULL;
}
