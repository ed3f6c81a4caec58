/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/graph.h"
#include "tap.h"

static const char *const names[] = {"a", "b", "c", "d", "e"};

/* "b<a" for each pair: b needs a. */
static void
build(struct graph *g, const char *pairs)
{
	graph_init(g, 5);
	for (; *pairs; pairs += pairs[3] ? 4 : 3)
		graph_need(g, (size_t)(pairs[0] - 'a'), (size_t)(pairs[2] - 'a'));
}

static void
sorts(const char *pairs, const char *wanted, const char *sentence)
{
	struct graph g;
	struct fault f = {0};
	char got[6] = "";

	build(&g, pairs);
	ok(graph_sort(&g, names, &f) == 0, "%s: it sorts", sentence);
	for (size_t i = 0; i < g.n; i++)
		got[i] = (char)('a' + g.order[i]);
	is_text(got, wanted, "%s", sentence);
	graph_done(&g);
}

static void
cycles(const char *pairs, const char *wanted, const char *sentence)
{
	struct graph g;
	struct fault f = {0};

	build(&g, pairs);
	ok(graph_sort(&g, names, &f) < 0 && f.kind == FAULT_BAD, "%s: it does not sort", sentence);
	is_text(f.text, wanted, "%s", sentence);
	graph_done(&g);
}

int
main(void)
{
	struct graph g;
	struct fault f = {0};

	sorts("", "abcde", "without needs the order is the numbers'");
	sorts("b<a c<b d<c e<d", "abcde", "a chain stays a chain");
	sorts("a<e", "bcdea", "what is needed comes first");
	sorts("a<b b<c", "cbade", "a chain written backwards is turned");
	sorts("d<b d<c b<a c<a", "abcde", "a diamond keeps the numbers' order inside");

	cycles("a<a", "a cycle: a needs a", "a node that needs itself");
	cycles("a<b b<a", "a cycle: a needs b needs a", "two that need each other");
	cycles("a<b b<c c<d d<b", "a cycle: b needs c needs d needs b",
	    "the path names the cycle only, not the way to it");

	build(&g, "b<a b<a c<a");
	is_int(g.nodes[1].needs.n, 1, "the same need twice counts once");
	is_int(g.nodes[0].next.n, 2, "who is let go is known");
	graph_done(&g);

	graph_init(&g, 0);
	is_int(graph_sort(&g, names, &f), 0, "an empty graph sorts");
	graph_done(&g);
	return tap_end();
}
