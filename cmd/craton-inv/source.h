/* SPDX-License-Identifier: Apache-2.0 */
/* craton-inv source: its words, one file or two each. */
#ifndef INV_SOURCE_H
#define INV_SOURCE_H

#include "fleet/session.h"
#include "fleet/source.h"
#include "io/args.h"
#include "io/output.h"

struct source_options {
	struct session_options base;
	enum output_format format;
	/* What is configured; a text of NULL was not given, an empty one takes away. */
	int64_t rank, shrink;                /* -1: not given */
	int64_t stale_after, every, timeout; /* ms; -1: not given */
	struct words ranks;                  /* KEY=N */
	const char *kinds, *keys, *placeholders, *how, *plugin;
	int partial, full;
	int layers; /* rm: its layers, too */
};

int source_list_all(struct session *s, const struct source_options *o, struct fault *f);

/* NAME, then the words of its program, for add and set. */
int source_add(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f);
int source_set(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f);
int source_rm(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f);

/* NAMEs; none: all that are due. Returns the exit status, or -1. */
int source_sync(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f);

#endif
