/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as the Unicode standard has it: nothing overlong, no surrogates, up to U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4

/* The length of the well-formed character that text begins with; 0 if it begins with none. */
size_t utf8_length(const char *text, size_t len);

/* Writes a character (no surrogate, at most 0x10ffff) and returns its length. */
size_t utf8_put(uint32_t character, char out[UTF8_MAX]);

#endif
