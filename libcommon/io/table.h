/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables for people: columns as wide as their widest cell, but no wider than 100 for one cell's
 * sake; two spaces between. Where a line is wider than the terminal (COLUMNS, else the terminal's
 * width, else unlimited in a pipe) columns that are empty are left out, and the last one is cut
 * with "...". Control characters and what would reorder text are shown as \xNN or \u{NNNN}, not
 * sent. Widths are display columns of UTF-8, whatever the locale.
 */
#ifndef IO_TABLE_H
#define IO_TABLE_H

#include "base/str.h"
#include "base/vec.h"

#include <stdio.h>

enum table_tone { TABLE_PLAIN, TABLE_GOOD, TABLE_WARN, TABLE_BAD, TABLE_FAINT };

struct table_cell {
	char *text;
	enum table_tone tone;
};

struct table {
	size_t ncols;
	const char *const *heads;     /* borrowed; upper case */
	const char *rights;           /* 'r' in place i: column i is aligned right; may be NULL */
	VEC(struct table_cell) cells; /* ncols a row */
	size_t filled;                /* of the last row, so far */
};

#define TABLE_INIT(h)                                                                              \
	{                                                                                          \
		.heads = (h), .ncols = sizeof(h) / sizeof(*(h))                                    \
	}

/*
 * Cells of the row being filled, from the left, at most ncols; a text of NULL is empty. A row
 * ends with table_end_row, which leaves those that are missing empty.
 */
void table_cell(struct table *t, const char *text);
void table_cellf(struct table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void table_toned(struct table *t, enum table_tone tone, const char *text);
void table_end_row(struct table *t);

/* Prints the heads and all rows; an empty table prints nothing. Then frees all. */
void table_print(struct table *t, FILE *out);
void table_done(struct table *t);

/* Tab-separated instead: heads first, control characters in cells as spaces. */
void table_print_tsv(struct table *t, FILE *out);

/* Colour only on a terminal, and not with NO_COLOR or TERM=dumb. */
int table_colour(FILE *out);

/* A line of text that can be shown, in its tone where there is colour. */
void table_line(enum table_tone tone, const char *shown, FILE *out);

/* Columns of the terminal behind out, or 0 for no limit. */
size_t table_width(FILE *out);

#endif
