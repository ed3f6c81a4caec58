/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
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

__attribute__((format(printf, 2, 0))) static void
write_text(struct fault *f, const char *fmt, va_list ap)
{
	int n = vsnprintf(f->text, sizeof(f->text), fmt, ap);

	if (n >= (int)sizeof(f->text))
		memcpy(f->text + sizeof(f->text) - 4, "...", 4);
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
	const char *reason = strerror(saved);
	size_t used, most = sizeof(f->text) - strlen(reason) - sizeof(": ");
	va_list ap;

	va_start(ap, fmt);
	write_text(f, fmt, ap);
	va_end(ap);
	f->kind = FAULT_SYSTEM;
	used = strlen(f->text);
	if (used > most) { /* a long name must not cost the reason */
		used = most;
		memcpy(f->text + used - 3, "...", 3);
	}
	snprintf(f->text + used, sizeof(f->text) - used, ": %s", reason);
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
