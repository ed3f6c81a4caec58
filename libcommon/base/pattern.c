/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pattern.h"

struct span {
	const char *at, *end;
};

/* Bytes of the character at the start of a span that is not empty. */
static size_t
width(struct span s)
{
	size_t n = 1;

	while (s.at + n < s.end && ((unsigned char)s.at[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* The next character as one number that orders as code points do: its bytes, high to low. */
static unsigned
take(struct span *s)
{
	unsigned c = 0;

	for (size_t n = width(*s); n > 0; n--)
		c = c << 8 | (unsigned char)*s->at++;
	return c;
}

/*
 * [abc], [a-z], [^...]; a ] that comes first is one of the set. Moves the pattern behind the
 * set. A set without end matches nothing.
 */
static int
in_set(struct span *pattern, unsigned c)
{
	int inverted = 0, found = 0, first = 1;

	pattern->at++;
	if (pattern->at < pattern->end && *pattern->at == '^') {
		inverted = 1;
		pattern->at++;
	}
	for (; pattern->at < pattern->end && (first || *pattern->at != ']'); first = 0) {
		unsigned low = take(pattern), high = low;

		if (pattern->end - pattern->at >= 2 && pattern->at[0] == '-' &&
		    pattern->at[1] != ']') {
			pattern->at++;
			high = take(pattern);
		}
		found |= low <= c && c <= high;
	}
	if (pattern->at == pattern->end)
		return 0;
	pattern->at++;
	return found != inverted;
}

struct dialect {
	char many, one;
	int sets;
};

/* One character of the text against the pattern's next part, which is not the star. */
static int
one_matches(const struct dialect *d, struct span *pattern, struct span *text)
{
	unsigned c;

	if (pattern->at == pattern->end)
		return 0;
	c = take(text);
	if (*pattern->at == d->one) {
		pattern->at++;
		return 1;
	}
	if (d->sets && *pattern->at == '[')
		return in_set(pattern, c);
	return take(pattern) == c;
}

/*
 * Only the last star needs a second try: what an earlier one took can always be given to it
 * unchanged. So there is no recursion, and no pattern that takes exponential time.
 */
static int
matches(const struct dialect *d, struct span pattern, struct span text)
{
	struct span star = {0}, resume = {0};

	while (text.at < text.end) {
		if (pattern.at < pattern.end && *pattern.at == d->many) {
			pattern.at++;
			star = pattern;
			resume = text;
		} else if (!one_matches(d, &pattern, &text)) {
			if (!star.at)
				return 0;
			pattern = star;
			resume.at += width(resume);
			text = resume;
		}
	}
	while (pattern.at < pattern.end && *pattern.at == d->many)
		pattern.at++;
	return pattern.at == pattern.end;
}

static struct span
span_of(const char *text, size_t len)
{
	return (struct span){text, text + len};
}

int
pattern_like(const char *pattern, size_t pattern_len, const char *text, size_t len)
{
	static const struct dialect like = {'%', '_', 0};

	return matches(&like, span_of(pattern, pattern_len), span_of(text, len));
}

int
pattern_glob(const char *pattern, size_t pattern_len, const char *text, size_t len)
{
	static const struct dialect glob = {'*', '?', 1};

	return matches(&glob, span_of(pattern, pattern_len), span_of(text, len));
}
