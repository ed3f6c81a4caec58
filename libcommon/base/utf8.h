/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as the Unicode standard has it: nothing overlong, no surrogates, up to U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4

/* The length of the well-formed character that text begins with; 0 if it begins with none. */
size_t utf8_length(const char *text, size_t len);

/* Whether all of a text is well-formed. */
int utf8_ok(const char *text);

/* The character that well-formed UTF-8 of this length encodes. */
uint32_t utf8_get(const char *text, size_t length);

/*
 * Characters that no name holds: control characters (C0, DEL, C1), the separators of lines and
 * paragraphs, and those that change the direction of text (UAX #9).
 */
int utf8_controls(uint32_t character);

/* Writes a character (no surrogate, at most 0x10ffff) and returns its length. */
size_t utf8_put(uint32_t character, char out[UTF8_MAX]);

#endif
