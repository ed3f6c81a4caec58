/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding by sorting. A name is a shape, "r#n#", and a key for each '#': the number with its
 * padding above it, so that numbers of different padding are never neighbours. The names of
 * one shape are rows of keys. For each dimension, last first, rows that differ in nothing
 * else become one row, with a set in that place.
 */
#include "base/map.h"
#include "io/hostlist.h"

#include <ctype.h>
#include <string.h>

/* Longer numbers are part of the shape's text: hostlist.c reads no longer ones. */
#define MOST_DIGITS 17

/* Numbers after these are part of the text too. */
#define MOST_DIMS 64

#define MARK '\x01' /* the '#'; a name that holds it is left whole */

/* 10^17 needs 57 bits. A set's index is a key of width 0. */
#define WIDTH_SHIFT 58
#define NUMBER(key) ((key) & (((uint64_t)1 << WIDTH_SHIFT) - 1))
#define WIDTH(key) ((unsigned)((key) >> WIDTH_SHIFT))
#define KEY(width, number) ((uint64_t)(width) << WIDTH_SHIFT | (number))

struct shape {
	char *text;
	size_t dims;
	VEC(uint64_t) keys; /* dims of them a row */
};

struct set {
	char *text;     /* "1-5,7" */
	uint64_t first; /* key */
};

/* A part of the list, and the first name it stands for. One string if they are the same. */
struct part {
	char *first, *text;
};

struct fold {
	VEC(struct shape) shapes;
	struct map by_shape; /* to the indexes of shapes */
	VEC(struct set) sets;
	struct map by_set; /* to the indexes of sets */
	VEC(struct part) parts;
};

/* ---- names to rows ---- */

/* The digits at p as a key, or 0 if they are too many. */
static uint64_t
read_key(const char *p, size_t digits)
{
	uint64_t n = 0;

	if (digits > MOST_DIGITS)
		return 0;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (uint64_t)(p[i] - '0');
	return KEY(digits, n);
}

/* Writes the shape to text and the keys to keys; returns how many. */
static size_t
take_apart(const char *name, struct str *text, uint64_t keys[MOST_DIMS])
{
	size_t dims = 0;

	str_reset(text);
	for (const char *p = name; *p;) {
		size_t digits = strspn(p, "0123456789");
		uint64_t key = digits && dims < MOST_DIMS ? read_key(p, digits) : 0;

		if (key) {
			keys[dims++] = key;
			str_addc(text, MARK);
		} else {
			digits += !digits;
			str_addn(text, p, digits);
		}
		p += digits;
	}
	return dims;
}

static void
add_name(struct fold *f, const char *name, struct str *text)
{
	uint64_t keys[MOST_DIMS];
	size_t dims = take_apart(name, text, keys);
	int added;
	union map_value *at = map_put(&f->by_shape, text->text, &added);
	struct shape *s;

	if (added) {
		at->i = (int64_t)f->shapes.n;
		s = vec_add(&f->shapes);
		s->text = mem_dup(text->text);
		s->dims = dims;
	}
	s = &f->shapes.v[at->i];
	for (size_t i = 0; i < dims; i++)
		vec_push(&s->keys, keys[i]);
}

static int
has_leading_zero(uint64_t key)
{
	uint64_t least = 1;

	for (unsigned w = WIDTH(key); w > 1; w--)
		least *= 10;
	return WIDTH(key) > 1 && NUMBER(key) < least;
}

/*
 * Whether 100 stands for itself or is one of 001 to 999 can be told from the others only: a
 * number without leading zero takes the greatest padding seen that is not wider, else 1.
 */
static void
settle_widths(struct shape *s, size_t dim)
{
	uint32_t padded = 1 << 1;

	for (size_t i = dim; i < s->keys.n; i += s->dims)
		if (has_leading_zero(s->keys.v[i]))
			padded |= 1u << WIDTH(s->keys.v[i]);
	for (size_t i = dim; i < s->keys.n; i += s->dims) {
		unsigned w = WIDTH(s->keys.v[i]);

		while (!(padded >> w & 1))
			w--;
		s->keys.v[i] = KEY(w, NUMBER(s->keys.v[i]));
	}
}

/* ---- rows to sets ---- */

/* Orders rows by all keys, that of the dimension being folded last. */
struct order {
	size_t dims, last;
};

static int
same_but_last(const uint64_t *a, const uint64_t *b, const struct order *o)
{
	for (size_t i = 0; i < o->dims; i++)
		if (i != o->last && a[i] != b[i])
			return 0;
	return 1;
}

static int
by_order(const void *a, const void *b, void *order)
{
	const struct order *o = order;
	const uint64_t *x = a, *y = b;

	for (size_t i = 0; i < o->dims; i++)
		if (i != o->last && x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return (x[o->last] > y[o->last]) - (x[o->last] < y[o->last]);
}

/* Names mostly come in order: looking first spares most sorts. */
static void
sort_rows(struct shape *s, struct order *o)
{
	size_t n = s->keys.n / s->dims;

	for (size_t i = 1; i < n; i++)
		if (by_order(s->keys.v + (i - 1) * s->dims, s->keys.v + i * s->dims, o) > 0) {
			qsort_r(s->keys.v, n, s->dims * sizeof(uint64_t), by_order, o);
			return;
		}
}

static void
put_number(struct str *out, uint64_t key)
{
	char digits[MOST_DIGITS + 4];
	char *p = digits + sizeof(digits);
	uint64_t n = NUMBER(key);
	unsigned width = 0;

	for (; n || width < WIDTH(key); n /= 10, width++)
		*--p = (char)('0' + n % 10);
	str_addn(out, p, width);
}

/* The ranges of n keys, a row apart and in order. */
static void
put_ranges(struct str *out, const uint64_t *keys, size_t n, size_t dims)
{
	for (size_t i = 0; i < n;) {
		uint64_t low = keys[i * dims], high = low;

		while (++i < n && keys[i * dims] - high <= 1)
			high = keys[i * dims];
		if (out->len)
			str_addc(out, ',');
		put_number(out, low);
		if (high == low)
			continue;
		str_addc(out, '-');
		put_number(out, high);
	}
}

/* The key that stands for the set of n keys: itself if they are one. */
static uint64_t
set_of(struct fold *f, const uint64_t *keys, size_t n, size_t dims, struct str *text)
{
	union map_value *at;
	int added;

	if (keys[0] == keys[(n - 1) * dims])
		return keys[0];
	str_reset(text);
	put_ranges(text, keys, n, dims);
	at = map_put(&f->by_set, text->text, &added);
	if (added) {
		at->i = (int64_t)f->sets.n;
		vec_push(&f->sets, ((struct set){mem_dup(text->text), keys[0]}));
	}
	return (uint64_t)at->i;
}

/* Rows that differ only in this dimension become one. Other paddings get their own. */
static void
fold_dimension(struct fold *f, struct shape *s, size_t dim, struct str *text)
{
	struct order o = {s->dims, dim};
	size_t row = s->dims, to = 0;
	uint64_t *v = s->keys.v;

	sort_rows(s, &o);
	for (size_t i = 0, end; i < s->keys.n; i = end) {
		uint64_t key;

		for (end = i + row; end < s->keys.n && same_but_last(v + i, v + end, &o) &&
				    WIDTH(v[end + dim]) == WIDTH(v[i + dim]);)
			end += row;
		key = set_of(f, v + i + dim, (end - i) / row, row, text);
		memmove(v + to, v + i, row * sizeof(*v));
		v[to + dim] = key;
		to += row;
	}
	s->keys.n = to;
}

/* ---- rows to parts ---- */

static void
put_row(struct fold *f, const struct shape *s, const uint64_t *row, struct str *text, int first)
{
	for (const char *p = s->text; *p; p++)
		if (*p != MARK) {
			str_addc(text, *p);
		} else if (WIDTH(*row)) {
			put_number(text, *row++);
		} else if (first) {
			put_number(text, f->sets.v[*row++].first);
		} else {
			str_addf(text, "[%s]", f->sets.v[*row++].text);
		}
}

static int
has_set(const struct shape *s, const uint64_t *row)
{
	for (size_t i = 0; i < s->dims; i++)
		if (!WIDTH(row[i]))
			return 1;
	return 0;
}

static void
add_part(struct fold *f, const struct shape *s, const uint64_t *row)
{
	struct part *part = vec_add(&f->parts);
	struct str text = STR_INIT;

	put_row(f, s, row, &text, 1);
	part->first = part->text = str_take(&text);
	if (!has_set(s, row))
		return;
	put_row(f, s, row, &text, 0);
	part->text = str_take(&text);
}

static void
fold_shape(struct fold *f, struct shape *s, struct str *text)
{
	if (!s->dims) {
		const uint64_t none = 0;

		add_part(f, s, &none);
		return;
	}
	for (size_t d = 0; d < s->dims; d++)
		settle_widths(s, d);
	for (size_t d = s->dims; d-- > 0;)
		fold_dimension(f, s, d, text);
	for (size_t i = 0; i < s->keys.n; i += s->dims)
		add_part(f, s, s->keys.v + i);
}

/* Numbers by value, other bytes as they are; 1 before 01. */
static int
natural(const char *a, const char *b)
{
	const char *whole_a = a, *whole_b = b;
	size_t len_a, len_b;

	while (*a && *b) {
		size_t na, nb;
		int r;

		if (!isdigit((unsigned char)*a) || !isdigit((unsigned char)*b)) {
			if (*a != *b)
				return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
			a++;
			b++;
			continue;
		}
		a += strspn(a, "0");
		b += strspn(b, "0");
		na = strspn(a, "0123456789");
		nb = strspn(b, "0123456789");
		r = na != nb ? (na < nb ? -1 : 1) : memcmp(a, b, na);
		if (r)
			return r;
		a += na;
		b += nb;
	}
	if (*a || *b)
		return *a ? 1 : -1;
	len_a = strlen(whole_a);
	len_b = strlen(whole_b);
	return len_a != len_b ? (len_a < len_b ? -1 : 1) : strcmp(whole_a, whole_b);
}

static int
by_first(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return natural(x->first, y->first);
}

static void
fold_done(struct fold *f)
{
	for (size_t i = 0; i < f->shapes.n; i++) {
		free(f->shapes.v[i].text);
		vec_done(&f->shapes.v[i].keys);
	}
	for (size_t i = 0; i < f->sets.n; i++)
		free(f->sets.v[i].text);
	for (size_t i = 0; i < f->parts.n; i++) {
		if (f->parts.v[i].first != f->parts.v[i].text)
			free(f->parts.v[i].first);
		free(f->parts.v[i].text);
	}
	vec_done(&f->shapes);
	vec_done(&f->sets);
	vec_done(&f->parts);
	map_done(&f->by_shape);
	map_done(&f->by_set);
}

void
hostlist_fold(const struct words *names, struct str *out)
{
	struct fold f = {0};
	struct str text = STR_INIT;

	for (size_t i = 0; i < names->n; i++)
		if (strpbrk(names->v[i], "[],\x01")) {
			char *name = mem_dup(names->v[i]);

			vec_push(&f.parts, ((struct part){name, name}));
		} else {
			add_name(&f, names->v[i], &text);
		}
	for (size_t i = 0; i < f.shapes.n; i++)
		fold_shape(&f, &f.shapes.v[i], &text);
	vec_sort(&f.parts, by_first);
	for (size_t i = 0; i < f.parts.n; i++) {
		if (i && !strcmp(f.parts.v[i].text, f.parts.v[i - 1].text))
			continue;
		str_addf(out, "%s%s", i ? "," : "", f.parts.v[i].text);
	}
	str_done(&text);
	fold_done(&f);
}
