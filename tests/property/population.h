/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts to make cases of, the same in each pass, and the numbers that a case is drawn from. */
#ifndef PROPERTY_POPULATION_H
#define PROPERTY_POPULATION_H

#include "fleet/session.h"
#include "rules.h"

/* Each segment has its own share of steps that go wrong. */
enum { SEGMENTS = 4, SEGMENT = 100, HOSTS = SEGMENTS * SEGMENT };

struct host {
	int64_t id;
	int value[LABELS]; /* of rack, power; -1: it has none */
	int status[STEPS][TRIES];
};

/* Those of a segment are SEGMENTS apart. */
extern struct host population[HOSTS];

/* A new database with them; it ends the test where that is not possible. */
void population_open(struct session *s, const char *path);

/* From now on numbers are those of this seed. */
void draw_from(uint64_t seed);
int between(int low, int high); /* both may come */
int chance(int percent);

#endif
