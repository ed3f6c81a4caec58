/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a source by the program that is configured of it: source/NAME in the plug-in path, or
 * any program. It gets {"project":..,"seen":..,"source":..} on stdin and CRATON_SOURCE in its
 * environment. What it prints goes to a file without a name beside the database; what it
 * printed before it failed counts for nothing. craton-source(7) is the rule.
 */
#ifndef FLEET_SOURCES_SYNC_H
#define FLEET_SOURCES_SYNC_H

#include "fleet/source.h"

#define SYNC_OUTPUT ((int64_t)4 << 30) /* bytes that a program may print */

/* Whether it has a program, and every so often has passed since it was last run. */
int sync_is_due(const struct source *source, int64_t now);

/*
 * Runs the program to its end and leaves in *fd a file with what it printed, to be closed. said
 * is called with each of the last lines of its stderr. By how it ended: FAULT_BAD no program is
 * configured, or not found; FAULT_NO it failed; FAULT_STOPPED it took too long, or somebody
 * stopped it; FAULT_BUSY it asks to be tried again; FAULT_REFUSED it printed too much.
 */
int sync_fetch(struct session *s, const struct source *source, int *fd,
    void (*said)(const char *line, void *ctx), void *ctx, struct fault *f);

/*
 * Keeps a second sync of the source away until it is let go: FAULT_BUSY if there is one. The
 * lock is a byte of a file beside the database, so it ends with its process.
 */
int sync_lock(struct session *s, const struct source *source, int *fd, struct fault *f);

#endif
