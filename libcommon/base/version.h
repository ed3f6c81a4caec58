/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions in the order that people mean: 5.9 is older than 5.15, 6.1~rc1 older than 6.1.
 * The rules are those of Debian Policy 5.6.12 for one part of a version: runs of digits
 * compare as numbers of any length; in between, letters sort before other characters, and a
 * tilde before everything, even the end.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#include <stddef.h>

/* -1, 0 or 1. */
int version_compare(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
