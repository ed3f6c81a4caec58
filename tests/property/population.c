/* SPDX-License-Identifier: Apache-2.0 */
#include "population.h"

#include "../unit/fleet.h"

/* ---- numbers ---- */

static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood 2014): one word of state, so that a seed is a case. */
static uint64_t
next_word(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void
draw_from(uint64_t seed)
{
	state = seed;
}

int
between(int low, int high)
{
	return low + (int)(next_word() % (uint64_t)(high - low + 1));
}

int
chance(int percent)
{
	return between(1, 100) <= percent;
}

/* ---- a fleet to choose from ---- */

struct host population[HOSTS];

/* How many steps in a hundred go wrong, by segment of the fleet. */
static const int trouble[SEGMENTS] = {0, 4, 15, 50};

static void
draw_host(struct host *h, int percent)
{
	static const int statuses[] = {75, 1, 100, 0};

	h->value[0] = between(0, 4);
	h->value[1] = chance(15) ? -1 : between(0, 2);
	for (int s = 0; s < STEPS; s++) {
		int is_bad = chance(percent);

		for (int t = 0; t < TRIES; t++)
			h->status[s][t] = is_bad ? statuses[between(0, 3)] : 0;
	}
}

static void
put_host(struct session *s, struct host *h, int n)
{
	struct str record = STR_INIT;

	str_addf(&record,
	    "{\"kind\":\"host\",\"name\":\"h%03d\",\"region\":\"r\",\"labels\":[\"rack=%d\"", n,
	    h->value[0]);
	if (h->value[1] >= 0)
		str_addf(&record, ",\"power=%d\"", h->value[1]);
	str_add(&record, "],\"variables\":{");
	for (int i = 0; i < STEPS * TRIES; i++)
		str_addf(&record, "%s\"s%dt%d\":%d", i ? "," : "", i / TRIES, i % TRIES,
		    h->status[i / TRIES][i % TRIES]);
	str_add(&record, "}}");
	h->id = fleet_put(s, "test", record.text);
	str_done(&record);
}

void
population_open(struct session *s, const char *path)
{
	struct fault f;

	fleet_open(s, path);
	/* What is lost with the power is no concern of this test. */
	must(db_run(s->db, &f, "PRAGMA synchronous = OFF", "") < 0 ? -1 : 0, &f);
	fleet_put(s, "test", "{\"kind\":\"cloud\",\"name\":\"c\"}");
	fleet_put(s, "test", "{\"kind\":\"region\",\"name\":\"r\",\"cloud\":\"c\"}");
	draw_from(1); /* always the same */
	for (int i = 0; i < HOSTS; i++) {
		draw_host(&population[i], trouble[i % SEGMENTS]);
		put_host(s, &population[i], i);
	}
}
