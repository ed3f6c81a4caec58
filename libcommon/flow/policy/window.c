/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/window.h"

#include "base/when.h"

#include <string.h>
#include <strings.h>

#define DAY 86400
#define EVERY_DAY 0x7f

/* ---- reading ---- */

/* The number of a day by its three letters, or -1; p is moved behind them. */
static int
weekday(const char **p)
{
	static const char names[] = "SunMonTueWedThuFriSat";

	for (int i = 0; i < 7; i++)
		if (!strncasecmp(*p, names + (size_t)i * 3, 3)) {
			*p += 3;
			return i;
		}
	return -1;
}

/* "Mon-Thu,Sat", or "daily". A range may go over the end of the week: Fri-Mon. */
static int
read_days(const char *p, unsigned *days)
{
	int first, last;

	*days = EVERY_DAY;
	if (!strcasecmp(p, "daily"))
		return 1;
	*days = 0;
	do {
		if ((first = last = weekday(&p)) < 0)
			return 0;
		if (*p == '-') {
			p++;
			if ((last = weekday(&p)) < 0)
				return 0;
		}
		for (int day = first;; day = (day + 1) % 7) {
			*days |= 1u << day;
			if (day == last)
				break;
		}
	} while (*p++ == ',');
	return p[-1] == '\0';
}

static int
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "22:00" as seconds of the day, up to 24:00; p is moved behind it. */
static int
time_of_day(const char **p, int64_t *second)
{
	const char *t = *p;
	int hour, minute;

	if (!digit(t[0]) || !digit(t[1]) || t[2] != ':' || !digit(t[3]) || !digit(t[4]))
		return 0;
	hour = (t[0] - '0') * 10 + (t[1] - '0');
	minute = (t[3] - '0') * 10 + (t[4] - '0');
	*p += 5;
	*second = hour * 3600 + minute * 60;
	return minute < 60 && *second <= DAY;
}

/* "22:00-05:00". The same time twice could mean a day or nothing, and so means neither. */
static int
read_times(const char *p, int64_t *from, int64_t *to)
{
	if (!time_of_day(&p, from) || *from == DAY || *p++ != '-' || !time_of_day(&p, to) || *p ||
	    *from == *to)
		return 0;
	*to += *to < *from ? DAY : 0;
	return 1;
}

/* The words of a text with single spaces between, as many as there are up to n; 0: other. */
static int
split(char *text, char *words[], int n)
{
	int found = 0;

	for (char *p = text; p; text = p) {
		if (found == n)
			return 0;
		p = strchr(text, ' ');
		if (p)
			*p++ = '\0';
		if (!*text)
			return 0;
		words[found++] = text;
	}
	return found;
}

int
window_read(struct window *w, const char *text, struct fault *f)
{
	char *copy = mem_dup(text), *words[3];
	int rc;

	*w = (struct window){0};
	if (split(copy, words, 3) != 3 || !read_days(words[0], &w->days) ||
	    !read_times(words[1], &w->from, &w->to))
		rc = fault_set(f, FAULT_BAD,
		    "\"%s\": not a window like \"Mon-Thu 22:00-05:00 Europe/Berlin\"", text);
	else
		rc = zone_read(&w->zone, words[2], f);
	if (rc == 0)
		w->text = mem_dup(text);
	free(copy);
	return rc;
}

void
window_done(struct window *w)
{
	free(w->text);
	zone_done(&w->zone);
	*w = (struct window){0};
}

void
windows_done(struct windows *w)
{
	for (size_t i = 0; i < w->n; i++)
		window_done(&w->v[i]);
	vec_done(w);
}

/* ---- freezes ---- */

/* "2026-12-24" as the seconds since 1970 of its midnight, were it in UTC. */
static int
read_date(const char *text, int64_t *midnight)
{
	struct fault unused;

	if (strlen(text) != strlen("2026-12-24") || when_parse(text, 0, midnight, &unused) < 0)
		return 0;
	*midnight /= 1000;
	return 1;
}

/* One end of a freeze, in ms. A clock that shows it twice makes the freeze longer. */
static int
read_end(const char *text, int is_last, int64_t *at, struct fault *f)
{
	char *copy = mem_dup(text), *words[3];
	const int n = split(copy, words, 3);
	int64_t midnight, second = is_last ? DAY : 0, first, last;
	const char *p = n == 3 ? words[1] : "";
	struct zone zone;
	int rc = -1;

	if (n < 2 || !read_date(words[0], &midnight) || (n == 3 && !time_of_day(&p, &second)) ||
	    *p) {
		fault_set(f, FAULT_BAD,
		    "\"%s\": not a time in a named zone like \"2026-12-24 18:00 Europe/Berlin\"",
		    text);
	} else if (zone_read(&zone, words[n - 1], f) == 0) {
		zone_instants(&zone, midnight + second, &first, &last);
		*at = (is_last ? last : first) * 1000;
		zone_done(&zone);
		rc = 0;
	}
	free(copy);
	return rc;
}

int
freeze_read(struct freeze *z, const char *from, const char *to, const char *why, struct fault *f)
{
	*z = (struct freeze){0};
	if (read_end(from, 0, &z->from, f) < 0 || read_end(to, 1, &z->to, f) < 0)
		return -1;
	if (z->from >= z->to)
		return fault_set(
		    f, FAULT_BAD, "freeze from \"%s\" to \"%s\": ends before it begins", from, to);
	z->why = mem_dup(why);
	return 0;
}

void
freeze_done(struct freeze *z)
{
	free(z->why);
	*z = (struct freeze){0};
}

/* ---- when they are open ---- */

/* The time that a window is open which opens on this day, its midnight given as if in UTC. */
static struct span
open_on(const struct window *w, int64_t midnight)
{
	int64_t unused, from, first, last;

	zone_instants(&w->zone, midnight + w->from, &unused, &from);
	zone_instants(&w->zone, midnight + w->to, &first, &last);
	return (struct span){from * 1000, (first > from ? first : last) * 1000};
}

/* The first time that this one is open and that ends after an instant. */
static struct span
window_after(const struct window *w, int64_t at)
{
	const int64_t second = at / 1000 - (at % 1000 < 0);
	const int64_t shown = second + zone_east(&w->zone, second);
	/* One that opened the day before may still be open. */
	int64_t day = (shown - (shown % DAY + DAY) % DAY) / DAY - 1;

	for (;; day++) {
		const unsigned weekday =
		    (unsigned)(((day + 4) % 7 + 7) % 7); /* 1970 began on a Thursday */
		struct span s;

		if (!(w->days & 1u << weekday))
			continue;
		s = open_on(w, day * DAY);
		if (s.to > at && s.from < s.to)
			return s;
	}
}

/* Whether another window goes on where this time ends; then it is longer. */
static int
goes_on(const struct windows *w, struct span *s)
{
	for (size_t i = 0; i < w->n; i++) {
		struct span other = window_after(&w->v[i], s->to);

		if (other.from <= s->to) {
			s->to = other.to;
			return 1;
		}
	}
	return 0;
}

struct span
windows_after(const struct windows *w, int64_t at, int64_t enough)
{
	struct span found = window_after(&w->v[0], at);

	for (size_t i = 1; i < w->n; i++) {
		struct span other = window_after(&w->v[i], at);

		if (other.from < found.from)
			found = other;
	}
	while (found.to <= enough && goes_on(w, &found))
		continue;
	return found;
}
