/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include "base/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
mem_zero(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		report_no_memory();
	return p;
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	void *grown = reallocarray(p, n ? n : 1, size ? size : 1);

	if (!grown)
		report_no_memory();
	return grown;
}

char *
mem_dup(const char *s)
{
	return s ? mem_dupn(s, strlen(s)) : NULL;
}

char *
mem_dupn(const char *s, size_t len)
{
	char *copy = mem_resize(NULL, len + 1, 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		report_no_memory();
	return text;
}
