/* SPDX-License-Identifier: Apache-2.0 */
/* Tests on what stands to the left: is, between, in, like, glob, regexp. */
#include "fleet/expr/parse.h"

#include <stdlib.h>

static struct node *
test_is(struct parser *p, struct node *left)
{
	static const char *const tests[] = {
	    "null", "is null", "true", "is true", "false", "is false"};
	int negate = parse_take(p, "not");

	for (size_t i = 0; negate >= 0 && i < sizeof(tests) / sizeof(*tests); i += 2) {
		int found = parse_take(p, tests[i]);

		if (found == 1)
			return parse_negated(p, negate, parse_unary(p, tests[i + 1], left));
		if (found < 0)
			negate = -1;
	}
	if (negate >= 0)
		parse_unexpected(p, "null, true or false");
	node_free(left);
	return NULL;
}

static struct node *
test_between(struct parser *p, struct node *left)
{
	struct node *n = parse_with(p, parse_operation("between"), left);

	n = n ? parse_with(p, n, parse_order(p)) : NULL;
	if (!n)
		return NULL;
	if (parse_expect(p, "and", "and") == 0)
		return parse_with(p, n, parse_order(p));
	node_free(n);
	return NULL;
}

static struct node *
test_in(struct parser *p, struct node *left)
{
	struct node *n = parse_with(p, parse_operation("in"), left);

	if (!n)
		return NULL;
	if (parse_expect(p, "(", "( and a list") == 0)
		return parse_arguments(p, n);
	node_free(n);
	return NULL;
}

static struct node *
test_like(struct parser *p, struct node *left)
{
	return parse_binary(p, "like", left, parse_order(p));
}

static struct node *
test_glob(struct parser *p, struct node *left)
{
	return parse_binary(p, "glob", left, parse_order(p));
}

/* A pattern that stands in the text is compiled once, and its faults are known at once. */
static struct node *
test_regexp(struct parser *p, struct node *left)
{
	struct token at = p->token;
	struct node *n = parse_binary(p, "regexp", left, parse_order(p)), *pattern;

	if (!n)
		return NULL;
	pattern = n->args.v[1];
	if (pattern->kind != NODE_VALUE || pattern->value.type != EXPR_TEXT)
		return n;
	n->regexp = regexp_new(pattern->value.text.text, pattern->value.text.len, p->f);
	if (n->regexp)
		return n;
	fault_within(p->f, "column %u", token_column(p->start, &at));
	node_free(n);
	return NULL;
}

static const struct test {
	const char *word;
	struct node *(*parse)(struct parser *p, struct node *left);
} tests[] = {
    {"between", test_between},
    {"in", test_in},
    {"like", test_like},
    {"glob", test_glob},
    {"regexp", test_regexp},
};

/* Behind "not", if there is one, a test must follow. */
static struct node *
test_of_table(struct parser *p, struct node *left, int negate, int *found)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		int here = parse_take(p, tests[i].word);

		*found = here != 0;
		if (here == 1)
			return parse_negated(p, negate, tests[i].parse(p, left));
		if (here < 0)
			goto fail;
	}
	if (!negate)
		return left;
	*found = 1;
	parse_unexpected(p, "between, in, like, glob or regexp");
fail:
	node_free(left);
	return NULL;
}

struct node *
parse_word_test(struct parser *p, struct node *left, int *found)
{
	int is = parse_take(p, "is"), negate = is == 0 ? parse_take(p, "not") : 0;

	*found = 1;
	if (is > 0)
		return test_is(p, left);
	if (is == 0 && negate >= 0)
		return test_of_table(p, left, negate, found);
	node_free(left);
	return NULL;
}
