/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as text, without a tree. jansson parses what is small; whole fleets pass through here.
 *
 * Canonical text: compact; the keys of every object sorted by the bytes between their quotes,
 * as escaped here, a shorter key before one that continues it (which is the order of the plain
 * keys but for those with quotes, backslashes or control characters); strings as UTF-8 with
 * only \" \\ and control characters escaped (\b \f \n \r \t, else \u00xx in lower case);
 * numbers as they were written. Two values are the same exactly when their canonical texts
 * are, but for the ways of writing one number. What the store holds is canonical, so it is
 * compared and searched as bytes.
 *
 * Refused, each by name: what RFC 8259 refuses; a key twice in an object; NUL in a string;
 * invalid UTF-8, lone surrogates; numbers outside a 64-bit integer or a finite double;
 * nesting deeper than JTEXT_DEEPEST.
 */
#ifndef IO_JTEXT_H
#define IO_JTEXT_H

#include "base/fault.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

#define JTEXT_DEEPEST 128

/*
 * Checks one JSON value and appends its canonical text; on a fault out is as it was. Faults
 * are FAULT_BAD and begin with the place, in bytes from 1: "column 17: ...".
 */
int jtext_canonical(const char *text, size_t len, struct str *out, struct fault *f);

/* ---- reading canonical text ---- */

enum jtext_type {
	JTEXT_NULL,
	JTEXT_FALSE,
	JTEXT_TRUE,
	JTEXT_NUMBER,
	JTEXT_STRING,
	JTEXT_ARRAY,
	JTEXT_OBJECT
};

/* A piece of canonical text that is one value. text NULL: there is none. Borrowed. */
struct jtext {
	const char *text;
	size_t len;
};

static inline struct jtext
jtext_of(const char *s)
{
	return (struct jtext){s, s ? strlen(s) : 0};
}

#define JTEXT(s) jtext_of(s)

enum jtext_type jtext_type(struct jtext v);

/*
 * The member of an object with this plain (unescaped) key; {NULL,0} if there is none, or if it
 * is no object. Keys need not be in order for it.
 */
struct jtext jtext_member(struct jtext object, const char *key);

/*
 * Walks an object or an array. *at starts at 0. Returns 1 with the next member (key is
 * {NULL,0} in an array; in an object it is the escaped text between the quotes), or 0.
 */
int jtext_each(struct jtext v, size_t *at, struct jtext *key, struct jtext *value);

/* Appends the plain text of a string value (or of a key as jtext_each gives it). */
void jtext_plain(struct jtext string, struct str *out);

/* The same as a string of its own; other types as their canonical text. NULL for no value. */
char *jtext_plain_dup(struct jtext v);

/* Whether it is this string. */
int jtext_is(struct jtext v, const char *plain);

/* Whether two pieces are the same bytes. Two absent ones are, an absent one and another not. */
int jtext_same(struct jtext a, struct jtext b);

/* ---- writing, canonical but for the order of keys, which is the writer's ---- */

/* Appends a quoted, escaped string. Each byte that is not UTF-8 becomes U+FFFD. */
void jtext_put_string(struct str *out, const char *plain);

/*
 * Members of an object being written: each puts the comma it needs. Start with '{' by
 * jtext_open, end with '}' by jtext_close. A NULL value writes nothing: absent, not null.
 */
void jtext_open(struct str *out);
void jtext_close(struct str *out);
void jtext_key(struct str *out, const char *key); /* then write a value */
void jtext_text(struct str *out, const char *key, const char *plain);
void jtext_int(struct str *out, const char *key, int64_t n);
void jtext_bool(struct str *out, const char *key, int truth);
void jtext_time(struct str *out, const char *key, int64_t ms);      /* RFC 3339; 0 is absent */
void jtext_raw(struct str *out, const char *key, const char *json); /* canonical text */
void jtext_rawn(struct str *out, const char *key, const char *json, size_t len);

/*
 * Appends an array of the keys that two canonical objects both have, with different values;
 * keys are as escaped there, each a JSON string. Returns how many there are.
 */
size_t jtext_contested(struct jtext a, struct jtext b, struct str *out);

/*
 * Appends a copy of a canonical object with one member put, replaced or (value.text NULL) left
 * out, canonical again. object may be {NULL,0}, which is {}. Neither may be part of out.
 */
void jtext_with(struct jtext object, const char *key, struct jtext value, struct str *out);

#endif
