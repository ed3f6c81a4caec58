/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fleet as other tools read it: craton-formats(5). Each format is a writer: it is given the
 * chosen items one by one and gives text. What a format cannot say is replaced or left out, and
 * counted: nothing silently.
 */
#ifndef FLEET_WRITER_H
#define FLEET_WRITER_H

#include "base/vec.h"
#include "fleet/writers/roster.h"

struct writer_run {
	struct session *s;
	const char *host; /* ansible: the one host asked for; NULL: all */
	int64_t port;     /* file_sd: of the targets */
	/* Takes a piece of the output. */
	int (*write)(void *ctx, const char *text, size_t len, struct fault *f);
	/* What a person should know: "3 values with a comma: it is written as _". */
	void (*note)(void *ctx, const char *text);
	void *ctx;
	/* For writers. */
	struct roster roster;
	struct str out;
	void *state;
};

struct writer {
	const char *name, *about;
	int any_kind; /* items of any kind; else hosts, unless a kind is asked for */
	int reads;    /* of enum roster_part */
	int (*write)(struct writer_run *run, const struct ids *ids, struct fault *f);
};

/* Ends with NULL. */
extern const struct writer *const writers[];

/* By name; NULL with FAULT_USAGE and the near miss. */
const struct writer *writer_find(const char *name, struct fault *f);

/* Writes the items, ids ascending, in one snapshot of the caller's. */
int writer_run(
    const struct writer *w, struct writer_run *run, const struct ids *ids, struct fault *f);

/* ---- for writers ---- */

/* Gives run->out to the caller if it is large, or in any case. 0 or -1. */
int writer_flush(struct writer_run *run, int all, struct fault *f);

void writer_note(struct writer_run *run, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "cabinet=c12" in parts; a label without "=" has the key NULL. value is in text. */
struct writer_label {
	char *key; /* to be freed */
	const char *value;
};
struct writer_label writer_label(const char *text);

/*
 * Appends a text in which each byte that is not of [A-Za-z0-9_], or of more, is '_'; a digit at
 * the start gets one before it.
 */
void writer_word(struct str *out, const char *text, const char *more);

extern const struct writer writer_csv, writer_ansible, writer_file_sd, writer_clustershell,
    writer_genders, writer_ssh;

#endif
