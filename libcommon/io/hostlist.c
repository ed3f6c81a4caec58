/* SPDX-License-Identifier: Apache-2.0 */
#include "io/hostlist.h"

#include "base/map.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of a number in brackets: all of them fit an int64_t, with room to add a step. */
#define MOST_DIGITS 17

/* Of a list in a message. */
#define QUOTED 80

struct range {
	int64_t low, high, step;
	int width;      /* zero padding: at least so many digits */
	int64_t beyond; /* in a sorted bracket: the largest high up to here */
};

/* A piece of a name: a text, then a bracket unless it is the last. */
struct piece {
	char *text;
	size_t len;
	VEC(struct range) ranges;
};

struct pattern {
	VEC(struct piece) pieces;
};

struct hostlist {
	VEC(struct pattern) patterns; /* in the order written */
	struct map names;             /* of the patterns without brackets */
};

static void
pattern_done(struct pattern *p)
{
	for (size_t i = 0; i < p->pieces.n; i++) {
		free(p->pieces.v[i].text);
		vec_done(&p->pieces.v[i].ranges);
	}
	vec_done(&p->pieces);
}

void
hostlist_free(struct hostlist *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->patterns.n; i++)
		pattern_done(&h->patterns.v[i]);
	vec_done(&h->patterns);
	map_done(&h->names);
	free(h);
}

/* ---- from text to patterns ---- */

/* Where the parser is in the list, and the part being read. */
struct reader {
	const char *at, *part;
	struct fault *f;
};

static int
bad(const struct reader *r, const char *why)
{
	size_t len = strlen(r->part);

	return fault_set(r->f, FAULT_BAD, "host list \"%.*s%s\": %s",
	    (int)(len > QUOTED ? QUOTED : len), r->part, len > QUOTED ? "..." : "", why);
}

static int
read_number(struct reader *r, int64_t *n, int *digits)
{
	const char *from = r->at;

	*n = 0;
	while (isdigit((unsigned char)*r->at)) {
		if (r->at - from == MOST_DIGITS)
			return bad(r, "a number with more than 17 digits");
		*n = *n * 10 + (*r->at++ - '0');
	}
	*digits = (int)(r->at - from);
	return *digits ? 0 : bad(r, "a bracket holds numbers and ranges, like [1-5,8,10-20/2]");
}

/* LOW, LOW-HIGH or LOW-HIGH/STEP. */
static int
read_range(struct reader *r, struct range *range)
{
	const char *high;
	int digits;

	if (read_number(r, &range->low, &range->width) < 0)
		return -1;
	range->high = range->low;
	range->step = 1;
	if (*r->at != '-')
		return 0;
	high = ++r->at;
	if (read_number(r, &range->high, &digits) < 0)
		return -1;
	if (*high == '0' && digits > 1 && digits != range->width)
		return bad(r, "the ends of a range are padded to different widths");
	if (range->high < range->low)
		return bad(r, "a range runs backwards");
	if (*r->at != '/')
		return 0;
	r->at++;
	if (read_number(r, &range->step, &digits) < 0)
		return -1;
	return range->step ? 0 : bad(r, "a step of 0");
}

/* After the opening bracket, past the closing one. */
static int
read_bracket(struct reader *r, struct piece *p)
{
	for (;;) {
		if (read_range(r, vec_add(&p->ranges)) < 0)
			return -1;
		if (*r->at == ']') {
			r->at++;
			return 0;
		}
		if (!*r->at)
			return bad(r, "no closing bracket");
		if (*r->at != ',')
			return bad(r, "a bracket holds numbers and ranges, like [1-5,8,10-20/2]");
		r->at++;
	}
}

static void
put_text(struct piece *p, const char *text, size_t len)
{
	p->text = mem_dupn(text, len);
	p->len = len;
}

/* A name up to its comma, or to the end of the list. */
static int
read_pattern(struct reader *r, struct pattern *p)
{
	size_t len;

	for (;;) {
		struct piece *piece = vec_add(&p->pieces);

		len = strcspn(r->at, "[],");
		put_text(piece, r->at, len);
		r->at += len;
		if (*r->at == ']')
			return bad(r, "a closing bracket without an opening one");
		if (*r->at != '[')
			break;
		r->at++;
		if (read_bracket(r, piece) < 0)
			return -1;
	}
	while (len && isspace((unsigned char)r->at[-1])) {
		r->at--;
		len--;
	}
	if (!len && p->pieces.n == 1)
		return bad(r, "a name is empty");
	p->pieces.v[p->pieces.n - 1].text[len] = '\0';
	p->pieces.v[p->pieces.n - 1].len = len;
	return 0;
}

static void
pass_blanks(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static int
read_list(struct hostlist *h, const char *list, struct fault *f)
{
	struct reader r = {list, list, f};

	for (;;) {
		struct pattern *p = vec_add(&h->patterns);

		pass_blanks(&r);
		r.part = *r.at && *r.at != ',' ? r.at : r.part;
		if (read_pattern(&r, p) < 0)
			return -1;
		if (p->pieces.n == 1)
			map_put(&h->names, p->pieces.v[0].text, NULL);
		pass_blanks(&r);
		if (!*r.at)
			return 0;
		r.at++;
	}
}

static int
by_low(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->low > y->low) - (x->low < y->low);
}

/* Sorts the ranges of each bracket and notes how far those up to each one reach. */
static void
sort_brackets(struct pattern *p)
{
	for (size_t i = 0; i < p->pieces.n; i++) {
		struct piece *piece = &p->pieces.v[i];
		int64_t beyond = -1;

		vec_sort(&piece->ranges, by_low);
		for (size_t k = 0; k < piece->ranges.n; k++) {
			struct range *r = &piece->ranges.v[k];

			beyond = r->high > beyond ? r->high : beyond;
			r->beyond = beyond;
		}
	}
}

static struct hostlist *
compile(const char *list, struct fault *f)
{
	struct hostlist *h = mem_zero(1, sizeof(*h));

	if (read_list(h, list, f) == 0)
		return h;
	hostlist_free(h);
	return NULL;
}

struct hostlist *
hostlist_new(const char *list, struct fault *f)
{
	struct hostlist *h = compile(list, f);

	for (size_t i = 0; h && i < h->patterns.n; i++)
		sort_brackets(&h->patterns.v[i]);
	return h;
}

/* ---- walking ---- */

struct walk {
	int (*each)(const char *name, void *ctx);
	void *ctx;
	struct str name;
};

/* Appends the pieces from the i-th on in all their ways, and calls each for every one. */
static int
walk_pieces(struct walk *w, const struct pattern *p, size_t i)
{
	const struct piece *piece = &p->pieces.v[i];
	size_t len;
	int r = 0;

	str_addn(&w->name, piece->text, piece->len);
	if (i == p->pieces.n - 1)
		return w->each(w->name.text, w->ctx);
	len = w->name.len;
	for (size_t k = 0; k < piece->ranges.n && r == 0; k++) {
		const struct range *range = &piece->ranges.v[k];

		for (int64_t n = range->low; n <= range->high && r == 0; n += range->step) {
			str_cut(&w->name, len);
			str_addf(&w->name, "%0*" PRId64, range->width, n);
			r = walk_pieces(w, p, i + 1);
		}
	}
	return r;
}

int
hostlist_each(
    const char *list, int (*each)(const char *name, void *ctx), void *ctx, struct fault *f)
{
	struct walk w = {.each = each, .ctx = ctx};
	struct hostlist *h = compile(list, f);
	int r = h ? 0 : -1;

	for (size_t i = 0; h && i < h->patterns.n && r == 0; i++) {
		str_reset(&w.name);
		r = walk_pieces(&w, &h->patterns.v[i], 0);
	}
	str_done(&w.name);
	hostlist_free(h);
	return r;
}

/* ---- asking ---- */

static int
in_range(const struct range *r, int64_t n, int digits, int padded)
{
	if (n > r->high || (n - r->low) % r->step)
		return 0;
	return padded ? digits == r->width : digits >= r->width;
}

/* Whether the bracket makes these digits. Ranges that overlap may differ in width or step. */
static int
in_bracket(const struct piece *p, const char *text, int digits)
{
	size_t low = 0, high = p->ranges.n;
	int64_t n = 0;

	for (int i = 0; i < digits; i++)
		n = n * 10 + (text[i] - '0');
	while (low < high) { /* to the first range above n */
		size_t mid = (low + high) / 2;

		if (p->ranges.v[mid].low <= n)
			low = mid + 1;
		else
			high = mid;
	}
	while (low-- && p->ranges.v[low].beyond >= n)
		if (in_range(&p->ranges.v[low], n, digits, *text == '0' && digits > 1))
			return 1;
	return 0;
}

/* One name against one pattern. dead says which rests of the name do not match from a piece on. */
struct attempt {
	const struct pattern *pattern;
	const char *name;
	size_t len;
	char *dead; /* [piece][place in the name] */
};

/* A bracket before a digit can end in several places: each is tried, no rest twice. */
static int
match(struct attempt *a, size_t i, size_t at)
{
	const struct piece *p = &a->pattern->pieces.v[i];
	const char *digits = a->name + at + p->len;
	char *dead = &a->dead[i * (a->len + 1) + at];

	if (*dead || strncmp(a->name + at, p->text, p->len) != 0)
		return 0;
	if (i == a->pattern->pieces.n - 1)
		return !*digits;
	for (int n = 1; n <= MOST_DIGITS && isdigit((unsigned char)digits[n - 1]); n++)
		if (in_bracket(p, digits, n) && match(a, i + 1, at + p->len + (size_t)n))
			return 1;
	*dead = 1;
	return 0;
}

static int
in_pattern(const struct pattern *p, const char *name, size_t len)
{
	char small[512];
	struct attempt a = {.pattern = p, .name = name, .len = len, .dead = small};
	size_t room = p->pieces.n * (len + 1);
	int r;

	if (strncmp(name, p->pieces.v[0].text, p->pieces.v[0].len) != 0)
		return 0;
	if (room > sizeof(small))
		a.dead = mem_zero(room, 1);
	else
		memset(small, 0, room);
	r = match(&a, 0, 0);
	if (a.dead != small)
		free(a.dead);
	return r;
}

int
hostlist_has(const struct hostlist *h, const char *name)
{
	size_t len = strlen(name);

	if (map_get(&h->names, name))
		return 1;
	for (size_t i = 0; i < h->patterns.n; i++)
		if (h->patterns.v[i].pieces.n > 1 && in_pattern(&h->patterns.v[i], name, len))
			return 1;
	return 0;
}
