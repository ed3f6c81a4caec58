/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values by RFC 4180, in UTF-8. Lines end in CRLF or LF, cells may hold both. */
#ifndef IO_CSV_H
#define IO_CSV_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

struct csv {
	char *at, *end;     /* what is not read yet; the text ends with NUL and is changed */
	unsigned long line; /* where the record given last begins, from 1 */
	unsigned long next; /* where the next one does */
};

#define CSV_INIT(text, len) ((struct csv){.at = (text), .end = (text) + (len), .next = 1})

struct csv_cells VEC_BODY(char *);

/*
 * 1 with the cells of the next record, which point into the text: a later call, and freeing the
 * text, ends them. Lines without anything are passed over. 0 at the end; -1 FAULT_BAD: a quote
 * where none may be, or none where one is wanted; reading goes on behind that line.
 */
int csv_next(struct csv *in, struct csv_cells *cells, struct fault *f);

/* Appends a cell, quoted where it must be, with a comma before it unless it is a line's first. */
void csv_put(struct str *out, const char *cell, int first);
void csv_end(struct str *out); /* CRLF, as the RFC has it */

#endif
