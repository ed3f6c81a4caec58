/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of an act, and how long it takes: drawn by seed, act, object and try, and by
 * nothing else, so that a world goes the same way in whatever order it is worked on, and
 * whoever is killed meanwhile.
 */
#ifndef SIM_FATE_H
#define SIM_FATE_H

#include "world.h"

enum fate {
	FATE_OK,
	FATE_TEMPORARY, /* this try fails */
	FATE_STALL,     /* it comes to no end until it is given up */
	FATE_PERMANENT, /* this and every other try fails */
};

/* What is drawn for: acts, then what is there in the beginning, and what customers want. */
enum act {
	ACT_CLOSE,
	ACT_BUILD,
	ACT_CHECK,
	ACT_MIGRATE,
	ACT_WIPE,
	DRAW_MACHINE,
	DRAW_SIZE,
	DRAW_CABINET,
	DRAW_WISH,
	DRAW_PLACE,
};

/* try counts from 1. */
enum fate fate_of(const struct world *w, enum act act, int64_t object, int64_t try);

/* A number from 0 to below, for what only has to differ. */
int64_t fate_draw(uint64_t seed, enum act act, int64_t object, int64_t try, int64_t below);

/* How long it takes in this world, whose clock runs speed times as fast as a real one. */
int64_t fate_time(const struct world *w, enum act act, int64_t object, int64_t try);

#endif
