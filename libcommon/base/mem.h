/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that cannot fail: when there is none left the process stops with exit status 2 and
 * one line on stderr, so no caller tests for it. Free with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* n * size bytes, zeroed. n * size may not overflow: it is checked. */
void *mem_zero(size_t n, size_t size) __attribute__((returns_nonnull));

/* Like realloc to n * size bytes, checked for overflow. */
void *mem_resize(void *p, size_t n, size_t size) __attribute__((returns_nonnull));

/* A copy of a string; NULL gives NULL. */
char *mem_dup(const char *s);

/* The first len bytes as a string of their own, ended by NUL. */
char *mem_dupn(const char *s, size_t len) __attribute__((returns_nonnull));

/* A formatted string of its own. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

#endif
