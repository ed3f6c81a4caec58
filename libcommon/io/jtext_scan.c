/* SPDX-License-Identifier: Apache-2.0 */
#include "io/jtext_scan.h"

#include "base/utf8.h"
#include "io/jtext_string.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define SHOWN 40 /* of a number, word or key in a message */

static size_t
column(const struct jtext_scan *s, const char *p)
{
	return (size_t)(p - s->text) + 1;
}

/* ---- what is refused ---- */

int
jtext_scan_unexpected(struct jtext_scan *s, const char *wanted)
{
	int c = jtext_scan_peek(s);
	size_t at = column(s, s->p);

	if (c < 0)
		return fault_set(
		    s->f, FAULT_BAD, "column %zu: the text ends where %s should be", at, wanted);
	if (c > ' ' && c < 0x7f)
		return fault_set(
		    s->f, FAULT_BAD, "column %zu: '%c' where %s should be", at, c, wanted);
	return fault_set(
	    s->f, FAULT_BAD, "column %zu: byte 0x%02x where %s should be", at, c, wanted);
}

int
jtext_scan_refuse(struct jtext_scan *s, const char *why)
{
	return fault_set(s->f, FAULT_BAD, "column %zu: %s", column(s, s->p), why);
}

/* How much of a text to show: SHOWN bytes, but whole characters. */
static int
shown(const char *text, size_t len)
{
	if (len > SHOWN)
		for (len = SHOWN; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
			;
	return (int)len;
}

int
jtext_scan_refuse_text(
    struct jtext_scan *s, const char *at, const char *text, size_t len, const char *why)
{
	return fault_set(s->f, FAULT_BAD, "column %zu: \"%.*s%s\" %s", column(s, at),
	    shown(text, len), text, len > SHOWN ? "..." : "", why);
}

/* ---- strings ---- */

/*
 * Marks the bytes of a word that want care: quotes, backslashes, control characters, bytes of
 * longer characters. Marks are the high bits; the lowest is exact, those above it may be
 * false, since a borrow runs upwards.
 */
static uint64_t
careful_bytes(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101u, highs = ones << 7;
	uint64_t quote = (word ^ (ones * '"')) - ones;
	uint64_t backslash = (word ^ (ones * '\\')) - ones;
	uint64_t control = word - ones * 0x20;

	return (word | quote | backslash | control) & highs;
}

static int
is_plain(char c)
{
	return c != '"' && c != '\\' && (unsigned char)c >= 0x20 && (unsigned char)c < 0x80;
}

/* Copies up to the next byte that wants care, eight at a time while there are eight. */
static void
copy_plain(struct jtext_scan *s)
{
	const char *p = s->p;
	char *w = s->w;

	while (s->end - p >= 8) {
		uint64_t word, marks;

		memcpy(&word, p, 8);
		memcpy(w, &word, 8);
		marks = careful_bytes(le64toh(word));
		if (marks) {
			int n = __builtin_ctzll(marks) / 8;

			s->p = p + n;
			s->w = w + n;
			return;
		}
		p += 8;
		w += 8;
	}
	while (p < s->end && is_plain(*p))
		*w++ = *p++;
	s->p = p;
	s->w = w;
}

/* The four hexadecimal digits behind \u, or -1. */
static int
hex4(const struct jtext_scan *s, const char *p)
{
	int n = 0;

	if (s->end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int c = (unsigned char)p[i];

		if (!isxdigit(c))
			return -1;
		n = n * 16 + (isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return n;
}

/* Behind the first half of a pair: \uDC00 to \uDFFF must follow. */
static int
low_half(const struct jtext_scan *s, const char *p)
{
	int half;

	if (s->end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	half = hex4(s, p + 2);
	return half >= 0xdc00 && half <= 0xdfff ? half : -1;
}

static int
escape_u(struct jtext_scan *s)
{
	int c = hex4(s, s->p + 2), low;

	if (c < 0)
		return jtext_scan_refuse(s, "\\u without four hexadecimal digits");
	if (c == 0)
		return jtext_scan_refuse(s, "\\u0000: NUL in a string");
	if (c >= 0xd800 && c <= 0xdfff) {
		low = low_half(s, s->p + 6);
		if (c >= 0xdc00 || low < 0)
			return jtext_scan_refuse(s, "half of a surrogate pair alone");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		s->p += 6;
	}
	s->p += 6;
	s->w += c < 0x80 ? jtext_escape((char)c, s->w) : utf8_put((uint32_t)c, s->w);
	return 0;
}

static int
escape(struct jtext_scan *s)
{
	if (s->end - s->p < 2)
		return jtext_scan_refuse(s, "the text ends inside a string");
	switch (s->p[1]) {
	case 'u': return escape_u(s);
	case '/':
		s->p++;
		jtext_scan_copy_one(s);
		return 0;
	case '"':
	case '\\':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't': jtext_scan_copy(s, 2); return 0;
	default: return jtext_scan_refuse(s, "unknown escape in a string");
	}
}

static int
long_character(struct jtext_scan *s)
{
	size_t n = utf8_length(s->p, (size_t)(s->end - s->p));

	if (!n)
		return jtext_scan_refuse(s, "invalid UTF-8");
	jtext_scan_copy(s, n);
	return 0;
}

int
jtext_scan_string(struct jtext_scan *s)
{
	int result = 0;

	jtext_scan_copy_one(s);
	while (result == 0) {
		copy_plain(s);
		switch (jtext_scan_peek(s)) {
		case '"': jtext_scan_copy_one(s); return 0;
		case '\\': result = escape(s); break;
		case -1: return jtext_scan_refuse(s, "the text ends inside a string");
		default:
			if ((unsigned char)*s->p < 0x20)
				return jtext_scan_refuse(
				    s, "control character in a string, not escaped");
			result = long_character(s);
		}
	}
	return result;
}

/* ---- numbers ---- */

/* Copies digits, at least one: how many, or -1. */
static ssize_t
copy_digits(struct jtext_scan *s)
{
	const char *first = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		jtext_scan_copy_one(s);
	return s->p > first ? s->p - first : jtext_scan_unexpected(s, "a digit");
}

/* 18 characters fit for sure; strtoll judges the others. */
static int
check_integer(struct jtext_scan *s, const char *text, size_t len)
{
	if (len <= 18)
		return 0;
	str_reset(&s->scratch);
	str_addn(&s->scratch, text, len);
	errno = 0;
	(void)strtoll(s->scratch.text, NULL, 10);
	if (errno)
		return jtext_scan_refuse_text(
		    s, text, text, len, "is outside the range of 64-bit integers");
	return 0;
}

/* 200 digits and an exponent of two are below 1e300; strtod judges the others. */
static int
check_double(struct jtext_scan *s, const char *text, size_t len, size_t exponent)
{
	if (len <= 200 && exponent <= 2)
		return 0;
	str_reset(&s->scratch);
	str_addn(&s->scratch, text, len);
	if (!isfinite(strtod(s->scratch.text, NULL)))
		return jtext_scan_refuse_text(
		    s, text, text, len, "is outside the range of doubles");
	return 0;
}

static ssize_t
copy_exponent(struct jtext_scan *s)
{
	jtext_scan_copy_one(s);
	if (jtext_scan_peek(s) == '+' || jtext_scan_peek(s) == '-')
		jtext_scan_copy_one(s);
	return copy_digits(s);
}

int
jtext_scan_number(struct jtext_scan *s)
{
	const char *text = s->p;
	ssize_t fraction = 0, exponent = 0;
	size_t len;

	if (*s->p == '-')
		jtext_scan_copy_one(s);
	if (jtext_scan_peek(s) == '0')
		jtext_scan_copy_one(s);
	else if (copy_digits(s) < 0)
		return -1;
	if (jtext_scan_peek(s) == '.') {
		jtext_scan_copy_one(s);
		fraction = copy_digits(s);
	}
	if (fraction >= 0 && (jtext_scan_peek(s) | 0x20) == 'e')
		exponent = copy_exponent(s);
	if (fraction < 0 || exponent < 0)
		return -1;
	len = (size_t)(s->p - text);
	return fraction || exponent ? check_double(s, text, len, (size_t)exponent)
				    : check_integer(s, text, len);
}

/* ---- true, false, null ---- */

int
jtext_scan_literal(struct jtext_scan *s)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t len = 0;

	while (s->p + len < s->end && isalpha((unsigned char)s->p[len]))
		len++;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (len == strlen(words[i]) && !memcmp(s->p, words[i], len)) {
			jtext_scan_copy(s, len);
			return 0;
		}
	return jtext_scan_refuse_text(s, s->p, s->p, len, "is not a JSON value");
}
