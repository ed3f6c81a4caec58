/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#include "base/report.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef fault_set
#undef fault_errno
#undef fault_within

static const int statuses[] = {
    [FAULT_NONE] = 0,
    [FAULT_NO] = 1,
    [FAULT_BAD] = 2,
    [FAULT_USAGE] = 2,
    [FAULT_SYSTEM] = 2,
    [FAULT_REFUSED] = 3,
    [FAULT_STOPPED] = 4,
    [FAULT_BUSY] = 75,
};

#define CUT "..."

/*
 * The nearest place at or before p where a character of UTF-8 begins; where there is none so
 * near that it can be p's, because this is no UTF-8, any will do.
 */
static const char *
character(const char *p, const char *start)
{
	const char *least = p - start < UTF8_MAX ? start : p - UTF8_MAX + 1;

	while (p > least && ((unsigned char)*p & 0xc0) == 0x80)
		p--;
	return p;
}

/*
 * A text that is too long loses its middle: it begins with the place and ends with what is
 * wrong, and what is long is the thing quoted between them.
 */
static void
fit(struct fault *f, const char *whole, size_t len)
{
	size_t room = sizeof(f->text) - sizeof(CUT), head, tail;
	const char *end;

	head = (size_t)(character(whole + room / 2, whole) - whole);
	end = character(whole + len - (room - head - UTF8_MAX), whole);
	tail = (size_t)(whole + len - end);
	memcpy(f->text, whole, head);
	memcpy(f->text + head, CUT, sizeof(CUT) - 1);
	memcpy(f->text + head + sizeof(CUT) - 1, end, tail + 1);
}

__attribute__((format(printf, 2, 0))) static void
write_text(struct fault *f, const char *fmt, va_list ap)
{
	char *whole;
	int n = vasprintf(&whole, fmt, ap);

	if (n < 0)
		report_no_memory();
	if ((size_t)n < sizeof(f->text))
		memcpy(f->text, whole, (size_t)n + 1);
	else
		fit(f, whole, (size_t)n);
	free(whole);
}

int
fault_set(struct fault *f, enum fault_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_text(f, fmt, ap);
	va_end(ap);
	f->kind = kind;
	return -1;
}

int
fault_errno(struct fault *f, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	write_text(f, fmt, ap);
	va_end(ap);
	fault_set(f, FAULT_SYSTEM, "%s: %s", strdupa(f->text), strerror(saved));
	errno = saved;
	return -1;
}

int
fault_within(struct fault *f, const char *fmt, ...)
{
	struct fault outer;
	va_list ap;

	va_start(ap, fmt);
	write_text(&outer, fmt, ap);
	va_end(ap);
	return fault_set(f, f->kind, "%s: %s", outer.text, strdupa(f->text));
}

int
fault_status(enum fault_kind kind)
{
	return statuses[kind];
}
