/* SPDX-License-Identifier: Apache-2.0 */
/* What the output and the end of a probe mean. */
#ifndef FLOW_READING_H
#define FLOW_READING_H

#include "exec/child.h"
#include "flow/audit/definition.h"

#define READING_MOST ((int64_t)64 << 10) /* bytes of a probe's output */

struct reading {
	enum verdict verdict; /* PASS: there is a value */
	char *value;          /* canonical JSON */
	char *why;            /* there is none: "exit status 3: no such file" */
};

/* An output as the value that the probe wants. */
void reading_value(struct reading *r, const struct gather *what, struct jtext output);

/* No value, and why; the reason is copied. */
void reading_miss(struct reading *r, enum verdict verdict, const char *why);

/*
 * An end that is no good: ": " and the last line of err are added. A time limit that was passed is
 * timeout; else verdict.
 */
void reading_failure(
    struct reading *r, enum verdict verdict, const struct outcome *o, const struct str *err);

/*
 * All of it, for a command whose only output this is. 255 is what ssh(1), and what wraps it,
 * exits with when there is no way to the host: unreachable.
 */
void reading_of(struct reading *r, const struct gather *what, const struct child *child);

#endif
