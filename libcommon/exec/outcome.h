/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a program ended, in the two numbers that the guard's record keeps and the store too.
 * No heap: compiled into the guard as well.
 */
#ifndef EXEC_OUTCOME_H
#define EXEC_OUTCOME_H

#include <stddef.h>

/* Written to records: never renumber. */
enum outcome_flag {
	OUTCOME_SIGNALLED = 1,    /* status is 128 + the signal's number */
	OUTCOME_TIMED_OUT = 2,    /* ended by us: its deadline, or it stalled */
	OUTCOME_STALLED = 4,      /* with TIMED_OUT: no output for too long */
	OUTCOME_STOPPED = 8,      /* ended by us: the run was told to stop */
	OUTCOME_NEVER_RAN = 16,   /* could not be started; status is errno */
	OUTCOME_TRUNCATED = 32,   /* its output passed the cap; the head was kept */
	OUTCOME_LEFT_BEHIND = 64, /* a process of it lives on */
};

struct outcome {
	int status; /* 0 to 255 as it exited, unless a flag says otherwise */
	unsigned flags;
};

/* What retry: {on: [...]} and reports call it. */
enum outcome_kind {
	OUTCOME_DONE,      /* 0: the wanted state holds */
	OUTCOME_TEMPORARY, /* 75 (EX_TEMPFAIL), 111 (qmail's), or no room to start it now */
	OUTCOME_PERMANENT, /* 100 (qmail's): trying again is no use */
	OUTCOME_FAILED,    /* any other status, or a program that cannot be run */
	OUTCOME_SIGNAL,
	OUTCOME_TIMEOUT,
	OUTCOME_STOP,
	OUTCOME_KINDS
};

/* "done", "temporary", ... by enum outcome_kind; NULL at the end. */
extern const char *const outcome_words[OUTCOME_KINDS + 1];

enum outcome_kind outcome_kind(const struct outcome *o);

/* "exit status 3", "killed by signal 9 (Killed)", "timed out", "could not start: ...". */
#define OUTCOME_TEXT 128
const char *outcome_text(const struct outcome *o, char buf[OUTCOME_TEXT]);

/* From waitpid's status word; flags are added. */
struct outcome outcome_from_wait(int wstatus, unsigned flags);

#endif
