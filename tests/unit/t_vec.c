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

int
main(void)
{
	numbers();
	structs();
	texts();
	return tap_end();
}
