/* SPDX-License-Identifier: Apache-2.0 */
#include "io/zone.h"

#include "io/file.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (1 << 20)            /* the largest zone has 4 KiB */
#define EAST_MAX (26 * INT64_C(3600)) /* RFC 8536, 3.2: less than that */

/* ---- the file ---- */

/* What is left of the bytes; short once more was asked for than there is. */
struct bytes {
	const unsigned char *p;
	size_t left;
	int is_short;
};

/* The counts of a header, in the order of the file. */
enum count { COUNT_UT, COUNT_STANDARD, COUNT_LEAP, COUNT_CHANGE, COUNT_TYPE, COUNT_CHAR, COUNTS };

static const unsigned char *
skip(struct bytes *b, size_t n)
{
	const unsigned char *p = b->p;

	if (n > b->left) {
		b->is_short = 1;
		return NULL;
	}
	b->p += n;
	b->left -= n;
	return p;
}

/* A big-endian number with a sign; 0 where nothing is left. */
static int64_t
number(struct bytes *b, size_t width)
{
	const unsigned char *p = skip(b, width);
	uint64_t n = 0;

	if (!p)
		return 0;
	for (size_t i = 0; i < width; i++)
		n = n << 8 | p[i];
	return width == 4 ? (int64_t)(int32_t)n : (int64_t)n;
}

/* 1 and the counts, or 0: no header of a file with times of 64 bits. */
static int
header(struct bytes *b, size_t counts[COUNTS])
{
	const unsigned char *p = skip(b, 20);

	if (!p || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return 0;
	for (size_t i = 0; i < COUNTS; i++)
		counts[i] = (uint32_t)number(b, 4);
	return !b->is_short;
}

/* The first block has times of 32 bits and is for readers of long ago. */
static void
skip_first_block(struct bytes *b, const size_t counts[COUNTS])
{
	skip(b, counts[COUNT_CHANGE] * 5 + counts[COUNT_TYPE] * 6 + counts[COUNT_CHAR] +
		    counts[COUNT_LEAP] * 8 + counts[COUNT_STANDARD] + counts[COUNT_UT]);
}

/* 1, or 0: an offset of a type is none, or there is no such type. */
static int
east_of_type(const unsigned char *types, size_t ntypes, size_t type, int64_t *east)
{
	struct bytes b = {.p = &types[type * 6], .left = 4};

	if (type >= ntypes)
		return 0;
	*east = number(&b, 4);
	return *east > -EAST_MAX && *east < EAST_MAX;
}

/* 1, or 0. The first type is what was before all changes. */
static int
changes(struct zone *z, struct bytes *b, const size_t counts[COUNTS])
{
	struct bytes times = *b;
	const unsigned char *type, *types;

	skip(b, counts[COUNT_CHANGE] * 8);
	type = skip(b, counts[COUNT_CHANGE]);
	types = skip(b, counts[COUNT_TYPE] * 6);
	skip(b, counts[COUNT_CHAR] + counts[COUNT_STANDARD] + counts[COUNT_UT]);
	if (b->is_short || !east_of_type(types, counts[COUNT_TYPE], 0, &z->first))
		return 0;
	for (size_t i = 0; i < counts[COUNT_CHANGE]; i++) {
		struct zone_change *c = vec_add(&z->changes);

		c->at = number(&times, 8);
		if (!east_of_type(types, counts[COUNT_TYPE], type[i], &c->east) ||
		    (i && c->at <= c[-1].at))
			return 0;
	}
	return 1;
}

/* ---- the rule in the last line: CET-1CEST,M3.5.0,M10.5.0/3 ---- */

static int
is_next(const char **p, char c)
{
	if (**p != c)
		return 0;
	++*p;
	return 1;
}

static int
small(const char **p, int min, int max, int *out)
{
	const char *from = *p;

	for (*out = 0; isdigit((unsigned char)**p) && *p - from < 3; ++*p)
		*out = *out * 10 + (**p - '0');
	return *p > from && *out >= min && *out <= max;
}

/* CEST or <+0330>: it only has to be there. */
static int
abbreviation(const char **p)
{
	const char *from = *p;

	if (is_next(p, '<')) {
		while (isalnum((unsigned char)**p) || **p == '+' || **p == '-')
			++*p;
		return is_next(p, '>');
	}
	while (isalpha((unsigned char)**p))
		++*p;
	return *p - from >= 3;
}

/* [+-]hours[:minutes[:seconds]] as seconds. */
static int
span(const char **p, int hours, int64_t *out)
{
	int sign = is_next(p, '-') ? -1 : (is_next(p, '+'), 1);
	int hour, minute = 0, second = 0;

	if (!small(p, 0, hours, &hour) || (is_next(p, ':') && !small(p, 0, 59, &minute)) ||
	    (is_next(p, ':') && !small(p, 0, 59, &second)))
		return 0;
	*out = sign * (hour * INT64_C(3600) + minute * INT64_C(60) + second);
	return 1;
}

/* ,M3.5.0/2: the form of every zone there is; the others of POSIX are not understood. */
static int
day_of_year(const char **p, struct zone_day *d)
{
	d->second = 2 * INT64_C(3600);
	return is_next(p, ',') && is_next(p, 'M') && small(p, 1, 12, &d->month) &&
	       is_next(p, '.') && small(p, 1, 5, &d->week) && is_next(p, '.') &&
	       small(p, 0, 6, &d->weekday) && (!is_next(p, '/') || span(p, 167, &d->second));
}

/* 1, or 0: not understood. POSIX counts offsets to the west. */
static int
rule(struct zone_rule *r, const char *p)
{
	if (!abbreviation(&p) || !span(&p, 24, &r->standard))
		return 0;
	r->standard = -r->standard;
	r->has_summer = *p != '\0';
	if (!r->has_summer)
		return 1;
	r->summer = r->standard + 3600;
	if (!abbreviation(&p))
		return 0;
	if (*p != ',') {
		if (!span(&p, 24, &r->summer))
			return 0;
		r->summer = -r->summer;
	}
	return day_of_year(&p, &r->begins) && day_of_year(&p, &r->ends) && !*p;
}

static int
last_line(struct zone *z, const struct bytes *b)
{
	const char *text = (const char *)b->p;
	char *line;
	int good;

	if (b->left < 2 || text[0] != '\n' || text[b->left - 1] != '\n')
		return 0;
	line = mem_dupn(text + 1, b->left - 2);
	good = strlen(line) == b->left - 2 && rule(&z->rule, line);
	free(line);
	return good;
}

int
zone_parse(struct zone *z, const char *name, const char *bytes, size_t len, struct fault *f)
{
	struct bytes b = {.p = (const unsigned char *)bytes, .left = len};
	size_t counts[COUNTS];

	*z = (struct zone){.name = mem_dup(name)};
	if (header(&b, counts)) {
		skip_first_block(&b, counts);
		/* Leap seconds: neither clock of ours has any. */
		if (header(&b, counts) && !counts[COUNT_LEAP] && changes(z, &b, counts) &&
		    last_line(z, &b))
			return 0;
	}
	zone_done(z);
	return fault_set(
	    f, FAULT_SYSTEM, "time zone %s: its file is damaged or not understood", name);
}

/* As in the tz database; nothing in it climbs out of the folder. */
static int
is_name(const char *name)
{
	size_t len = strlen(name);

	return len && len < 64 && isalpha((unsigned char)*name) && name[len - 1] != '/' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
		   len;
}

int
zone_read(struct zone *z, const char *name, struct fault *f)
{
	struct str bytes = STR_INIT;
	char *path;
	int rc = -1;

	*z = (struct zone){0};
	if (!strcmp(name, "UTC")) {
		z->name = mem_dup(name);
		return 0;
	}
	if (!is_name(name))
		return fault_set(
		    f, FAULT_BAD, "\"%s\": no name of a time zone; like Europe/Berlin", name);
	if (access(ZONE_FOLDER, X_OK) < 0)
		return fault_errno(
		    f, "time zone %s: no zones are installed (tzdata): " ZONE_FOLDER, name);
	path = mem_printf(ZONE_FOLDER "/%s", name);
	if (access(path, F_OK) < 0)
		fault_set(f, FAULT_BAD, "no time zone \"%s\" in " ZONE_FOLDER, name);
	else if (file_read(path, FILE_MAX, &bytes, f) == 0)
		rc = zone_parse(z, name, bytes.text ? bytes.text : "", bytes.len, f);
	free(path);
	str_done(&bytes);
	return rc;
}
