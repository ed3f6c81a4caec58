/* SPDX-License-Identifier: Apache-2.0 */
#include "fate.h"

enum { RATES_OF = 10000 };

/*
 * How often in 10,000, and how long in seconds. The rates are those of a fleet that is well
 * kept: of three VMs a host one host in a hundred has to be looked at by people.
 */
static const struct {
	int64_t temporary, stall, permanent;
	int64_t least, most;
} acts[] = {
    [ACT_CLOSE] = {100, 0, 0, 0, 0},
    [ACT_BUILD] = {300, 0, 30, 1200, 2400},
    [ACT_CHECK] = {400, 0, 0, 60, 180},
    [ACT_MIGRATE] = {300, 100, 20, 6, 12}, /* for each GiB of memory */
    [ACT_WIPE] = {0, 0, 0, 600, 900},
};

/* splitmix64, Steele, Lea and Flood 2014. */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

int64_t
fate_draw(uint64_t seed, enum act act, int64_t object, int64_t try, int64_t below)
{
	uint64_t x = mix(mix(mix(mix(seed) ^ (uint64_t)act) ^ (uint64_t)object) ^ (uint64_t)try);

	return (int64_t)(x % (uint64_t)below);
}

enum fate
fate_of(const struct world *w, enum act act, int64_t object, int64_t try)
{
	uint64_t seed = (uint64_t)w->head->seed;
	int64_t trouble = w->head->trouble;
	int64_t temporary = acts[act].temporary * trouble / 100;
	int64_t drawn = fate_draw(seed, act, object, try, RATES_OF);

	if (fate_draw(seed, act, object, 0, RATES_OF) < acts[act].permanent * trouble / 100)
		return FATE_PERMANENT;
	if (drawn < temporary)
		return FATE_TEMPORARY;
	return drawn < temporary + acts[act].stall * trouble / 100 ? FATE_STALL : FATE_OK;
}

int64_t
fate_time(const struct world *w, enum act act, int64_t object, int64_t try)
{
	int64_t least = acts[act].least * 1000, most = acts[act].most * 1000;

	/* Another draw than that of the fate: what fails is not always what is slow. */
	return (least + fate_draw(~(uint64_t)w->head->seed, act, object, try, most - least + 1)) /
	       w->head->speed;
}
