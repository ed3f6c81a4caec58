/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "tap.h"

#define MANY 10000

static const char *
key_of(int i)
{
	static char key[16];

	snprintf(key, sizeof(key), "key %d", i);
	return key;
}

static void
few(void)
{
	struct map m = {0};
	char key[] = "a";
	int added;

	ok(!map_get(&m, "a"), "an empty map has nothing");
	map_put(&m, key, &added)->i = 7;
	is_int(added, 1, "a new key is added");
	*key = 'b';
	is_int(map_get(&m, "a")->i, 7, "and found by a copy of its own");
	is_int(map_put(&m, "a", &added)->i, 7, "putting it again keeps the value");
	is_int(added, 0, "and adds nothing");
	ok(!map_put(&m, "", NULL)->p, "an empty key is a key, a new value zero");
	is_int(m.n, 2, "keys are counted");
	ok(!map_get(&m, "b"), "another key is not found");
	map_done(&m);
	ok(!m.n && !map_get(&m, "a"), "done leaves it empty");
}

static void
many(void)
{
	struct map m = {0};
	struct map_entry *e;
	size_t at = 0;
	int wrong = 0;
	int64_t sum = 0;

	for (int i = 0; i < MANY; i++)
		map_put(&m, key_of(i), NULL)->i = i;
	for (int i = 0; i < MANY; i++) {
		union map_value *v = map_get(&m, key_of(i));

		wrong += !v || v->i != i;
	}
	is_int(wrong, 0, "growing loses and mixes up nothing");
	ok(!map_get(&m, key_of(MANY)), "nor does it invent");
	ok(m.n * 4 <= m.room * 3, "a quarter stays free");
	while ((e = map_each(&m, &at)))
		sum += e->value.i;
	is_int(sum, (int64_t)MANY * (MANY - 1) / 2, "a walk meets each entry once");
	map_done(&m);
	at = 0;
	ok(!map_each(&m, &at), "a walk through nothing ends at once");
}

int
main(void)
{
	few();
	many();
	return tap_end();
}
