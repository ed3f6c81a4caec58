/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"
#include "tap.h"

static int
by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
numbers(void)
{
	struct ids ids = {0};
	int wrong = 0;

	vec_sort(&ids, by_value);
	is_int(ids.n, 0, "nothing can be sorted");
	for (int64_t i = 0; i < 1000; i++)
		vec_push(&ids, 999 - i);
	is_int(ids.n, 1000, "what is pushed is counted");
	vec_sort(&ids, by_value);
	for (size_t i = 0; i < ids.n; i++)
		wrong += ids.v[i] != (int64_t)i;
	is_int(wrong, 0, "all are there, and sorted");
	vec_done(&ids);
	ok(!ids.v && !ids.n && !ids.room, "done leaves it as new");
}

static void
structs(void)
{
	struct pair {
		int a, b;
	};
	VEC(struct pair) pairs = {0};

	vec_add(&pairs)->a = 1;
	pairs.v[0].b = 2;
	pairs.n = 0;
	vec_add(&pairs)->b = 3;
	ok(pairs.n == 1 && pairs.v[0].a == 0 && pairs.v[0].b == 3, "an added element is zero");
	vec_done(&pairs);
}

static void
texts(void)
{
	struct words words = {0};
	char text[] = "one";

	words_add(&words, text);
	*text = 'X';
	words_add(&words, "two");
	is_text(words.v[0], "one", "words are copies");
	is_int(words.n, 2, "and counted");
	words_done(&words);
	is_int(words.n, 0, "until they are freed");
}

static void
sorted(void)
{
	struct words words = {0};

	ok(!words_have(&words, "a") && !words_have(NULL, "a"), "nothing has no word");
	words_add(&words, "b");
	words_add(&words, "B");
	words_add(&words, "a");
	words_sort(&words);
	ok(!strcmp(words.v[0], "B") && !strcmp(words.v[2], "b"), "words are sorted by bytes");
	ok(words_have(&words, "a") && !words_have(&words, "A"), "and found");
	words_done(&words);
}

static struct ids
ids_of(size_t n, const int64_t *v)
{
	struct ids ids = {0};

	for (size_t i = 0; i < n; i++)
		vec_push(&ids, v[i]);
	return ids;
}

static void
sets(void)
{
	struct ids a = ids_of(5, (const int64_t[]){5, INT64_MIN, 7, 5, INT64_MAX});
	struct ids b = ids_of(3, (const int64_t[]){4, 5, INT64_MAX}), none = {0};

	ids_tidy(&a);
	is_int(a.n, 4, "a tidy set has each id once");
	ok(a.v[0] == INT64_MIN && a.v[1] == 5 && a.v[3] == INT64_MAX, "in ascending order");
	ok(ids_have(&a, 7) && !ids_have(&a, 6) && !ids_have(&none, 0), "and tells what it has");
	ids_subtract(&a, &none);
	is_int(a.n, 4, "less nothing it stays");
	ids_intersect(&a, &b);
	ok(a.n == 2 && a.v[0] == 5, "what both have");
	ids_subtract(&a, &b);
	is_int(a.n, 0, "less what the other has");
	ids_tidy(&none);
	ids_intersect(&none, &b);
	is_int(none.n, 0, "of nothing there is nothing");
	vec_done(&a);
	vec_done(&b);
}

int
main(void)
{
	sorted();
	sets();
	numbers();
	structs();
	texts();
	return tap_end();
}
