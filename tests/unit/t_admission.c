/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/admission.h"

#include "tap.h"

static const struct admission_limits wide = {.in_flight = 100, .max_fail = 100};

/* Items pos 0.. of wave 0 in the domain that each letter names; '-' is none. */
static void
fill(struct admission *a, const struct admission_limits *limits, const char *domains, int64_t limit)
{
	size_t n = strlen(domains);

	admission_init(a, limits, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		char name[2] = {domains[i], '\0'};

		admission_add(a, (int64_t)i, 0);
		if (domains[i] != '-')
			admission_add_domain(a, (int64_t)i, admission_domain(a, name, limit));
		admission_queue(a, (int64_t)i);
	}
	admission_open_wave(a, 0);
}

/* All that may start now, as "0 2 "; ends with the answer that ended it. */
static enum admission_answer
take_all(struct admission *a, struct str *out)
{
	enum admission_answer answer;
	int64_t pos;

	str_reset(out);
	while ((answer = admission_next(a, &pos)) == ADMISSION_ITEM)
		str_addf(out, "%d ", (int)pos);
	return answer;
}

static void
test_domains(void)
{
	struct admission a;
	struct str got = STR_INIT;

	fill(&a, &wide, "aaabb", 1);
	take_all(&a, &got);
	is_text(got.text, "0 3 ", "one of each domain is let in");
	admission_end(&a, 0, ADMISSION_OK);
	take_all(&a, &got);
	is_text(got.text, "1 ", "the next of a domain follows the one that has ended");
	admission_end(&a, 3, ADMISSION_KICKED);
	ok(take_all(&a, &got) == ADMISSION_NONE && !got.len, "a kicked item keeps its place");
	admission_end(&a, 1, ADMISSION_LEFT);
	take_all(&a, &got);
	is_text(got.text, "2 ", "a skipped one does not");
	admission_end(&a, 2, ADMISSION_OK);
	is_text(admission_full_domain(&a)->name, "b", "the full domain is named");
	is_int(admission_full_domain(&a)->broken, 1, "and how many in it are broken");
	ok(!admission_wave_over(&a), "the wave is not over: somebody still waits");
	admission_done(&a);
	str_done(&got);
}

/* Item 2 is in both domains: woken for a place in one, it finds the other full. */
static void
test_two_labels(void)
{
	struct admission a;
	struct str got = STR_INIT;
	int64_t x, y;

	admission_init(&a, &wide, 4);
	x = admission_domain(&a, "x", 1);
	y = admission_domain(&a, "y", 1);
	for (int64_t i = 0; i < 4; i++) {
		admission_add(&a, i, 0);
		if (i != 1)
			admission_add_domain(&a, i, x);
		if (i == 1 || i == 2)
			admission_add_domain(&a, i, y);
		admission_queue(&a, i);
	}
	admission_open_wave(&a, 0);
	take_all(&a, &got);
	is_text(got.text, "0 1 ", "one for each of two labels");
	admission_end(&a, 0, ADMISSION_OK);
	take_all(&a, &got);
	is_text(got.text, "3 ", "a place that one cannot take goes to the next who waits for it");
	admission_end(&a, 1, ADMISSION_OK);
	admission_end(&a, 3, ADMISSION_OK);
	take_all(&a, &got);
	is_text(got.text, "2 ", "who needs both gets both");
	admission_done(&a);
	str_done(&got);
}

static void
test_limits(void)
{
	const struct admission_limits limits = {.in_flight = 2, .max_fail = 1};
	struct admission a;
	struct str got = STR_INIT;

	fill(&a, &limits, "------", 1);
	ok(take_all(&a, &got) == ADMISSION_FULL, "no more than in_flight");
	is_text(got.text, "0 1 ", "in the order of the plan");
	admission_end(&a, 0, ADMISSION_KICKED);
	ok(!admission_tripped(&a), "max_fail failures do not trip");
	take_all(&a, &got);
	is_text(got.text, "2 ", "the next is let in");
	admission_end(&a, 1, ADMISSION_KICKED);
	ok(admission_tripped(&a), "one more does");
	ok(take_all(&a, &got) == ADMISSION_TRIPPED, "and nobody is let in any more");
	is_text(admission_tripped(&a), "failures 2 > max_fail 1", "with the arithmetic");
	admission_done(&a);
	str_done(&got);
}

static void
test_strict(void)
{
	const struct admission_limits limits = {.in_flight = 100, .max_fail = 2, .strict = 1};
	struct admission a;
	struct str got = STR_INIT;

	fill(&a, &limits, "---------", 1);
	take_all(&a, &got);
	is_text(got.text, "0 1 2 ", "strict: as many as may fail, and one");
	admission_end(&a, 0, ADMISSION_KICKED);
	ok(take_all(&a, &got) == ADMISSION_FULL && !got.len, "one fewer after each failure");
	admission_end(&a, 1, ADMISSION_OK);
	take_all(&a, &got);
	is_text(got.text, "3 ", "one for each that was fine");
	admission_done(&a);
	str_done(&got);
}

static void
test_in_a_row(void)
{
	const struct admission_limits limits = {
	    .in_flight = 1, .max_fail = 100, .max_fail_in_a_row = 1};
	static const enum admission_end ends[] = {
	    ADMISSION_KICKED, ADMISSION_OK, ADMISSION_KICKED, ADMISSION_LEFT, ADMISSION_KICKED};
	struct admission a;
	int64_t pos;

	fill(&a, &limits, "------", 1);
	for (size_t i = 0; i < 5; i++) {
		ok(admission_next(&a, &pos) == ADMISSION_ITEM, "item %zu is let in", i);
		admission_end(&a, pos, ends[i]);
	}
	ok(admission_tripped(&a), "a skipped item neither fails nor mends a row");
	admission_done(&a);
}

static void
test_waves(void)
{
	struct admission a;
	struct str got = STR_INIT;

	admission_init(&a, &wide, 3);
	for (int64_t i = 0; i < 3; i++) {
		admission_add(&a, i, i == 0 ? 0 : 2);
		admission_queue(&a, i);
	}
	ok(admission_wave_over(&a), "before the first wave none is open");
	is_int(admission_following(&a), 0, "the first is next");
	admission_open_wave(&a, 0);
	ok(take_all(&a, &got) == ADMISSION_NONE, "a later wave waits");
	is_text(got.text, "0 ", "for the one that is open");
	admission_end(&a, 0, ADMISSION_OK);
	ok(admission_wave_over(&a), "which is over with its last item");
	is_int(admission_following(&a), 2, "a wave without items is passed over");
	admission_open_wave(&a, 2);
	take_all(&a, &got);
	is_text(got.text, "1 2 ", "then the others");
	admission_end(&a, 1, ADMISSION_OK);
	admission_end(&a, 2, ADMISSION_OK);
	is_int(admission_following(&a), -1, "until none is left");
	admission_done(&a);
	str_done(&got);
}

static void
test_put_back(void)
{
	struct admission a;
	struct str got = STR_INIT;
	int64_t pos;

	fill(&a, &wide, "aa-", 1);
	admission_next(&a, &pos);
	admission_put_back(&a, pos);
	take_all(&a, &got);
	is_text(got.text, "1 2 ", "what was put back gives its place away");
	admission_again(&a, pos);
	take_all(&a, &got);
	is_text(got.text, "", "and waits for it when it comes again");
	admission_end(&a, 1, ADMISSION_OK);
	take_all(&a, &got);
	is_text(got.text, "0 ", "until it is free");
	admission_done(&a);
	str_done(&got);
}

static void
test_resume(void)
{
	struct admission a;
	struct str got = STR_INIT;
	int64_t d;

	admission_init(&a, &wide, 3);
	d = admission_domain(&a, "a", 2);
	for (int64_t i = 0; i < 3; i++) {
		admission_add(&a, i, 0);
		admission_add_domain(&a, i, d);
		if (i)
			admission_queue(&a, i);
		else
			admission_take(&a, i);
	}
	admission_open_wave(&a, 0);
	admission_broken(&a, d);
	ok(take_all(&a, &got) == ADMISSION_NONE && !got.len,
	    "what was in work and what was kicked hold their places after a restart");
	admission_end(&a, 0, ADMISSION_OK);
	take_all(&a, &got);
	is_text(got.text, "1 ", "one place is free again");
	admission_done(&a);
	str_done(&got);
}

/*
 * N items that wait for each other as much as they can: in each of SIZE cabinets and of SIZE
 * circuits only one may be in work, and many share both.
 */
static void
fill_grid(struct admission *a, int64_t n, int64_t size, const struct admission_limits *limits)
{
	char name[32];

	admission_init(a, limits, n);
	for (int64_t i = 0; i < n; i++) {
		admission_add(a, i, 0);
		snprintf(name, sizeof(name), "cabinet=%d", (int)(i % size));
		admission_add_domain(a, i, admission_domain(a, name, 1));
		snprintf(name, sizeof(name), "circuit=%d", (int)(i / size % size));
		admission_add_domain(a, i, admission_domain(a, name, 1));
		admission_queue(a, i);
	}
	admission_open_wave(a, 0);
}

/* How many looks at items it takes to get all of them through, the first in work ending first. */
static int64_t
looks(int64_t n, int64_t size)
{
	const struct admission_limits limits = {.in_flight = n, .max_fail = n};
	struct ids active = {0};
	struct admission a;
	int64_t pos, got;

	fill_grid(&a, n, size, &limits);
	for (size_t next = 0;; next++) {
		while (admission_next(&a, &pos) == ADMISSION_ITEM)
			vec_push(&active, pos);
		if (next >= active.n)
			break;
		admission_end(&a, active.v[next], ADMISSION_OK);
	}
	is_int(active.n, n, "%d items with two labels pass", (int)n);
	got = a.looks;
	admission_done(&a);
	vec_done(&active);
	return got;
}

static void
test_many(void)
{
	int64_t few = looks(1000, 10), many = looks(100000, 10);

	ok(many / 100 < few + few / 10, "100 times the items, as many looks an item: %d, %d",
	    (int)few, (int)many);
	ok(many < 20 * (int64_t)100000, "and fewer than there are domains");
}

int
main(void)
{
	test_domains();
	test_two_labels();
	test_limits();
	test_strict();
	test_in_a_row();
	test_waves();
	test_put_back();
	test_resume();
	test_many();
	return tap_end();
}
