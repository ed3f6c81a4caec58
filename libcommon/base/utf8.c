/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <string.h>

/*
 * Well-formed characters by their first byte: length, and the range of the second byte, which
 * is what rules out overlong forms, surrogates and what is above U+10FFFF. Later bytes are
 * 80 to BF. The Unicode Standard 15.0, table 3-7.
 */
static const struct lead {
	unsigned char first, last, length, low, high;
} leads[] = {
    {0x00, 0x7f, 1, 0x00, 0x00},
    {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f},
    {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct lead *
lead_of(unsigned char byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t
utf8_length(const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const struct lead *lead = len ? lead_of(*bytes) : NULL;

	if (!lead || lead->length > len)
		return 0;
	if (lead->length > 1 && (bytes[1] < lead->low || bytes[1] > lead->high))
		return 0;
	for (size_t i = 2; i < lead->length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return lead->length;
}

int
utf8_ok(const char *text)
{
	size_t left = strlen(text), len;

	for (; left; text += len, left -= len)
		if (!(len = utf8_length(text, left)))
			return 0;
	return 1;
}

uint32_t
utf8_get(const char *text, size_t length)
{
	uint32_t c = (unsigned char)*text;

	if (length > 1)
		c &= 0x7fu >> length;
	for (size_t i = 1; i < length; i++)
		c = c << 6 | ((unsigned char)text[i] & 0x3f);
	return c;
}

int
utf8_controls(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

size_t
utf8_put(uint32_t character, char out[UTF8_MAX])
{
	static const unsigned char marks[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = length - 1; i > 0; i--, character >>= 6)
		out[i] = (char)(0x80 | (character & 0x3f));
	out[0] = (char)(marks[length] | character);
	return length;
}
