/* SPDX-License-Identifier: Apache-2.0 */
#include "io/zone.h"

#include <time.h>

#define DAY INT64_C(86400)

void
zone_done(struct zone *z)
{
	free(z->name);
	vec_done(&z->changes);
	*z = (struct zone){0};
}

/* The second at which a day of the rule begins its change, by the clock before it. */
static int64_t
second_in(const struct zone_day *d, int year)
{
	struct tm first = {.tm_year = year, .tm_mon = d->month - 1, .tm_mday = 1};
	int64_t at = timegm(&first);
	int64_t day = (d->weekday - first.tm_wday + 7) % 7 + (d->week - 1) * 7;
	struct tm found;
	time_t t = at + day * DAY;

	gmtime_r(&t, &found);
	if (found.tm_mon != d->month - 1) /* the fifth of a month that has four: the last */
		day -= 7;
	return at + day * DAY + d->second;
}

static int64_t
east_by_rule(const struct zone_rule *r, int64_t at)
{
	time_t standard = at + r->standard;
	int64_t begins, ends;
	struct tm tm;
	int is_summer;

	if (!r->has_summer || !gmtime_r(&standard, &tm))
		return r->standard;
	begins = second_in(&r->begins, tm.tm_year) - r->standard;
	ends = second_in(&r->ends, tm.tm_year) - r->summer;
	/* South of the equator summer holds over the end of the year. */
	is_summer = begins < ends ? at >= begins && at < ends : at >= begins || at < ends;
	return is_summer ? r->summer : r->standard;
}

int64_t
zone_east(const struct zone *z, int64_t at)
{
	size_t low = 0, high = z->changes.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->changes.v[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == z->changes.n)
		return east_by_rule(&z->rule, at);
	return low ? z->changes.v[low - 1].east : z->first;
}

/* Between the two the clock is set once: when. */
static int64_t
change_between(const struct zone *z, int64_t low, int64_t high)
{
	const int64_t before = zone_east(z, low);

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (zone_east(z, middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

void
zone_instants(const struct zone *z, int64_t shown, int64_t *first, int64_t *last)
{
	/* Two days: no zone is further from UTC, and none sets its clock twice in four. */
	const int64_t low = shown - 2 * DAY, high = shown + 2 * DAY;
	const int64_t before = shown - zone_east(z, low), after = shown - zone_east(z, high);
	const int by_before = before + zone_east(z, before) == shown;
	const int by_after = after + zone_east(z, after) == shown;

	*first = by_before ? before : after;
	*last = by_after ? after : before;
	if (!by_before && !by_after)
		*first = *last = change_between(z, low, high);
}
