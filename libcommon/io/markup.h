/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of unknown origin inside HTML and XML: as the content of an element, or between double or
 * single quotes as an attribute's value. It stays text, whatever it holds.
 */
#ifndef IO_MARKUP_H
#define IO_MARKUP_H

#include "base/str.h"

/*
 * Appends plain with & < > " ' as references. What no XML 1.0 document may hold (control characters
 * but tab and newline, U+FFFE, U+FFFF, bytes that are no UTF-8), and what would reorder the text
 * around it, becomes U+FFFD. NULL appends nothing.
 */
void markup_text(struct str *out, const char *plain);

/* Appends ' NAME="VALUE"', escaped; a value of NULL appends nothing. */
void markup_attribute(struct str *out, const char *name, const char *value);
void markup_number(struct str *out, const char *name, long long value);

#endif
