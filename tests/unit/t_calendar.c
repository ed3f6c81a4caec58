/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/calendar.h"

#include "base/when.h"
#include "tap.h"

#define HOUR INT64_C(3600000)

static struct fault fault;

static void
add_set(struct calendar *c, const char *window)
{
	struct windows *set = vec_add(&c->sets);

	if (window && window_read(vec_add(set), window, &fault) < 0)
		tap_bail(fault.text);
}

static void
add_freeze(struct calendar *c, const char *from, const char *to, const char *why)
{
	if (freeze_read(vec_add(&c->freezes), from, to, why, &fault) < 0)
		tap_bail(fault.text);
}

/* The answer as text: "open", or the reason. */
static void
says(const struct calendar *c, const char *now, int64_t length, const char *wanted,
    const char *sentence)
{
	struct str why = STR_INIT;
	int64_t at = 0, next;

	if (when_parse(now, 0, &next, &fault) < 0)
		tap_bail(fault.text);
	if (calendar_ask(c, next, length, &at, &why) == CALENDAR_OPEN)
		str_add(&why, "open");
	is_text(why.text, wanted, "%s", sentence);
	if (at) {
		str_reset(&why);
		ok(at > next && calendar_ask(c, at, length, &next, &why) == CALENDAR_OPEN,
		    "and at that time it may begin");
	}
	str_done(&why);
}

static void
windows_alone(void)
{
	struct calendar c = {0};

	says(&c, "2026-11-24T12:00:00Z", 1000 * HOUR, "open", "without windows all may begin");
	add_set(&c, NULL);
	says(&c, "2026-11-24T12:00:00Z", INT64_MAX, "open", "a set without windows is open");
	add_set(&c, "Mon-Thu 22:00-05:00 Europe/Berlin");
	says(&c, "2026-11-24T21:00:00Z", 7 * HOUR, "open", "what fits exactly may begin");
	says(&c, "2026-11-24T12:00:00Z", 0,
	    "outside the window Mon-Thu 22:00-05:00 Europe/Berlin; window opens "
	    "2026-11-24T21:00:00Z",
	    "outside it may not");
	says(&c, "2026-11-25T02:00:00Z", 6 * HOUR,
	    "needs 6h, only 2h left until 2026-11-25T04:00:00Z; window opens 2026-11-25T21:00:00Z",
	    "what would end after the window does not begin");
	says(&c, "2026-11-24T12:00:00Z", 8 * HOUR,
	    "outside the window Mon-Thu 22:00-05:00 Europe/Berlin; no time of 8h within 400 days",
	    "what fits into no window never begins");
	calendar_done(&c);
}

static void
two_sets(void)
{
	struct calendar c = {0};

	add_set(&c, "Mon-Thu 22:00-05:00 Europe/Berlin");
	add_set(&c, "daily 20:00-23:30 America/New_York");
	says(&c, "2026-11-24T21:00:00Z", HOUR,
	    "outside the window daily 20:00-23:30 America/New_York; window opens "
	    "2026-11-25T01:00:00Z",
	    "both sets have to be open");
	says(&c, "2026-11-25T01:00:00Z", 3 * HOUR, "open", "for as long as both are");
	says(&c, "2026-11-25T01:00:00Z", 3 * HOUR + 1000,
	    "needs 10801s, only 3h left until 2026-11-25T04:00:00Z; window opens "
	    "2027-03-16T00:00:00Z",
	    "in spring New York is nearer for two weeks");
	add_set(&c, "Sat 12:00-13:00 UTC");
	says(&c, "2026-11-25T01:00:00Z", 0,
	    "outside the window Sat 12:00-13:00 UTC; no time within 400 days",
	    "windows that never meet never open");
	calendar_done(&c);
}

static void
frozen(void)
{
	struct calendar c = {0};

	add_freeze(&c, "2026-12-24 UTC", "2026-12-31 UTC", "end of the year");
	says(&c, "2026-12-23T23:00:00Z", HOUR, "open", "what ends when a freeze begins may begin");
	says(&c, "2026-12-23T23:00:00Z", 2 * HOUR,
	    "needs 2h, only 1h left until 2026-12-24T00:00:00Z; window opens 2027-01-01T00:00:00Z",
	    "what would end in it may not");
	says(&c, "2026-12-24T00:00:00Z", 0,
	    "freeze until 2027-01-01T00:00:00Z: end of the year; window opens "
	    "2027-01-01T00:00:00Z",
	    "nor what would begin in it");
	says(&c, "2027-01-01T00:00:00Z", 1000 * HOUR, "open", "afterwards all may");
	add_set(&c, "Mon-Thu 22:00-05:00 Europe/Berlin");
	add_freeze(&c, "2027-01-01 UTC", "2027-01-04 23:00 Europe/Berlin", "the move");
	says(&c, "2026-12-24T00:00:00Z", 6 * HOUR,
	    "freeze until 2027-01-01T00:00:00Z: end of the year; window opens "
	    "2027-01-04T22:00:00Z",
	    "of a window that a freeze cuts the rest counts");
	add_freeze(&c, "2027-01-01 UTC", "2099-01-01 UTC", "it is over");
	says(&c, "2027-02-01T00:00:00Z", 0,
	    "freeze until 2099-01-02T00:00:00Z: it is over; no time within 400 days",
	    "a freeze of years is no wait");
	calendar_done(&c);
}

int
main(void)
{
	windows_alone();
	two_sets();
	frozen();
	return tap_end();
}
