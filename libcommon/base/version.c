/* SPDX-License-Identifier: Apache-2.0 */
#include "base/version.h"

#include <string.h>

struct part {
	const char *at, *end;
};

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
at_digit(const struct part *p)
{
	return p->at < p->end && is_digit(*p->at);
}

/* The weight of the next character among non-digits; a digit and the end weigh nothing. */
static int
weight(const struct part *p)
{
	char c;

	if (p->at == p->end || is_digit(*p->at))
		return 0;
	c = *p->at;
	if (c == '~')
		return -1;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return (unsigned char)c;
	return (unsigned char)c + 256;
}

static int
compare_words(struct part *a, struct part *b)
{
	int diff;

	while ((a->at < a->end && !is_digit(*a->at)) || (b->at < b->end && !is_digit(*b->at))) {
		diff = weight(a) - weight(b);
		if (diff)
			return diff;
		a->at++;
		b->at++;
	}
	return 0;
}

static size_t
take_digits(struct part *p, const char **first)
{
	while (p->at < p->end && *p->at == '0')
		p->at++;
	*first = p->at;
	while (at_digit(p))
		p->at++;
	return (size_t)(p->at - *first);
}

static int
compare_numbers(struct part *a, struct part *b)
{
	const char *first_a, *first_b;
	size_t len_a = take_digits(a, &first_a), len_b = take_digits(b, &first_b);

	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return memcmp(first_a, first_b, len_a);
}

int
version_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct part x = {a, a + a_len}, y = {b, b + b_len};
	int diff = 0;

	while (!diff && (x.at < x.end || y.at < y.end)) {
		diff = compare_words(&x, &y);
		if (!diff)
			diff = compare_numbers(&x, &y);
	}
	return (diff > 0) - (diff < 0);
}
