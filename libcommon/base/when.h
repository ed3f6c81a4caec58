/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two clocks. The wall clock, in milliseconds since 1970 UTC, for what people read and what
 * is stored; it may be stepped. The boot clock, in milliseconds since boot, suspended time
 * included, for deadlines: it only goes forward, and means nothing after a reboot.
 */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/fault.h"

#include <stdint.h>

/* Now by the wall clock, or CRATON_NOW (RFC 3339) where set: tests fix the clock by it. */
int64_t when_now(void);

/* Now by the boot clock. */
int64_t when_boot(void);

/* This boot's id, 36 characters, or "" where the kernel does not tell. */
const char *when_boot_id(void);

#define WHEN_TEXT 28

/* RFC 3339, UTC, milliseconds only where there are some: 2026-11-23T12:00:00Z */
const char *when_text(int64_t at, char buf[WHEN_TEXT]);

/* The same without the milliseconds: for people, who have 80 columns. */
const char *when_second(int64_t at, char buf[WHEN_TEXT]);

/*
 * An RFC 3339 time or date ("2026-11-23", midnight UTC), or, if now is not 0, a length of
 * time before now ("2h" is two hours ago).
 */
int when_parse(const char *text, int64_t now, int64_t *at, struct fault *f);

#endif
