/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"

#include "base/num.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
when_now(void)
{
	const char *fixed = getenv("CRATON_NOW");
	struct fault f;
	int64_t at;

	if (fixed && when_parse(fixed, 0, &at, &f) == 0)
		return at;
	return read_clock(CLOCK_REALTIME);
}

int64_t
when_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

const char *
when_boot_id(void)
{
	static char id[37];
	int fd;

	if (*id)
		return id;
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (read(fd, id, 36) != 36)
			*id = '\0';
		close(fd);
	}
	return id;
}

const char *
when_text(int64_t at, char buf[WHEN_TEXT])
{
	int64_t ms = (at % 1000 + 1000) % 1000;
	time_t seconds = (time_t)((at - ms) / 1000);
	struct tm tm;
	int n;

	gmtime_r(&seconds, &tm);
	n = snprintf(buf, WHEN_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	snprintf(buf + n, WHEN_TEXT - (size_t)n, ms ? ".%03dZ" : "Z", (int)ms);
	return buf;
}

const char *
when_second(int64_t at, char buf[WHEN_TEXT])
{
	return when_text(at - at % 1000, buf);
}

/* Exactly so many digits, and the value they have is from min to max. */
static int
digits(const char **p, int n, int min, int max, int *out)
{
	*out = 0;
	for (; n > 0; n--, ++*p) {
		if (**p < '0' || **p > '9')
			return -1;
		*out = *out * 10 + (**p - '0');
	}
	return *out < min || *out > max ? -1 : 0;
}

static int
one_of(const char **p, const char *characters)
{
	if (!**p || !strchr(characters, **p))
		return -1;
	++*p;
	return 0;
}

/* ".123" and the like: a fraction of a second of any length, kept to the millisecond. */
static int
fraction(const char **p, int64_t *ms)
{
	int64_t worth = 100;

	if (**p != '.')
		return 0;
	++*p;
	if (**p < '0' || **p > '9')
		return -1;
	for (; **p >= '0' && **p <= '9'; ++*p, worth /= 10)
		*ms += (**p - '0') * worth;
	return 0;
}

/* "Z", "+02:00", "-05:30": minutes east of UTC. */
static int
zone(const char **p, int64_t *minutes)
{
	int hour, minute, sign = **p == '-' ? -1 : 1;

	if (one_of(p, "Zz") == 0)
		return 0;
	if (one_of(p, "+-") < 0 || digits(p, 2, 0, 23, &hour) < 0 || one_of(p, ":") < 0 ||
	    digits(p, 2, 0, 59, &minute) < 0)
		return -1;
	*minutes = (int64_t)sign * (hour * 60 + minute);
	return 0;
}

static int
date(const char **p, struct tm *tm)
{
	if (digits(p, 4, 0, 9999, &tm->tm_year) < 0 || one_of(p, "-") < 0 ||
	    digits(p, 2, 1, 12, &tm->tm_mon) < 0 || one_of(p, "-") < 0 ||
	    digits(p, 2, 1, 31, &tm->tm_mday) < 0)
		return -1;
	tm->tm_year -= 1900;
	tm->tm_mon--;
	return 0;
}

static int
time_of_day(const char **p, struct tm *tm)
{
	if (one_of(p, "Tt ") < 0 || digits(p, 2, 0, 23, &tm->tm_hour) < 0 || one_of(p, ":") < 0 ||
	    digits(p, 2, 0, 59, &tm->tm_min) < 0 || one_of(p, ":") < 0)
		return -1;
	return digits(p, 2, 0, 59, &tm->tm_sec); /* no leap seconds: neither clock has any */
}

/* Read by hand: strptime lets white space and signs stand for digits. */
static int
parse_rfc3339(const char *text, int64_t *at)
{
	struct tm tm = {0};
	int64_t ms = 0, east = 0;
	const char *p = text;
	time_t seconds;
	int day;

	if (date(&p, &tm) < 0)
		return -1;
	if (*p && (time_of_day(&p, &tm) < 0 || fraction(&p, &ms) < 0 || zone(&p, &east) < 0 || *p))
		return -1;
	day = tm.tm_mday;
	seconds = timegm(&tm);
	if (tm.tm_mday != day) /* the 31st of a month of 30 days */
		return -1;
	*at = ((int64_t)seconds - east * 60) * 1000 + ms;
	return 0;
}

int
when_parse(const char *text, int64_t now, int64_t *at, struct fault *f)
{
	int64_t ago;

	if (parse_rfc3339(text, at) == 0)
		return 0;
	if (now && num_duration(text, &ago, f) == 0) {
		*at = now - ago;
		return 0;
	}
	return fault_set(f, FAULT_BAD, "\"%s\": not a time like 2026-11-23T12:00:00Z%s", text,
	    now ? ", nor a length of time like 2h" : "");
}
