/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of unknown origin made fit for a terminal, and its width there. Control characters,
 * characters that reorder or hide others, and bytes that are no UTF-8 become \xNN or \u{NNNN}.
 */
#ifndef BASE_SHOW_H
#define BASE_SHOW_H

#include "base/str.h"

/* Appends a text so that it can be shown; returns how many columns it takes. */
size_t show_text(struct str *out, const char *text);

/* How many bytes of a text from show_text fill at most so many columns. */
size_t show_fit(const char *shown, size_t columns);

#endif
