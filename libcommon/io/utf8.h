/* SPDX-License-Identifier: Apache-2.0 */
/* Text of unknown origin as a terminal may have it: how wide it is, and made harmless. */
#ifndef IO_UTF8_H
#define IO_UTF8_H

#include "base/str.h"

#include <stdint.h>

/*
 * The character at p and its length, 1 to 4. 0: no well-formed UTF-8 (Unicode 15, table 3-7)
 * begins there. A string's NUL is never read past.
 */
int utf8_next(const char *p, uint32_t *c);

/*
 * Appends a text for a terminal: control characters, characters that reorder or hide others,
 * and bytes that are no UTF-8 as \xNN or \u{NNNN}. Returns how many columns it takes.
 */
size_t utf8_show(struct str *out, const char *text);

/* How many bytes of a shown text fill at most so many columns. */
size_t utf8_fit(const char *shown, size_t columns);

#endif
