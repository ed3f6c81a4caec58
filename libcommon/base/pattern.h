/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two pattern languages of SQL. Both match the whole text, character by character
 * (UTF-8), and tell upper from lower case. Time is at most the product of the two lengths:
 * callers limit the pattern.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stddef.h>

/* SQL's LIKE: % any text, _ one character. No escape character. */
int pattern_like(const char *pattern, size_t pattern_len, const char *text, size_t len);

/* SQLite's GLOB: * any text, ? one character, [a-z0] one of these, [^a-z] none of these. */
int pattern_glob(const char *pattern, size_t pattern_len, const char *text, size_t len);

#endif
