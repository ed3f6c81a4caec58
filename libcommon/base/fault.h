/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as a value: a kind that decides the exit status, and one line of text
 * that names the thing, says what is wrong with it and, if short, what would be right.
 *
 * Convention of the whole library: a function that can fail takes a struct fault * last,
 * returns 0 or a positive value on success and -1 on failure, and leaves the fault alone on
 * success. The setters return -1, so that failing is one line. Nothing here prints or exits.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

enum fault_kind {
	FAULT_NONE,
	FAULT_NO,      /* the answer is no: no such variable */
	FAULT_BAD,     /* this one input is bad; the others may be fine */
	FAULT_USAGE,   /* the command line is wrong */
	FAULT_SYSTEM,  /* the world is broken: a file, the database, the kernel */
	FAULT_REFUSED, /* a guard-rail says no */
	FAULT_STOPPED, /* stopped early, paused, held, could not reach */
	FAULT_BUSY,    /* somebody else holds it; try again */
};

struct fault {
	enum fault_kind kind;
	char text[640];
};

/* Sets kind and text and returns -1. A text that is too long loses its middle to "...". */
int fault_set(struct fault *f, enum fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* FAULT_SYSTEM with ": " and the text of errno behind the words. Returns -1, keeps errno. */
int fault_errno(struct fault *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before a text that is there already; the kind stays. Returns -1. */
int fault_within(struct fault *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The analyzer looks at one file at a time, and would follow what happens if these returned 0. */
#ifdef __clang_analyzer__
#define fault_set(...) ((void)fault_set(__VA_ARGS__), -1)
#define fault_errno(...) ((void)fault_errno(__VA_ARGS__), -1)
#define fault_within(...) ((void)fault_within(__VA_ARGS__), -1)
#endif

/* The exit status of craton(7) for a kind: 0, 1, 2, 3, 4 or 75. */
int fault_status(enum fault_kind kind);

#endif
