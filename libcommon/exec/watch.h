/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a running program may do and for how long. Guard and loop keep the same watch, so that
 * a step means the same with and without a guard: at its deadline, when it stalls or when it
 * is stopped, its group gets TERM, after the grace KILL, and KILL again each second. Output
 * files that pass the cap are cut back to it, so a program that floods neither fills the disk
 * nor dies of it.
 *
 * Times are milliseconds of the boot clock. No heap: compiled into the guard as well.
 */
#ifndef EXEC_WATCH_H
#define EXEC_WATCH_H

#include <stdint.h>
#include <sys/types.h>

struct limits {
	int64_t deadline; /* 0: none */
	int64_t grace;    /* between TERM and KILL */
	int64_t stall;    /* longest time without output; 0: any */
	int64_t cap;      /* bytes of each output; 0: any */
};

struct watch {
	struct limits limits;
	pid_t group;
	int outputs[2];   /* -1: not a file */
	unsigned flags;   /* enum outcome_flag, as they come */
	int signo;        /* the next signal: TERM first, then KILL */
	int64_t at;       /* when to send it; 0: never */
	int64_t moved;    /* when there was output last; the owner sets it for pipes */
	int64_t sizes[2]; /* of the outputs then */
};

/* outputs that are no plain files are not looked at. */
void watch_begin(
    struct watch *w, pid_t group, const struct limits *l, const int outputs[2], int64_t now);

/* Does what is due; returns when to call again, INT64_MAX for never. */
int64_t watch_look(struct watch *w, int64_t now);

/* Ends the program before its time: the next look sends TERM. Once is enough. */
void watch_stop(struct watch *w, int64_t now);

/* The program has ended: a last look at its output. */
void watch_end(struct watch *w);

/* Whether we ended it, so that what it left must be swept away. */
int watch_ended_it(const struct watch *w);

#endif
