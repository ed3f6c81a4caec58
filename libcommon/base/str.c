/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
str_done(struct str *s)
{
	free(s->text);
	*s = STR_INIT;
}

char *
str_space(struct str *s, size_t n)
{
	if (s->len + n + 1 > s->room) {
		s->room = (s->len + n + 1) * 3 / 2 + 16;
		s->text = mem_resize(s->text, s->room, 1);
		s->text[s->len] = '\0';
	}
	return s->text + s->len;
}

void
str_grown(struct str *s, size_t n)
{
	s->len += n;
	s->text[s->len] = '\0';
}

void
str_addn(struct str *s, const char *text, size_t len)
{
	char *end = str_space(s, len);

	if (len)
		memcpy(end, text, len);
	str_grown(s, len);
}

void
str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void
str_addc(struct str *s, char c)
{
	*str_space(s, 1) = c;
	str_grown(s, 1);
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		vsnprintf(str_space(s, (size_t)n), (size_t)n + 1, fmt, again);
		str_grown(s, (size_t)n);
	}
	va_end(again);
}

void
str_reset(struct str *s)
{
	str_space(s, 0);
	str_cut(s, 0);
}

void
str_cut(struct str *s, size_t len)
{
	s->len = len;
	s->text[len] = '\0';
}

char *
str_take(struct str *s)
{
	char *text;

	str_space(s, 0);
	text = s->text;
	*s = STR_INIT;
	return text;
}
