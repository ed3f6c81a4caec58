/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions: PCRE2, UTF-8, matching anywhere in the text, with limits on the
 * pattern and on backtracking, so that no pattern holds up its caller.
 */
#ifndef BASE_REGEXP_H
#define BASE_REGEXP_H

#include "base/fault.h"

#include <stddef.h>

#define REGEXP_LONGEST 1024 /* bytes of a pattern */

struct regexp;

/* FAULT_BAD says what is wrong with the pattern and where. */
struct regexp *regexp_new(const char *pattern, size_t len, struct fault *f);
void regexp_free(struct regexp *r);

/* 1 matches, 0 does not, -1: FAULT_BAD, the limit is reached. */
int regexp_match(const struct regexp *r, const char *text, size_t len, struct fault *f);

#endif
