/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct fault fault;

static void
integers(void)
{
	static const struct {
		const char *text;
		int64_t wanted;
	} good[] = {
	    {"0", 0},
	    {"-0", 0},
	    {"007", 7},
	    {"-5", -5},
	    {"9223372036854775807", INT64_MAX},
	    {"-9223372036854775808", INT64_MIN},
	};
	static const char *const bad[] = {
	    "", "-", "+1", " 1", "1 ", "1x", "0x10", "1.0", "1e3", "--1", "ten"};
	int64_t n;

	for (size_t i = 0; i < COUNT(good); i++)
		ok(num_int(good[i].text, INT64_MIN, INT64_MAX, &n, &fault) == 0 &&
			n == good[i].wanted,
		    "%s is an integer", good[i].text);
	for (size_t i = 0; i < COUNT(bad); i++) {
		n = 42;
		is_int(num_int(bad[i], INT64_MIN, INT64_MAX, &n, &fault), -1,
		    "\"%s\" is no integer", bad[i]);
		is_int(n, 42, "and nothing is stored");
	}
	is_text(fault.text, "\"ten\": not a number", "the text is quoted");
	is_int(fault.kind, FAULT_BAD, "as a bad input");
}

static void
limits(void)
{
	int64_t n;

	is_int(num_int("1", 1, 5, &n, &fault), 0, "the least is allowed");
	is_int(num_int("5", 1, 5, &n, &fault), 0, "so is the most");
	is_int(num_int("0", 1, 5, &n, &fault), -1, "less is not");
	is_int(num_int("6", 1, 5, &n, &fault), -1, "nor is more");
	is_text(fault.text, "6: not from 1 to 5", "and the limits are told");
	is_int(
	    num_int("9223372036854775808", 1, 5, &n, &fault), -1, "nor what no integer can hold");
	is_text(fault.text, "9223372036854775808: not from 1 to 5", "in the same words");
}

static void
durations(void)
{
	static const struct {
		const char *text;
		int64_t wanted;
	} good[] = {
	    {"0", 0},
	    {"250ms", 250},
	    {"20s", 20000},
	    {"10m", 600000},
	    {"6h", 21600000},
	    {"2d", 172800000},
	    {"1w", 604800000},
	    {"0s", 0},
	    {"15250284452w", 9223372036569600000},
	};
	static const char *const bad[] = {"", "5", "s", "-5s", "+5s", " 5s", "5 s", "5S", "1.5h",
	    "1h30m", "5min", "15250284453w", "9223372036854775808ms"};
	int64_t ms;

	for (size_t i = 0; i < COUNT(good); i++)
		ok(num_duration(good[i].text, &ms, &fault) == 0 && ms == good[i].wanted,
		    "%s is a length of time", good[i].text);
	for (size_t i = 0; i < COUNT(bad); i++)
		is_int(num_duration(bad[i], &ms, &fault), -1, "\"%s\" is none", bad[i]);
	num_duration("5min", &ms, &fault);
	is_text(fault.text, "\"5min\": not a length of time; like 250ms, 20s, 10m, 6h, 2d, 1w",
	    "and the message says how they look");
}

static void
durations_as_text(void)
{
	static const struct {
		int64_t ms;
		const char *wanted;
	} cases[] = {
	    {0, "0"},
	    {1, "1ms"},
	    {1500, "1500ms"},
	    {90000, "90s"},
	    {3600000, "1h"},
	    {86400000, "1d"},
	    {1209600000, "2w"},
	    {-60000, "-1m"},
	    {INT64_MAX, "9223372036854775807ms"},
	};
	char buf[24];

	for (size_t i = 0; i < COUNT(cases); i++)
		is_text(num_duration_text(cases[i].ms, buf), cases[i].wanted,
		    "the shortest exact form of %lld ms is %s", (long long)cases[i].ms,
		    cases[i].wanted);
}

static void
shares(void)
{
	static const struct {
		const char *text;
		struct num_share wanted;
	} good[] = {
	    {"0", {0, 0}},
	    {"20", {0, 20}},
	    {"9223372036854775807", {0, INT64_MAX}},
	    {"0%", {1, 0}},
	    {"5%", {1, 5000}},
	    {"0.5%", {1, 500}},
	    {"33.333%", {1, 33333}},
	    {"100%", {1, 100000}},
	};
	static const char *const bad[] = {"", "%", "-1", "-5%", "5 %", "5%%", "1.5", ".5%", "5.%",
	    "0.0001%", "9223372036854775808", "half"};
	struct num_share share;

	for (size_t i = 0; i < COUNT(good); i++)
		ok(num_share(good[i].text, &share, &fault) == 0 &&
			share.is_percent == good[i].wanted.is_percent &&
			share.value == good[i].wanted.value,
		    "%s is a count or a share", good[i].text);
	for (size_t i = 0; i < COUNT(bad); i++)
		is_int(num_share(bad[i], &share, &fault), -1, "\"%s\" is neither", bad[i]);
	is_text(fault.text, "\"half\": neither a count like 20 nor a share like 5%",
	    "and the message says how they look");
	is_int(num_share("100.001%", &share, &fault), -1, "a share has a limit");
	is_text(fault.text, "100.001%: more than 100%", "that is named");
	is_int(num_share("9223372036854775807%", &share, &fault), -1, "however large it is");
}

static void
shares_of_a_whole(void)
{
	const struct num_share count = {0, 20}, five = {1, 5000}, all = {1, 100000};

	is_int(num_share_of(&count, 3), 20, "a count is what it is");
	is_int(num_share_of(&five, 212), 10, "a share is rounded down");
	is_int(num_share_of(&five, 19), 0, "to nothing if the whole is small");
	is_int(num_share_of(&all, INT64_MAX), INT64_MAX, "and no whole is too large for it");
}

int
main(void)
{
	integers();
	limits();
	durations();
	durations_as_text();
	shares();
	shares_of_a_whole();
	return tap_end();
}
