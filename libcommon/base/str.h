/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A string that grows. Invariant: text is NULL and len 0 before the first use, and from then
 * on text[len] is NUL; it may hold NUL bytes before that.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stddef.h>

struct str {
	char *text;
	size_t len, room;
};

#define STR_INIT ((struct str){0})

void str_done(struct str *s);
void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *text, size_t len);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Empty again, the room kept; the text is "" from here on. */
void str_reset(struct str *s);

/* Cuts to len, which is at most the length. */
void str_cut(struct str *s, size_t len);

/* Room for n more bytes and the NUL: where to write them. Count them with str_grown. */
char *str_space(struct str *s, size_t n) __attribute__((returns_nonnull));
void str_grown(struct str *s, size_t n);

/* The text, owned by the caller from here on, never NULL; the str is as new. */
char *str_take(struct str *s) __attribute__((returns_nonnull));

#endif
