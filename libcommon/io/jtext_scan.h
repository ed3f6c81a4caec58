/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokens of JSON text, checked and written in canonical form as they are read: for
 * jtext_canonical only. Canonical text is never longer than what it was made from (white space
 * goes, no escape gets longer), so all its room is there before the first byte, and no write
 * is checked.
 */
#ifndef IO_JTEXT_SCAN_H
#define IO_JTEXT_SCAN_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

#include <string.h>

struct jtext_member {
	const char *text;    /* in the output: "key":value */
	size_t key_len, len; /* of the key, escaped, without its quotes; of all */
	const char *read_at;
};

struct jtext_scan {
	const char *text, *p, *end; /* read */
	char *w;                    /* written */
	int depth;
	VEC(struct jtext_member) members; /* of the objects open now, the innermost last */
	struct str scratch;
	struct fault *f;
};

/* The token that begins at p, which is a quote; a minus or a digit; a letter. */
int jtext_scan_string(struct jtext_scan *s);
int jtext_scan_number(struct jtext_scan *s);
int jtext_scan_literal(struct jtext_scan *s);

/* "column 7: '}' where a value should be". All faults are FAULT_BAD; columns count from 1. */
int jtext_scan_unexpected(struct jtext_scan *s, const char *wanted);

/* "column 7: WHY", or with a text before the words, cut if it is long. */
int jtext_scan_refuse(struct jtext_scan *s, const char *why);
int jtext_scan_refuse_text(
    struct jtext_scan *s, const char *at, const char *text, size_t len, const char *why);

/* The next byte, or -1 at the end. */
static inline int
jtext_scan_peek(const struct jtext_scan *s)
{
	return s->p < s->end ? (unsigned char)*s->p : -1;
}

static inline void
jtext_scan_copy_one(struct jtext_scan *s)
{
	*s->w++ = *s->p++;
}

static inline void
jtext_scan_copy(struct jtext_scan *s, size_t n)
{
	memcpy(s->w, s->p, n);
	s->p += n;
	s->w += n;
}

#endif
