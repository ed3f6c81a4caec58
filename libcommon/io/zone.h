/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zones by their names, "Europe/Berlin", out of the system's files (RFC 8536). Read by
 * hand, because the C library takes a zone that it cannot find for UTC and says nothing: a
 * window of time would open in the wrong hours. Here it is a fault. No environment variable
 * has a say.
 */
#ifndef IO_ZONE_H
#define IO_ZONE_H

#include "base/fault.h"
#include "base/vec.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

/* From this instant on the zone is so many seconds east of UTC. */
struct zone_change {
	int64_t at, east;
};

/* The day in each year on which summer time begins or ends. */
struct zone_day {
	int month, week, weekday; /* 1..12; 1..5, 5 is the last; Sunday is 0 */
	int64_t second;           /* of that day, by the clock before the change; may be negative */
};

/* What holds after the last change that the file lists. */
struct zone_rule {
	int64_t standard, summer; /* seconds east */
	int has_summer;
	struct zone_day begins, ends;
};

struct zone {
	char *name;
	int64_t first; /* seconds east before all changes */
	VEC(struct zone_change) changes;
	struct zone_rule rule;
};

/*
 * By name. FAULT_BAD: no name of a zone, or none of that name here; FAULT_SYSTEM: no zones are
 * installed at all, or the file is damaged or says what is not understood. UTC needs no file.
 */
int zone_read(struct zone *z, const char *name, struct fault *f);

/* The same from the bytes of such a file. */
int zone_parse(struct zone *z, const char *name, const char *bytes, size_t len, struct fault *f);

void zone_done(struct zone *z);

/* Seconds east of UTC at an instant, in seconds since 1970 UTC. */
int64_t zone_east(const struct zone *z, int64_t at);

/*
 * The instants at which the zone's clock shows a time, given as the seconds since 1970 that it
 * would be in UTC. One, first and last the same; two where the clock is set back; where it is
 * set forth and never shows that time, the instant at which it is set, as both.
 */
void zone_instants(const struct zone *z, int64_t shown, int64_t *first, int64_t *last);

#endif
