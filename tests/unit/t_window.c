/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/window.h"

#include "base/when.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct fault fault;

static int64_t
when(const char *text)
{
	int64_t at = 0;

	if (when_parse(text, 0, &at, &fault) < 0)
		tap_bail(fault.text);
	return at;
}

static void
add(struct windows *w, const char *text)
{
	if (window_read(vec_add(w), text, &fault) < 0)
		tap_bail(fault.text);
}

static void
is_open(const struct windows *w, const char *at, const char *from, const char *to, const char *why)
{
	struct span s = windows_after(w, when(at), when(at));
	char buf[WHEN_TEXT];

	is_text(when_text(s.from, buf), from, "%s: opens", why);
	is_text(when_text(s.to, buf), to, "and closes");
}

static void
one_window(void)
{
	static const struct {
		const char *window, *at, *from, *to, *why;
	} cases[] = {
	    {"Mon-Thu 22:00-05:00 Europe/Berlin", "2026-11-24T12:00:00Z", "2026-11-24T21:00:00Z",
		"2026-11-25T04:00:00Z", "before it"},
	    {"Mon-Thu 22:00-05:00 Europe/Berlin", "2026-11-24T02:00:00Z", "2026-11-23T21:00:00Z",
		"2026-11-24T04:00:00Z", "in that of the evening before"},
	    {"Mon-Thu 22:00-05:00 Europe/Berlin", "2026-11-24T04:00:00Z", "2026-11-24T21:00:00Z",
		"2026-11-25T04:00:00Z", "when it closes it is closed"},
	    {"Mon-Thu 22:00-05:00 Europe/Berlin", "2026-11-27T12:00:00Z", "2026-11-30T21:00:00Z",
		"2026-12-01T04:00:00Z", "over the end of the week"},
	    {"daily 00:00-24:00 UTC", "2026-11-24T12:00:00Z", "2026-11-24T00:00:00Z",
		"2026-11-25T00:00:00Z", "a whole day"},
	    {"Sat 22:00-05:00 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-28T21:00:00Z",
		"2026-03-29T03:00:00Z", "six hours on the night that has one less"},
	    {"Sat 22:00-05:00 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-24T20:00:00Z",
		"2026-10-25T04:00:00Z", "eight on that which has one more"},
	    {"Sun 02:30-03:30 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z",
		"2026-03-29T01:30:00Z", "what begins in the skipped hour begins after it"},
	    {"Sun 02:10-02:50 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-04-05T00:10:00Z",
		"2026-04-05T00:50:00Z", "what lies in the skipped hour does not open"},
	    {"Sun 02:30-03:30 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T01:30:00Z",
		"2026-10-25T02:30:00Z", "what begins in the hour that comes twice does so late"},
	    {"Sat 22:00-02:30 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-24T20:00:00Z",
		"2026-10-25T00:30:00Z", "what ends in it does so early"},
	    {"Sun 02:10-02:50 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T01:10:00Z",
		"2026-10-25T01:50:00Z", "what lies in it opens once"},
	    {"Sun 02:30-03:30 America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z",
		"2026-03-08T07:30:00Z", "New York skips another hour"},
	    {"Sun 01:30-02:30 America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T06:30:00Z",
		"2026-11-01T07:30:00Z", "and has another one twice"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct windows w = {0};

		add(&w, cases[i].window);
		is_open(&w, cases[i].at, cases[i].from, cases[i].to, cases[i].why);
		windows_done(&w);
	}
}

static void
several_windows(void)
{
	struct windows w = {0};
	struct span s;
	char buf[WHEN_TEXT];

	add(&w, "Mon 22:00-24:00 Europe/Berlin");
	add(&w, "Tue 00:00-05:00 Europe/Berlin");
	add(&w, "Tue 04:00-06:00 Europe/Berlin");
	s = windows_after(&w, when("2026-11-23T22:00:00Z"), when("2026-11-24T12:00:00Z"));
	is_text(when_text(s.from, buf), "2026-11-23T21:00:00Z", "windows that touch are one");
	is_text(when_text(s.to, buf), "2026-11-24T05:00:00Z", "up to the end of the last");
	windows_done(&w);
}

static void
windows_are_refused(void)
{
	static const char *const bad[] = {"", "Mon", "Mon 22:00-05:00", "22:00-05:00 Europe/Berlin",
	    "Mon 22-05 Europe/Berlin", "Mon 22:00-22:00 Europe/Berlin", "Mon 24:00-05:00 UTC",
	    "Mon 22:00-24:01 UTC", "Mon 22:60-23:00 UTC", "Mo 22:00-05:00 UTC",
	    "Mon- 22:00-05:00 UTC", "Mon, 22:00-05:00 UTC", "Monday 22:00-05:00 UTC",
	    "Mon 22:00-05:00  UTC", "Mon 22:00-05:00 UTC ", "Mon 22:00-05:00 CEST",
	    "Mon 22:00-05:00 Europe/Berlyn"};
	struct window w;

	for (size_t i = 0; i < COUNT(bad); i++)
		is_int(window_read(&w, bad[i], &fault), -1, "\"%s\" is no window", bad[i]);
	window_read(&w, "Mon", &fault);
	is_text(fault.text, "\"Mon\": not a window like \"Mon-Thu 22:00-05:00 Europe/Berlin\"",
	    "the message says how they look");
}

static void
is_freeze(const char *from, const char *to, const char *begins, const char *ends, const char *why)
{
	struct freeze z;
	char buf[WHEN_TEXT];

	if (freeze_read(&z, from, to, "it is a test", &fault) < 0)
		tap_bail(fault.text);
	is_text(when_text(z.from, buf), begins, "%s: begins", why);
	is_text(when_text(z.to, buf), ends, "and ends");
	freeze_done(&z);
}

static void
freezes(void)
{
	static const char *const bad[] = {"", "2026-12-24", "2026-12-24T18:00:00Z",
	    "2026-12-24 18:00", "2026-12-24 Europe/Berlyn", "2026-02-30 UTC", "2026-1- 24 UTC",
	    "2026-12-24 18:00 now UTC", "2026-12-24 25:00 UTC"};
	struct freeze z;

	is_freeze("2026-12-24 18:00 Europe/Berlin", "2027-01-02 06:00 Europe/Berlin",
	    "2026-12-24T17:00:00Z", "2027-01-02T05:00:00Z", "two times");
	is_freeze("2026-12-24 Europe/Berlin", "2026-12-24 Europe/Berlin", "2026-12-23T23:00:00Z",
	    "2026-12-24T23:00:00Z", "one day is the whole day");
	is_freeze("2026-10-25 02:30 Europe/Berlin", "2026-10-25 02:30 Europe/Berlin",
	    "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "from the first to the second");
	for (size_t i = 0; i < COUNT(bad); i++)
		is_int(freeze_read(&z, bad[i], "2099-01-01 UTC", "", &fault), -1,
		    "\"%s\" begins no freeze", bad[i]);
	is_int(freeze_read(&z, "2026-12-25 UTC", "2026-12-24 UTC", "", &fault), -1,
	    "none ends before it begins");
}

int
main(void)
{
	one_window();
	several_windows();
	windows_are_refused();
	freezes();
	return tap_end();
}
