/* SPDX-License-Identifier: Apache-2.0 */
#include "io/zone.h"

#include "io/file.h"
#include "tap.h"

#include <time.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct fault fault;

/* The C library as the witness: it reads the same files by other code. */
static int64_t
east_by_library(int64_t at)
{
	time_t t = at;
	struct tm tm;

	return localtime_r(&t, &tm) ? tm.tm_gmtoff : -1;
}

/* Whether both agree at an instant, and the instant is found again by what its clock shows. */
static int
agrees(const struct zone *z, int64_t at)
{
	int64_t east = zone_east(z, at), first, last;

	zone_instants(z, at + east, &first, &last);
	return east == east_by_library(at) && (first == at || last == at) && first <= last;
}

static void
zones_are_as_the_library_has_them(void)
{
	static const char *const names[] = {"Europe/Berlin", "America/New_York", "Europe/Dublin",
	    "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "America/Nuuk",
	    "Africa/Cairo", "Asia/Gaza", "UTC"};
	/* 1980 to 2060: beyond 2037 the files have a rule only. Odd, to meet all times of day. */
	const int64_t from = 315532800, to = 2840140800, step = 4 * 3600 - 60;

	for (size_t i = 0; i < COUNT(names); i++) {
		struct zone z;
		int64_t at = from;

		if (zone_read(&z, names[i], &fault) < 0)
			tap_bail(fault.text);
		setenv("TZ", names[i], 1);
		tzset();
		while (at < to && agrees(&z, at))
			at += step;
		is_int(at < to ? at : 0, 0, "%s is the same all the years", names[i]);
		zone_done(&z);
	}
}

static void
clocks_that_are_set(void)
{
	static const struct {
		const char *name, *what;
		int64_t shown, first, last;
	} at[] = {
	    {"Europe/Berlin", "skipped in March", 1774751400, 1774746000, 1774746000},
	    {"Europe/Berlin", "twice in October", 1792895400, 1792888200, 1792891800},
	    {"America/New_York", "skipped in March", 1772937000, 1772953200, 1772953200},
	    {"America/New_York", "twice in November", 1793496600, 1793511000, 1793514600},
	    {"America/New_York", "once", 1793500200, 1793518200, 1793518200},
	};

	for (size_t i = 0; i < COUNT(at); i++) {
		int64_t first, last;
		struct zone z;

		if (zone_read(&z, at[i].name, &fault) < 0)
			tap_bail(fault.text);
		zone_instants(&z, at[i].shown, &first, &last);
		is_int(first, at[i].first, "%s, an hour that is there %s: first", at[i].name,
		    at[i].what);
		is_int(last, at[i].last, "and last");
		zone_done(&z);
	}
}

static void
names_are_refused(void)
{
	static const char *const bad[] = {"", "/etc/passwd", "../../../etc/passwd", "Europe/../UTC",
	    "Europe/", "Europe Berlin", ":UTC", "+2"};
	struct zone z;

	for (size_t i = 0; i < COUNT(bad); i++)
		ok(zone_read(&z, bad[i], &fault) < 0 && fault.kind == FAULT_BAD,
		    "\"%s\" is no name", bad[i]);
	is_int(zone_read(&z, "Europe/Berlyn", &fault), -1, "a zone that is not there is no UTC");
	is_text(fault.text, "no time zone \"Europe/Berlyn\" in /usr/share/zoneinfo", "it is named");
	is_int(zone_read(&z, "Europe", &fault), -1, "nor is a folder of zones one");
}

static void
damaged_files_are_refused(void)
{
	struct str bytes = STR_INIT;
	size_t taken = 0;
	struct zone z;

	if (file_read(ZONE_FOLDER "/Europe/Berlin", 0, &bytes, &fault) < 0)
		tap_bail(fault.text);
	for (size_t len = 0; len < bytes.len; len++)
		if (zone_parse(&z, "Europe/Berlin", bytes.text, len, &fault) == 0) {
			zone_done(&z);
			taken++;
		}
	is_int(taken, 0, "a file that was cut off anywhere is refused");
	is_text(fault.text, "time zone Europe/Berlin: its file is damaged or not understood",
	    "and named");
	is_int(zone_parse(&z, "Europe/Berlin", bytes.text, bytes.len, &fault), 0,
	    "the whole one is taken");
	zone_done(&z);
	bytes.text[bytes.len - 3] = 'x';
	is_int(zone_parse(&z, "Europe/Berlin", bytes.text, bytes.len, &fault), -1,
	    "a rule that is not understood is refused");
	str_done(&bytes);
}

int
main(void)
{
	zones_are_as_the_library_has_them();
	clocks_that_are_set();
	names_are_refused();
	damaged_files_are_refused();
	return tap_end();
}
