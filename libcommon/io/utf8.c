/* SPDX-License-Identifier: Apache-2.0 */
#include "io/utf8.h"

#include <locale.h>
#include <wchar.h>

int
utf8_next(const char *p, uint32_t *c)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned char least = 0x80, most = 0xbf; /* of the second byte */
	int len = *u < 0x80 ? 1 : *u < 0xc2 ? 0 : *u < 0xe0 ? 2 : *u < 0xf0 ? 3 : *u < 0xf5 ? 4 : 0;

	if (len <= 1) {
		*c = *u;
		return len;
	}
	if (*u == 0xe0)
		least = 0xa0; /* below: too long a form */
	else if (*u == 0xed)
		most = 0x9f; /* above: surrogates */
	else if (*u == 0xf0)
		least = 0x90;
	else if (*u == 0xf4)
		most = 0x8f; /* above: past U+10FFFF */
	if (u[1] < least || u[1] > most)
		return 0;
	*c = *u & (0x7fu >> len);
	for (int i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (u[i] & 0x3fu);
	}
	return len;
}

/*
 * Columns, or -1 for what is not printed. wcwidth answers for the thread's locale, which is
 * "C" unless somebody asked for more; it is asked under C.UTF-8, which glibc has built in.
 */
static int
width_of(uint32_t c)
{
	static locale_t utf8;
	locale_t before;
	int width;

	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (c < 0xa0)
		return -1;
	if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xad) /* Unicode TR 36, 2.5 */
		return -1;
	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!utf8)
		return 1;
	before = uselocale(utf8);
	width = wcwidth((wchar_t)c);
	uselocale(before);
	return width;
}

size_t
utf8_show(struct str *out, const char *text)
{
	size_t columns = 0;

	while (*text) {
		uint32_t c;
		int len = utf8_next(text, &c);
		int width = len ? width_of(c) : -1;
		size_t before = out->len;

		if (width >= 0) {
			str_addn(out, text, (size_t)len);
			columns += (size_t)width;
		} else {
			if (len > 1)
				str_addf(out, "\\u{%04x}", c);
			else
				str_addf(out, "\\x%02x", (unsigned char)*text);
			columns += out->len - before;
		}
		text += len ? len : 1;
	}
	return columns;
}

size_t
utf8_fit(const char *shown, size_t columns)
{
	const char *p = shown;
	uint32_t c;
	int len;

	while (*p && (len = utf8_next(p, &c)) > 0) {
		size_t width = (size_t)width_of(c);

		if (width > columns)
			break;
		columns -= width;
		p += len;
	}
	return (size_t)(p - shown);
}
