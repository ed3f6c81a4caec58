/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct unit {
	const char *name;
	int64_t ms;
} units[] = {
    /* largest first: num_duration_text takes the first that divides */
    {"w", 604800000},
    {"d", 86400000},
    {"h", 3600000},
    {"m", 60000},
    {"s", 1000},
    {"ms", 1},
};

#define NUNITS (sizeof(units) / sizeof(*units))

/* strtoll takes white space and a plus sign in front; we take neither. */
static int
digits(const char *text, int64_t *out, char **end)
{
	const char *first = text + (*text == '-');

	if (!isdigit((unsigned char)*first))
		return -1;
	errno = 0;
	*out = strtoll(text, end, 10);
	return errno ? -1 : 0;
}

int
num_int(const char *text, int64_t min, int64_t max, int64_t *out, struct fault *f)
{
	int64_t n;
	char *end;
	int r;

	errno = 0;
	r = digits(text, &n, &end);
	if (r == 0 ? *end : errno != ERANGE)
		return fault_set(f, FAULT_BAD, "\"%s\": not a number", text);
	if (r < 0 || n < min || n > max)
		return fault_set(
		    f, FAULT_BAD, "%s: not from %" PRId64 " to %" PRId64, text, min, max);
	*out = n;
	return 0;
}

int
num_duration(const char *text, int64_t *ms, struct fault *f)
{
	int64_t n;
	char *end;

	if (!strcmp(text, "0")) {
		*ms = 0;
		return 0;
	}
	if (digits(text, &n, &end) == 0 && n >= 0)
		for (size_t i = 0; i < NUNITS; i++)
			if (!strcmp(end, units[i].name) &&
			    !__builtin_mul_overflow(n, units[i].ms, ms))
				return 0;
	return fault_set(
	    f, FAULT_BAD, "\"%s\": not a length of time; like 250ms, 20s, 10m, 6h, 2d, 1w", text);
}

const char *
num_duration_text(int64_t ms, char buf[24])
{
	size_t i = 0;

	while (ms % units[i].ms)
		i++;
	snprintf(buf, 24, "%" PRId64 "%s", ms / units[i].ms, ms ? units[i].name : "");
	return buf;
}

/* The digits after the point, as thousandths: ".5" is 500. At most three. */
static int
thousandths(const char **p, int64_t *out)
{
	int64_t worth = 100;

	if (**p != '.')
		return 0;
	if (!isdigit((unsigned char)*++*p))
		return -1;
	for (; isdigit((unsigned char)**p); ++*p, worth /= 10) {
		if (!worth)
			return -1;
		*out += (**p - '0') * worth;
	}
	return 0;
}

int
num_share(const char *text, struct num_share *out, struct fault *f)
{
	int64_t n, small = 0;
	const char *rest;
	char *end;

	if (digits(text, &n, &end) < 0 || n < 0)
		goto bad;
	if (!*end) {
		*out = (struct num_share){0, n};
		return 0;
	}
	rest = end;
	if (thousandths(&rest, &small) < 0 || strcmp(rest, "%") != 0)
		goto bad;
	if (n > 100 || n * 1000 + small > 100000)
		return fault_set(f, FAULT_BAD, "%s: more than 100%%", text);
	*out = (struct num_share){1, n * 1000 + small};
	return 0;
bad:
	return fault_set(
	    f, FAULT_BAD, "\"%s\": neither a count like 20 nor a share like 5%%", text);
}

int64_t
num_share_of(const struct num_share *s, int64_t whole)
{
	if (!s->is_percent)
		return s->value;
	return (int64_t)((__int128)whole * s->value / 100000);
}

int64_t
num_share_or_one(const struct num_share *s, int64_t whole)
{
	int64_t n = num_share_of(s, whole);

	return n > 0 ? n : 1;
}
