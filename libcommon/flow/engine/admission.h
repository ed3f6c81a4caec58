/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which item may start next. Waves in order, so many in flight, so many of one failure domain,
 * not more failures than allowed. Knows numbers only: no database, no processes, no clock.
 *
 * What a question costs does not depend on how many items wait. Items with the same failure
 * domains are a class: they may or may not start for the same reason. A class that finds one of
 * its domains full waits there, as one, until a place in it is free; so no item is looked at
 * twice on its way, and no more classes are than there are full domains.
 */
#ifndef FLOW_ENGINE_ADMISSION_H
#define FLOW_ENGINE_ADMISSION_H

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"

/* The limits, in items. */
struct admission_limits {
	int64_t in_flight;
	int64_t max_fail;          /* one more failure trips */
	int64_t max_fail_in_a_row; /* 0: no limit */
	int strict;                /* never more in flight than may still fail, and one */
};

/* First in, first out. */
struct admission_queue {
	struct ids ids;
	size_t next; /* in ids: what comes before has left */
};

/* One value of a spread label: "cabinet=a12". */
struct domain {
	char *name;
	int64_t limit;
	int64_t held;                   /* items in work, or kicked: a broken one keeps its place */
	int64_t broken;                 /* of these, the kicked ones */
	struct admission_queue waiting; /* classes */
};

/* Items with the same domains. */
struct admission_class {
	struct ids domains;
	struct admission_queue items; /* of the open wave, that found a domain full */
	int is_held; /* it waits in a domain, or is in woken: later items queue up */
};

/* An item, by pos. */
struct admission_item {
	int64_t wave, class;
	struct ids domains; /* until its class is known */
};

struct admission {
	struct admission_limits limits;
	VEC(struct domain) domains;
	struct map names;                 /* of domains */
	VEC(struct admission_item) items; /* by pos */
	VEC(struct admission_class) classes;
	struct map sets;  /* of classes: by the numbers of their domains */
	struct ids woken; /* classes that found a place, the last is to be asked first */
	struct admission_queue ready; /* items that have not been looked at, in order */
	int64_t wave;                 /* open; -1: none yet */
	int64_t active, failed, in_a_row;
	struct str tripped;    /* "failures 3 > max_fail 2": what was exceeded; NULL: nothing */
	struct ids wave_sizes; /* by wave: items not over */
	int64_t looks;         /* at items, all in all: what admission has cost */
};

void admission_init(struct admission *a, const struct admission_limits *limits, int64_t items);
void admission_done(struct admission *a);

/* The number of a domain, made if it is new with this limit. */
int64_t admission_domain(struct admission *a, const char *name, int64_t limit);

/*
 * An item that is not over, in the order of the plan: add, its domains, then either queue it
 * or, on resume, take it as in work already.
 */
void admission_add(struct admission *a, int64_t pos, int64_t wave);
void admission_add_domain(struct admission *a, int64_t pos, int64_t domain);
void admission_queue(struct admission *a, int64_t pos);
void admission_take(struct admission *a, int64_t pos);

/* One that was added and not queued before: among the others, in the order of the plan. */
void admission_join(struct admission *a, int64_t pos);

/* What else is so already, on resume: an item of a domain was kicked. */
void admission_broken(struct admission *a, int64_t domain);
void admission_failures(struct admission *a, int64_t failed, int64_t in_a_row);

/* The first wave after the open one that has items left, or -1. */
int64_t admission_following(const struct admission *a);
void admission_open_wave(struct admission *a, int64_t wave);

/* Whether all items of the open wave are over. True before the first. */
int admission_wave_over(const struct admission *a);

/* Whether asking for the next could be of any use now. */
int admission_has_room(const struct admission *a);

enum admission_answer {
	ADMISSION_ITEM,    /* pos; it counts as in work from here */
	ADMISSION_FULL,    /* not now: what is in work must end first */
	ADMISSION_TRIPPED, /* too many failures: never */
	ADMISSION_NONE,    /* none of the wave is left that could start now */
};
enum admission_answer admission_next(struct admission *a, int64_t *pos);

/* It was not started after all: its places are free. Later, admission_again: to the front. */
void admission_put_back(struct admission *a, int64_t pos);
void admission_again(struct admission *a, int64_t pos);

enum admission_end {
	ADMISSION_OK,
	ADMISSION_KICKED,
	ADMISSION_LEFT
}; /* left: skipped, cancelled */

/* An item in work is over. */
void admission_end(struct admission *a, int64_t pos, enum admission_end how);

/*
 * Why it tripped: "failures 3 > max_fail 2" or "failures in a row 4 > max_fail_in_a_row 3"; NULL
 * while it has not. What was exceeded once stays so, whatever ends well afterwards.
 */
#define ADMISSION_TRIPPED_ON "failures" /* what it begins with */
const char *admission_tripped(const struct admission *a);

/* The first domain that items of the open wave wait for, or NULL. */
const struct domain *admission_full_domain(const struct admission *a);

#endif
