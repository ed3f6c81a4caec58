/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser's parts. Each parse_... takes what it is named for from the tokens and returns
 * its tree, or NULL with the fault set. A function that is given a tree takes it over, and
 * frees it if it fails.
 */
#ifndef FLEET_EXPR_PARSE_H
#define FLEET_EXPR_PARSE_H

#include "fleet/expr/function.h"
#include "fleet/expr/node.h"
#include "fleet/expr/token.h"

struct parser {
	struct expr *e;
	const char *start;
	struct token token; /* not yet taken */
	int nested;
	struct fault *f;
};

/* A whole expression, and all that is at least as strong as < and >. */
struct node *parse_or(struct parser *p);
struct node *parse_order(struct parser *p);

/* A literal, a name, a call, case, cast, something in brackets. */
struct node *parse_operand(struct parser *p);

/*
 * [not] between, in, like, glob, regexp; is [not] null, true, false: a test of left, and *found
 * says whether there was one; without one, left as it was.
 */
struct node *parse_word_test(struct parser *p, struct node *left, int *found);

/* A number at the next token; sign is "-" where one stood right before. */
struct node *parse_number(struct parser *p, const char *sign);

/* (a, b, c) behind its opening bracket, as arguments of n. */
struct node *parse_arguments(struct parser *p, struct node *n);

/* ---- parse_help.c ---- */

int parse_advance(struct parser *p);

/* Takes the token if it is this one: 1, 0, -1. */
int parse_take(struct parser *p, const char *text);

/* Takes it or fails: "column 14: the end where then should be". */
int parse_expect(struct parser *p, const char *text, const char *wanted);
int parse_unexpected(struct parser *p, const char *wanted);

/* The same where a value has ended: with the keyword that the token may have been meant as. */
int parse_no_operator(struct parser *p, const char *wanted);
int parse_refuse(struct parser *p, const struct token *t, const char *why);
int parse_is_keyword(const struct token *t);

/* n with one argument more. */
struct node *parse_with(struct parser *p, struct node *n, struct node *arg);

/* A node that applies the operator of that name. */
struct node *parse_operation(const char *name);
struct node *parse_unary(struct parser *p, const char *name, struct node *arg);
struct node *parse_binary(
    struct parser *p, const char *name, struct node *left, struct node *right);
struct node *parse_negated(struct parser *p, int negate, struct node *n);

/* Parses one level deeper, up to the limit. */
struct node *parse_nest(struct parser *p, struct node *(*parse)(struct parser *p));

#endif
