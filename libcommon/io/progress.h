/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line on stderr that says how far a long job is: items by state, rate, time to go.
 * Redrawn at most five times a second and only if stderr is a terminal and not with -q;
 * otherwise one line when SIGUSR1 asks for it.
 */
#ifndef IO_PROGRESS_H
#define IO_PROGRESS_H

#include <stdint.h>

struct progress {
	const char *what;       /* "hosts" */
	int64_t done, total;    /* total 0: not known */
	char extra[96];         /* "3 failed of 8 allowed", by the caller */
	int64_t started, drawn; /* boot clock, ms */
	int on, is_shown;
};

void progress_start(struct progress *p, const char *what, int64_t total);
void progress_draw(struct progress *p);  /* cheap to call often */
void progress_pause(struct progress *p); /* wipes it, for a line of text, until it is drawn again */
void progress_end(struct progress *p);   /* wipes the line */

#endif
