/* SPDX-License-Identifier: Apache-2.0 */
/* One probe of one item: the command it comes to, and what its output means. */
#ifndef FLOW_READING_H
#define FLOW_READING_H

#include "exec/child.h"
#include "flow/audit/definition.h"

struct reading {
	enum verdict verdict; /* PASS: there is a value */
	char *value;          /* canonical JSON */
	char *why;            /* there is none: "exit status 3: no such file" */
};

/*
 * What a probe that has ended says. 255 is what ssh(1), and what wraps it, exits with when
 * there is no way to the host: unreachable.
 */
void reading_of(struct reading *r, const struct gather *what, const struct child *child);

/* The command line for an item. FAULT_BAD: a template has no value for it. */
int reading_argv(
    struct session *s, const struct gather *what, int64_t item, struct words *out, struct fault *f);

/* FAULT_BAD if a word of run: is no template, or asks for what only a workflow has. */
int reading_check(const struct gather *what, struct fault *f);

#endif
