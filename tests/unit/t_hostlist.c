/* SPDX-License-Identifier: Apache-2.0 */
#include "io/hostlist.h"

#include "base/map.h"

#include "tap.h"

#include <time.h>

static struct fault f;

static int
collect(const char *name, void *ctx)
{
	words_add(ctx, name);
	return 0;
}

static int
join(const char *name, void *ctx)
{
	struct str *s = ctx;

	str_addf(s, "%s%s", s->len ? " " : "", name);
	return 0;
}

static int
stop_at_third(const char *name, void *ctx)
{
	(void)name;
	return ++*(int *)ctx == 3 ? 42 : 0;
}

static void
expands(const char *list, const char *names)
{
	struct str out = STR_INIT;
	struct words each = {0};
	struct hostlist *h = hostlist_new(list, &f);
	int all = 1;

	is_int(hostlist_each(list, join, &out, &f), 0, "%s is a list", list);
	is_text(out.text, names, "%s is walked in order", list);
	hostlist_each(list, collect, &each, &f);
	for (size_t i = 0; i < each.n; i++)
		all &= hostlist_has(h, each.v[i]);
	ok(all, "every name of %s is in it", list);
	words_done(&each);
	hostlist_free(h);
	str_done(&out);
}

static void
refused(const char *list, const char *message)
{
	int calls = 0;

	is_int(hostlist_each(list, stop_at_third, &calls, &f), -1, "refused: \"%.40s\"", list);
	is_int(f.kind, FAULT_BAD, "as bad input");
	is_int(calls, 0, "before the first name");
	is_text(f.text, message, "the message quotes the list and says why");
	ok(!hostlist_new(list, &f), "nor can it be compiled");
}

static void
walking(void)
{
	int calls = 0;

	expands("db1", "db1");
	expands("node[1-3]", "node1 node2 node3");
	expands("n[0008-0011,0200],db1", "n0008 n0009 n0010 n0011 n0200 db1");
	expands("n[0-9/4]", "n0 n4 n8");
	expands("r[1-2]n[01-02].dc1", "r1n01.dc1 r1n02.dc1 r2n01.dc1 r2n02.dc1");
	expands("[1-2][8-9]", "18 19 28 29");
	expands("a[1,01,001]", "a1 a01 a001");
	expands("a[3,1-2,1]", "a3 a1 a2 a1");
	expands(" a , b[1-2] ,\n\tc d ", "a b1 b2 c d");
	expands("n[8-11]0", "n80 n90 n100 n110");
	expands("n[099-101]", "n099 n100 n101");
	is_int(hostlist_each("n[0-99999999999999999]", stop_at_third, &calls, &f), 42,
	    "a walk over 10^17 names stops with what the callback says");
	is_int(calls, 3, "and at once");
}

static void
malformed(void)
{
	struct str list = STR_INIT;

	refused("", "host list \"\": a name is empty");
	refused("a,,b", "host list \"a,,b\": a name is empty");
	refused("a,", "host list \"a,\": a name is empty");
	refused("n[1-3", "host list \"n[1-3\": no closing bracket");
	refused("a,n1]", "host list \"n1]\": a closing bracket without an opening one");
	refused(
	    "n[]", "host list \"n[]\": a bracket holds numbers and ranges, like [1-5,8,10-20/2]");
	refused("n[a-c]",
	    "host list \"n[a-c]\": a bracket holds numbers and ranges, like [1-5,8,10-20/2]");
	refused("n[1-3,[4]]",
	    "host list \"n[1-3,[4]]\": a bracket holds numbers and ranges, like [1-5,8,10-20/2]");
	refused("n[1 -3]",
	    "host list \"n[1 -3]\": a bracket holds numbers and ranges, like [1-5,8,10-20/2]");
	refused("n[3-1]", "host list \"n[3-1]\": a range runs backwards");
	refused("n[1-9/0]", "host list \"n[1-9/0]\": a step of 0");
	refused("n[1-010]",
	    "host list \"n[1-010]\": the ends of a range are padded to different widths");
	refused("n[1-100000000000000000]",
	    "host list \"n[1-100000000000000000]\": a number with more than 17 digits");
	for (int i = 0; i < 90; i++)
		str_addc(&list, 'x');
	str_addc(&list, ']');
	is_int(hostlist_each(list.text, join, &list, &f), -1, "a long list is refused like others");
	ok(strstr(f.text, "xxx...\": a closing bracket"), "and quoted by its beginning");
	str_done(&list);
}

static void
asking(void)
{
	struct hostlist *h =
	    hostlist_new("n[1-99999999999999999],p[001-200],s[0-98/2],r[1-9]n[1-9]0,db1,"
			 "o[1-100/10,5-6,50-60,007]",
		&f);
	const char *in[] = {"n1", "n99999999999999999", "p001", "p200", "s0", "s98", "r1n10",
	    "r9n90", "db1", "o1", "o5", "o91", "o55", "o007"};
	const char *out[] = {"n0", "n01", "n", "n1x", "n100000000000000000", "p1", "p0001", "p201",
	    "s1", "s100", "r1n1", "r0n10", "r10n10", "db", "db12", "", "x", "o2", "o7", "o07",
	    "o62"};

	for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++)
		ok(hostlist_has(h, in[i]), "%s is in the list", in[i]);
	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++)
		ok(!hostlist_has(h, out[i]), "\"%s\" is not in the list", out[i]);
	hostlist_free(h);

	h = hostlist_new("[0-99][0-99][0-99][0-99][0-99][0-99][0-99][0-99][0-99]x", &f);
	ok(!hostlist_has(h, "111111111111111111"), "many ways not to match do not take for ever");
	ok(hostlist_has(h, "111111111111111x"), "nor do many ways to match");
	hostlist_free(h);
}

/* names are separated by blanks */
static void
folds(const char *names, const char *list)
{
	struct words w = {0};
	struct str out = STR_INIT;

	for (const char *p = names; *p; p += *p == ' ') {
		size_t len = strcspn(p, " ");

		vec_push(&w, mem_dupn(p, len));
		p += len;
	}
	hostlist_fold(&w, &out);
	is_text(out.text ? out.text : "", list, "fold %s", names);
	str_done(&out);
	words_done(&w);
}

static void
folding(void)
{
	folds("", "");
	folds("db1", "db1");
	folds("n1 n2 n3", "n[1-3]");
	folds("n3 n1 n2 n1 n7", "n[1-3,7]");
	folds("n1 n2", "n[1-2]");
	folds("n9 n10 n11", "n[9-11]");
	folds("n09 n10 n11", "n[09-11]");
	folds("n099 n100 n1000", "n[099-100,1000]");
	folds("n1 n01 n2 n02", "n[1-2],n[01-02]");
	folds("n1 n01 n10", "n1,n[01,10]");
	folds("r1n1 r1n2 r2n1 r2n2", "r[1-2]n[1-2]");
	folds("r1n1 r1n2 r2n1", "r1n[1-2],r2n1");
	folds("r01n1 r02n1 r10n1 r1n1", "r1n1,r[01-02,10]n1");
	folds("r1n01 r2n01 r10n01 r11n01", "r[1-2,10-11]n01");
	folds("a1b1c1 a1b1c2 a1b2c1 a1b2c2 a2b1c1 a2b1c2 a2b2c1 a2b2c2", "a[1-2]b[1-2]c[1-2]");
	folds("10.0.0.1 10.0.0.2 10.0.1.1 10.0.1.2", "10.0.[0-1].[1-2]");
	folds("web db node10 node9", "db,node[9-10],web");
	folds("b a B", "B,a,b");
	folds("n10 n9 m", "m,n[9-10]");
	folds("x[1] x1 a,b x[1]", "a,b,x1,x[1]");
	folds("s111111111111111111 s111111111111111112", "s111111111111111111,s111111111111111112");
	folds("s0 s00 s000", "s0,s00,s000");
	folds("n1.dc2.example n2.dc2.example", "n[1-2].dc2.example");
}

static void
same_set(const char *list)
{
	struct words names = {0}, again = {0};
	struct map set = {0};
	struct str folded = STR_INIT;
	size_t missing = 0;

	hostlist_each(list, collect, &names, &f);
	hostlist_fold(&names, &folded);
	hostlist_each(folded.text, collect, &again, &f);
	for (size_t i = 0; i < names.n; i++)
		map_put(&set, names.v[i], NULL);
	for (size_t i = 0; i < again.n; i++)
		missing += !map_get(&set, again.v[i]);
	ok(!missing && again.n == set.n, "%s and its fold are the same set", list);
	str_done(&folded);
	map_done(&set);
	words_done(&names);
	words_done(&again);
}

static void
folds_fast(const char *list, const char *what)
{
	struct words names = {0};
	struct str out = STR_INIT;
	clock_t start;

	hostlist_each(list, collect, &names, &f);
	for (size_t i = names.n; i-- > 1;) { /* the same disorder each time */
		size_t k = (i * 2654435761u) % (i + 1);
		char *t = names.v[i];

		names.v[i] = names.v[k];
		names.v[k] = t;
	}
	start = clock();
	hostlist_fold(&names, &out);
	printf("# %zu names in %s: %.0f ms\n", names.n, what,
	    (double)(clock() - start) * 1000 / CLOCKS_PER_SEC);
	is_text(out.text, list, "a hundred thousand names fold in %s", what);
	str_done(&out);
	words_done(&names);
}

int
main(void)
{
	walking();
	malformed();
	asking();
	folding();
	same_set("n[1-20],n[001-120/7],r[1-3]n[08-12],x");
	same_set("[0-3][0-3],[00-12],a[9-11]b[1,01,001]");
	folds_fast("compute-[000001-100000]", "one dimension");
	folds_fast("r[001-250]n[001-400]", "two dimensions");
	return tap_end();
}
