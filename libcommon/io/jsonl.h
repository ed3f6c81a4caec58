/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines in, and the place that messages about them name: "stdin:12". A line longer than
 * JSONL_LONGEST is not read into memory: it is a fault of its own, and reading goes on.
 */
#ifndef IO_JSONL_H
#define IO_JSONL_H

#include "base/fault.h"
#include "base/str.h"

#include <stddef.h>

#define JSONL_LONGEST ((size_t)64 << 20)

struct jsonl {
	const char *name; /* borrowed: the path, or "stdin" */
	int fd;
	unsigned long line; /* of the last line given, from 1; blank lines count */
	char *buf;
	size_t start, end, room; /* what is read and not given yet: buf[start..end) */
	int at_end;
	struct str canonical;
};

/* path NULL or "-" is standard input. */
int jsonl_open(struct jsonl *in, const char *path, struct fault *f);
void jsonl_close(struct jsonl *in);

/*
 * The next line, without its newline (LF or CRLF) and NUL-terminated, blank lines passed over:
 * 1, or 0 at the end. *text is good until the next call, and the caller may change it. A last
 * line without newline counts. -1 with FAULT_BAD: this line is bad (too long, a NUL byte), go
 * on; with FAULT_SYSTEM: the stream is broken. Faults begin with the place: "stdin:12: ...".
 */
int jsonl_line(struct jsonl *in, char **text, size_t *len, struct fault *f);

/* The same, the line checked to be one JSON object and given as canonical text. */
int jsonl_next(struct jsonl *in, const char **object, size_t *len, struct fault *f);

#endif
