/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"
#include "tap.h"

#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define NOON 1795435200000 /* 2026-11-23T12:00:00Z */

static struct fault fault;

static void
times_are_read(void)
{
	static const struct {
		const char *text;
		int64_t wanted;
	} good[] = {
	    {"2026-11-23T12:00:00Z", NOON},
	    {"2026-11-23t12:00:00z", NOON},
	    {"2026-11-23 12:00:00Z", NOON},
	    {"2026-11-23T14:00:00+02:00", NOON},
	    {"2026-11-23T06:30:00-05:30", NOON},
	    {"2026-11-23T12:00:00.5Z", NOON + 500},
	    {"2026-11-23T12:00:00.1239999Z", NOON + 123},
	    {"2026-11-23", NOON - 43200000},
	    {"1970-01-01", 0},
	    {"1969-12-31T23:59:59.999Z", -1},
	    {"2024-02-29", 1709164800000},
	};

	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t at = 0;

		is_int(when_parse(good[i].text, 0, &at, &fault), 0, "%s is a time", good[i].text);
		is_int(at, good[i].wanted, "and the right one");
	}
}

static void
others_are_refused(void)
{
	static const char *const bad[] = {"", "now", "2026", "2026-11", "26-11-23", "2026-1-3",
	    "2026- 1- 3", " 2026-11-23", "2026-11-23 ", "2026-13-01", "2026-00-01", "2026-11-00",
	    "2026-11-31", "2026-02-29", "+026-11-23", "2026-11-23T", "2026-11-23T12:00Z",
	    "2026-11-23T12:00:00", "2026-11-23T24:00:00Z", "2026-11-23T12:60:00Z",
	    "2026-11-23T12:00:60Z", "2026-11-23T12:00:00.Z", "2026-11-23T12:00:00+2:00",
	    "2026-11-23T12:00:00+-1:00", "2026-11-23T12:00:00+24:00", "2026-11-23T12:00:00ZZ"};
	int64_t at;

	for (size_t i = 0; i < COUNT(bad); i++)
		is_int(when_parse(bad[i], 0, &at, &fault), -1, "\"%s\" is no time", bad[i]);
	when_parse("now", 0, &at, &fault);
	is_text(fault.text, "\"now\": not a time like 2026-11-23T12:00:00Z",
	    "the message says how they look");
	is_int(when_parse("2h", 0, &at, &fault), -1, "a length of time is none by itself");
}

static void
lengths_of_time_are_ago(void)
{
	int64_t at;

	ok(when_parse("2h", NOON, &at, &fault) == 0 && at == NOON - 7200000,
	    "with a now, a length of time is that long ago");
	is_int(when_parse("later", NOON, &at, &fault), -1, "other words are refused still");
	is_text(fault.text,
	    "\"later\": not a time like 2026-11-23T12:00:00Z, nor a length of time like 2h",
	    "and both ways are told");
}

static void
times_are_printed(void)
{
	char buf[WHEN_TEXT];

	is_text(when_text(NOON, buf), "2026-11-23T12:00:00Z", "a whole second has no fraction");
	is_text(
	    when_text(NOON + 7, buf), "2026-11-23T12:00:00.007Z", "milliseconds have three digits");
	is_text(when_second(NOON + 7, buf), "2026-11-23T12:00:00Z", "or are left out for people");
	is_text(
	    when_text(-1, buf), "1969-12-31T23:59:59.999Z", "before 1970 they count upwards too");
	is_text(when_text(-62135596800000, buf), "0001-01-01T00:00:00Z", "a year has four digits");
}

static void
clocks(void)
{
	int64_t before = when_boot();

	setenv("CRATON_NOW", "2026-11-23T12:00:00Z", 1);
	is_int(when_now(), NOON, "the wall clock can be fixed");
	unsetenv("CRATON_NOW");
	ok(when_now() > 1577836800000, "or tells a time after 2020");
	ok(before > 0 && when_boot() >= before, "the boot clock goes forward");
	ok(strlen(when_boot_id()) == 36 || !*when_boot_id(),
	    "a boot has an id, or the kernel is silent");
}

int
main(void)
{
	times_are_read();
	others_are_refused();
	lengths_of_time_are_ago();
	times_are_printed();
	clocks();
	return tap_end();
}
