/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/parse.h"

#include "base/near.h"

#include <stdlib.h>
#include <string.h>

/* They cannot be bare variable names; var.NAME can. */
static const char *const keywords[] = {"and", "or", "not", "is", "null", "true", "false", "in",
    "between", "like", "glob", "regexp", "case", "when", "then", "else", "end", "cast", "as",
    "select", NULL};

/* ---- tokens and faults ---- */

int
parse_refuse(struct parser *p, const struct token *t, const char *why)
{
	return fault_set(p->f, FAULT_BAD, "column %u: %s", token_column(p->start, t), why);
}

int
parse_advance(struct parser *p)
{
	return token_next(p->start, p->token.at + p->token.len, &p->token, p->f);
}

int
parse_take(struct parser *p, const char *text)
{
	if (!token_is(&p->token, text))
		return 0;
	return parse_advance(p) < 0 ? -1 : 1;
}

static int
unexpected(struct parser *p, const char *wanted, const char *hint)
{
	const struct token *t = &p->token;

	return fault_set(p->f, FAULT_BAD, "column %u: %.*s where %s should be%s",
	    token_column(p->start, t),
	    t->kind == TOKEN_END ? 7
	    : t->len > 40        ? 40
				 : (int)t->len,
	    t->kind == TOKEN_END ? "the end" : t->at, wanted, hint);
}

int
parse_unexpected(struct parser *p, const char *wanted)
{
	return unexpected(p, wanted, "");
}

int
parse_no_operator(struct parser *p, const char *wanted)
{
	char *word = mem_dupn(p->token.at, p->token.kind == TOKEN_WORD ? p->token.len : 0);
	struct near near = NEAR_INIT(word);
	char hint[NEAR_HINT];
	int status;

	for (size_t i = 0; keywords[i]; i++)
		if (!token_is(&p->token, keywords[i]))
			near_offer(&near, keywords[i]);
	status = unexpected(p, wanted, near_hint(&near, hint));
	free(word);
	return status;
}

int
parse_expect(struct parser *p, const char *text, const char *wanted)
{
	int found = parse_take(p, text);

	return found == 0 ? parse_unexpected(p, wanted) : found < 0 ? -1 : 0;
}

int
parse_is_keyword(const struct token *t)
{
	for (size_t i = 0; keywords[i]; i++)
		if (token_is(t, keywords[i]))
			return 1;
	return 0;
}

/* ---- nodes ---- */

/* Takes over arg; with a fault, frees both and returns NULL. */
struct node *
parse_with(struct parser *p, struct node *n, struct node *arg)
{
	if (!arg) {
		node_free(n);
		return NULL;
	}
	vec_push(&n->args, arg);
	if (arg->depth >= n->depth)
		n->depth = arg->depth + 1;
	if (n->depth > NODE_DEEPEST) {
		parse_refuse(p, &p->token, "too many operations one inside the other");
		node_free(n);
		return NULL;
	}
	return n;
}

struct node *
parse_operation(const char *name)
{
	struct node *n = node_new(NODE_CALL);

	n->function = function_operator(name);
	n->kind = n->function->kind;
	return n;
}

struct node *
parse_unary(struct parser *p, const char *name, struct node *arg)
{
	return arg ? parse_with(p, parse_operation(name), arg) : NULL;
}

/* Takes over left; right is parsed by the caller just before. */
struct node *
parse_binary(struct parser *p, const char *name, struct node *left, struct node *right)
{
	struct node *n = parse_with(p, parse_operation(name), left);

	if (!n) {
		node_free(right);
		return NULL;
	}
	return parse_with(p, n, right);
}

struct node *
parse_negated(struct parser *p, int negate, struct node *n)
{
	return negate ? parse_unary(p, "not", n) : n;
}

struct node *
parse_nest(struct parser *p, struct node *(*parse)(struct parser *p))
{
	struct node *n = NULL;

	if (++p->nested > NODE_NESTED)
		parse_refuse(p, &p->token, "nested deeper than 100 levels");
	else
		n = parse(p);
	p->nested--;
	return n;
}
