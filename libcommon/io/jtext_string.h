/* SPDX-License-Identifier: Apache-2.0 */
/* How canonical text writes a string, and in which order keys stand: for jtext only. */
#ifndef IO_JTEXT_STRING_H
#define IO_JTEXT_STRING_H

#include <stddef.h>

#define JTEXT_ESCAPE_MAX 6

/* Writes one byte of plain text as it stands between quotes: itself, \n, \u001f. */
size_t jtext_escape(char c, char out[JTEXT_ESCAPE_MAX]);

/* The order of two keys, escaped, without quotes: by bytes, the shorter first. */
int jtext_compare(const char *a, size_t alen, const char *b, size_t blen);

#endif
