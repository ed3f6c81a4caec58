/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/calendar.h"

#include "base/num.h"
#include "base/when.h"

#define DAY_MS 86400000

void
calendar_done(struct calendar *c)
{
	for (size_t i = 0; i < c->sets.n; i++)
		windows_done(&c->sets.v[i]);
	for (size_t i = 0; i < c->freezes.n; i++)
		freeze_done(&c->freezes.v[i]);
	vec_done(&c->sets);
	vec_done(&c->freezes);
}

void
calendar_take(struct calendar *c, struct windows *w)
{
	if (w->n)
		vec_push(&c->sets, *w);
	*w = (struct windows){0};
}

int
calendar_has(const struct calendar *c)
{
	return c->sets.n || c->freezes.n;
}

/* Cuts the time off where a freeze begins; 1: one is in force at its beginning, which moves. */
static int
is_frozen(const struct calendar *c, struct span *s)
{
	for (size_t i = 0; i < c->freezes.n; i++) {
		const struct freeze *z = &c->freezes.v[i];

		if (z->from <= s->from && s->from < z->to) {
			s->from = z->to;
			return 1;
		}
		if (z->from > s->from && z->from < s->to)
			s->to = z->from;
	}
	return 0;
}

/* Cuts it off where a set closes; 1: one is closed at its beginning, which moves. */
static int
is_closed(const struct calendar *c, struct span *s, int64_t length)
{
	for (size_t i = 0; i < c->sets.n; i++) {
		struct span open;

		if (!c->sets.v[i].n)
			continue;
		open = windows_after(&c->sets.v[i], s->from, s->from + length);
		if (open.from > s->from) {
			s->from = open.from;
			return 1;
		}
		if (open.to < s->to)
			s->to = open.to;
	}
	return 0;
}

/*
 * The time from an instant on in which work may be done without a break: it begins then or
 * later, and ends where something closes; INT64_MAX: nothing does. Looks no further than end:
 * windows of two sets may never be open together.
 */
static struct span
free_after(const struct calendar *c, int64_t at, int64_t length, int64_t end)
{
	struct span s = {at, INT64_MAX};

	while (s.from < end && (is_frozen(c, &s) || is_closed(c, &s, length)))
		s.to = INT64_MAX;
	return s;
}

static const struct freeze *
freeze_at(const struct calendar *c, int64_t now)
{
	for (size_t i = 0; i < c->freezes.n; i++)
		if (c->freezes.v[i].from <= now && now < c->freezes.v[i].to)
			return &c->freezes.v[i];
	return NULL;
}

/* The set that is closed, in words: "window A or B". */
static void
say_closed(const struct calendar *c, int64_t now, struct str *why)
{
	for (size_t i = 0; i < c->sets.n; i++) {
		const struct windows *w = &c->sets.v[i];

		if (!w->n || windows_after(w, now, now).from <= now)
			continue;
		str_add(why, "outside the window ");
		for (size_t k = 0; k < w->n; k++)
			str_addf(why, "%s%s", k ? " or " : "", w->v[k].text);
		return;
	}
}

/* Why it may not begin now, which is at or before the time given. */
static void
say_why(
    const struct calendar *c, int64_t now, int64_t length, const struct span *s, struct str *why)
{
	const struct freeze *z = freeze_at(c, now);
	char until[WHEN_TEXT], needs[24], left[24];

	if (z) {
		str_addf(why, "freeze until %s: %s", when_second(z->to, until), z->why);
	} else if (s->from > now) {
		say_closed(c, now, why);
	} else {
		/* Whole seconds: nobody plans by less. */
		num_duration_text((s->to - now) / 1000 * 1000, left);
		str_addf(why, "needs %s, only %s left until %s", num_duration_text(length, needs),
		    left, when_second(s->to, until));
	}
}

enum calendar_answer
calendar_ask(const struct calendar *c, int64_t now, int64_t length, int64_t *at, struct str *why)
{
	const int64_t end = now + (int64_t)CALENDAR_DAYS * DAY_MS;
	char text[WHEN_TEXT], needs[24];
	struct span s;

	/* What takes longer is longer than anything that is looked at. */
	if (length > end - now)
		length = end - now;
	s = free_after(c, now, length, end);
	if (s.from == now && s.to - now >= length)
		return CALENDAR_OPEN;
	say_why(c, now, length, &s, why);
	while (s.from < end && s.to - s.from < length)
		s = free_after(c, s.to, length, end);
	if (s.from >= end) {
		if (length)
			str_addf(why, "; no time of %s", num_duration_text(length, needs));
		else
			str_add(why, "; no time");
		str_addf(why, " within %d days", CALENDAR_DAYS);
		return CALENDAR_NEVER;
	}
	*at = s.from;
	str_addf(why, "; window opens %s", when_second(s.from, text));
	return CALENDAR_CLOSED;
}
