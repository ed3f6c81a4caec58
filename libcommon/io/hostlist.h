/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host lists: "compute-[0001-0100,0200],db1", as pdsh, ClusterShell and Slurm write them.
 * Brackets hold numbers, ranges and ranges with a step (0-98/2); the width of the first number
 * is kept as zero padding; several brackets in a name are several dimensions. Any size: a
 * list is walked, not expanded in memory.
 */
#ifndef IO_HOSTLIST_H
#define IO_HOSTLIST_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

/* Calls each(name) for every name of the list, in order; stops when each returns non-zero. */
int hostlist_each(
    const char *list, int (*each)(const char *name, void *ctx), void *ctx, struct fault *f);

/* A compiled list for asking "is this name in it?" without expanding ranges. */
struct hostlist;
struct hostlist *hostlist_new(const char *list, struct fault *f);
int hostlist_has(const struct hostlist *h, const char *name);
void hostlist_free(struct hostlist *h);

/* The shortest list for a set of names, each once, sorted; folds one and two dimensions. */
void hostlist_fold(struct words *names, struct str *out);

#endif
