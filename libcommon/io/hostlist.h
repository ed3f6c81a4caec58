/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host lists: "compute-[0001-0100,0200],db1", as pdsh, ClusterShell and Slurm write them.
 * Brackets hold numbers, ranges and ranges with a step (0-98/2); the width of the first number
 * is kept as zero padding; several brackets in a name are several dimensions, the last one
 * counting fastest. Blanks around the commas between names are passed over. Any size: a list
 * is walked, not expanded in memory.
 */
#ifndef IO_HOSTLIST_H
#define IO_HOSTLIST_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

/*
 * Calls each(name) for every name of the list, in order; stops when each returns non-zero and
 * returns that. A malformed list is FAULT_BAD before the first call.
 */
int hostlist_each(
    const char *list, int (*each)(const char *name, void *ctx), void *ctx, struct fault *f);

/* A compiled list for asking "is this name in it?" without expanding ranges. */
struct hostlist;
struct hostlist *hostlist_new(const char *list, struct fault *f);
int hostlist_has(const struct hostlist *h, const char *name);
void hostlist_free(struct hostlist *h);

/*
 * Appends the list for a set of names, each once, in natural order (node9 before node10) of
 * the first name of each part. Numbers fold into ranges in every dimension, last dimension
 * first; 1 and 01 are different names and never share a range. Steps are not written: not
 * every reader of host lists has them. A name with a comma or bracket in it passes through
 * as it is, though no list can say it.
 */
void hostlist_fold(const struct words *names, struct str *out);

#endif
