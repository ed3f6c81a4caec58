/* SPDX-License-Identifier: Apache-2.0 */
#include "base/show.h"

#include "base/utf8.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

/* Zero width, direction, invisible operators: what can make text look like another (UTR 36). */
static int
deceives(uint32_t c)
{
	return utf8_controls(c) || c == 0xad || (c >= 0x200b && c <= 0x200d) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/*
 * Columns, or -1 for what is not shown. wcwidth answers for the locale, which is "C" unless
 * somebody asked for more; so it is asked under C.UTF-8, which glibc has built in.
 */
static int
width_of(uint32_t c)
{
	static locale_t utf8;
	locale_t before;
	int width;

	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (deceives(c))
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
show_text(struct str *out, const char *text)
{
	size_t columns = 0, left = strlen(text), len;

	for (; left; text += len, left -= len) {
		size_t before = out->len;
		uint32_t c = 0;
		int width = -1;

		len = utf8_length(text, left);
		if (len) {
			c = utf8_get(text, len);
			width = width_of(c);
		}
		if (width >= 0) {
			str_addn(out, text, len);
			columns += (size_t)width;
			continue;
		}
		if (len > 1)
			str_addf(out, "\\u{%04x}", c);
		else
			str_addf(out, "\\x%02x", (unsigned char)*text);
		columns += out->len - before;
		len += !len;
	}
	return columns;
}

size_t
show_fit(const char *shown, size_t columns)
{
	const char *p = shown;
	size_t left = strlen(shown), len;

	for (; (len = utf8_length(p, left)); p += len, left -= len) {
		size_t width = (size_t)width_of(utf8_get(p, len));

		if (width > columns)
			break;
		columns -= width;
	}
	return (size_t)(p - shown);
}
