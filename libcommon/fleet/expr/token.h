/* SPDX-License-Identifier: Apache-2.0 */
/* The words of an expression, one at a time. */
#ifndef FLEET_EXPR_TOKEN_H
#define FLEET_EXPR_TOKEN_H

#include "base/fault.h"

#include <stddef.h>

enum token_kind {
	TOKEN_END,
	TOKEN_INT,    /* 512 */
	TOKEN_REAL,   /* 0.5, 1e3 */
	TOKEN_TEXT,   /* 'it''s': the quotes are part of it */
	TOKEN_WORD,   /* ram_gb, and, case */
	TOKEN_QUOTED, /* "odd key": the quotes are part of it */
	TOKEN_MARK,   /* >= || ( , */
};

struct token {
	enum token_kind kind;
	const char *at; /* in the expression's text */
	size_t len;
};

/* The token at or behind p. start is the whole text's, for "column 14" in faults. */
int token_next(const char *start, const char *p, struct token *out, struct fault *f);

/* Whether it is this mark, or this word in any case. */
int token_is(const struct token *t, const char *text);

/* The column of a token, in characters, from 1. */
unsigned token_column(const char *start, const struct token *t);

#endif
