/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive descent over SQL's expression syntax, with SQLite's precedence. From weak to
 * strong: or; and; not; = != is in between like glob regexp; < <= > >=; + -; * / %; ||; signs.
 */
#include "fleet/expr/parse.h"

static struct node *
parse_sign(struct parser *p)
{
	int minus = parse_take(p, "-"), plus = minus == 0 ? parse_take(p, "+") : 0;

	if (minus < 0 || plus < 0)
		return NULL;
	if (minus && (p->token.kind == TOKEN_INT || p->token.kind == TOKEN_REAL))
		return parse_number(p, "-");
	if (minus || plus)
		return parse_unary(p, minus ? "sign -" : "sign +", parse_nest(p, parse_sign));
	return parse_operand(p);
}

/* Operators of one strength, from the left: a - b - c is (a - b) - c. */
static struct node *
more_of(struct parser *p, struct node *left, const char *const *marks,
    struct node *(*operand)(struct parser *p))
{
	const char *const *mark = marks;

	while (left && *mark) {
		int found = parse_take(p, *mark);

		if (found < 0) {
			node_free(left);
			return NULL;
		}
		if (found)
			left = parse_binary(p, *mark, left, operand(p));
		mark = found ? marks : mark + 1;
	}
	return left;
}

static struct node *
parse_join(struct parser *p)
{
	static const char *const marks[] = {"||", NULL};

	return more_of(p, parse_sign(p), marks, parse_sign);
}

static struct node *
parse_product(struct parser *p)
{
	static const char *const marks[] = {"*", "/", "%", NULL};

	return more_of(p, parse_join(p), marks, parse_join);
}

static struct node *
parse_sum(struct parser *p)
{
	static const char *const marks[] = {"+", "-", NULL};

	return more_of(p, parse_product(p), marks, parse_product);
}

struct node *
parse_order(struct parser *p)
{
	static const char *const marks[] = {"<=", ">=", "<", ">", NULL};

	return more_of(p, parse_sum(p), marks, parse_sum);
}

static struct node *
parse_test(struct parser *p)
{
	static const char *const marks[] = {"==", "=", "!=", "<>", NULL};
	struct node *left = parse_order(p);
	int found = 1;

	while (left && found) {
		left = more_of(p, left, marks, parse_order);
		if (left)
			left = parse_word_test(p, left, &found);
	}
	return left;
}

static struct node *
parse_not(struct parser *p)
{
	int found = parse_take(p, "not");

	if (found == 0)
		return parse_test(p);
	return found < 0 ? NULL : parse_unary(p, "not", parse_nest(p, parse_not));
}

/* a and b and c is one node with three arguments: a long list is not deep. */
static struct node *
chain(struct parser *p, const char *name, struct node *(*below)(struct parser *p))
{
	struct node *first = below(p), *n;
	int more;

	if (!first)
		return NULL;
	more = parse_take(p, name);
	if (more == 0)
		return first;
	n = parse_with(p, parse_operation(name), first);
	while (n && more == 1) {
		n = parse_with(p, n, below(p));
		more = n ? parse_take(p, name) : 0;
	}
	if (more == 0)
		return n;
	node_free(n);
	return NULL;
}

static struct node *
parse_and(struct parser *p)
{
	return chain(p, "and", parse_not);
}

static struct node *
parse_or_here(struct parser *p)
{
	return chain(p, "or", parse_and);
}

struct node *
parse_or(struct parser *p)
{
	return parse_nest(p, parse_or_here);
}

int
node_parse(struct expr *e, const char *text, struct fault *f)
{
	struct parser p = {.e = e, .start = text, .token = {.at = text}, .f = f};

	if (parse_advance(&p) < 0)
		return -1;
	if (p.token.kind == TOKEN_END)
		return fault_set(f, FAULT_BAD, "an empty expression");
	e->root = parse_or(&p);
	if (!e->root)
		return -1;
	return p.token.kind == TOKEN_END ? 0 : parse_no_operator(&p, "an operator or the end");
}
