/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One screen of text on a terminal, drawn again and again in its place. What is wider or longer
 * than the terminal is cut. The last text stays on it when all is over.
 */
#ifndef IO_SCREEN_H
#define IO_SCREEN_H

#include "base/str.h"

#include <stdint.h>

struct screen {
	int is_drawn;
};

/* Whether stdout can be drawn on: a terminal that is not dumb. Begins to hear of its resizes. */
int screen_open(struct screen *s);

/* Lines that a text may have: COLUMNS and LINES where set, else the terminal's. */
size_t screen_lines(void);

/* Lines, each with its newline, of text that can be shown. */
void screen_draw(struct screen *s, const char *shown);

/* Sleeps, but not through a resize. */
void screen_wait(int64_t ms);

#endif
