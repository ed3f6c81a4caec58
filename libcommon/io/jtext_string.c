/* SPDX-License-Identifier: Apache-2.0 */
#include "io/jtext_string.h"

#include <string.h>

/* The letter behind the backslash; 'u' is the long form, 0 none. */
static char
letter_of(char c)
{
	static const char control[] = "uuuuuuuubtnufruu"
				      "uuuuuuuuuuuuuuuu";

	if ((unsigned char)c < 0x20)
		return control[(unsigned char)c];
	return (char)(c == '"' || c == '\\' ? c : '\0');
}

size_t
jtext_escape(char c, char out[JTEXT_ESCAPE_MAX])
{
	static const char hex[] = "0123456789abcdef";
	char letter = letter_of(c);

	if (!letter) {
		*out = c;
		return 1;
	}
	out[0] = '\\';
	out[1] = letter;
	if (letter != 'u')
		return 2;
	out[2] = out[3] = '0';
	out[4] = hex[(unsigned char)c >> 4];
	out[5] = hex[c & 15];
	return 6;
}

int
jtext_compare(const char *a, size_t alen, const char *b, size_t blen)
{
	int order = memcmp(a, b, alen < blen ? alen : blen);

	return order ? order : (alen > blen) - (alen < blen);
}
