/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import: a stream in any format becomes a source's layers. The input is read to its end and
 * translated into a spool beside the database before the write lock is taken, so that a slow
 * pipe holds up nobody; then all of it is one transaction and one entry in the log. A bad record
 * is passed over; one whose relations lead to nothing stands without them, and counts as bad.
 */
#ifndef FLEET_IMPORT_H
#define FLEET_IMPORT_H

#include "fleet/formats/format.h"
#include "fleet/session.h"

struct import {
	const struct format *format; /* NULL: detected */
	const struct words *map;     /* what fields mean, see formats/column.h; may be NULL */
	const char *input;           /* what messages call it; NULL: the path, or stdin */
	const char *source;          /* NULL: each record names its own */
	int full;    /* records are all the source has: items it no longer reports retire */
	int atomic;  /* one bad record and nothing is changed */
	int dry_run; /* everything but the commit */
	/* Called with each bad line and each note; borrowed texts. */
	void (*bad)(void *ctx, const struct fault *why);
	void (*note)(void *ctx, const char *text);
	/* With dry_run: each change that would be, as a record of kind change. May be NULL. */
	void (*would)(void *ctx, struct jtext change);
	void *ctx;
	/* What came of it. */
	int64_t read, created, changed, same, retired;
	unsigned long skipped;
};

/*
 * 0, or -1: nothing was changed, but where the fault begins with "imported". FAULT_REFUSED: a full
 * import with bad records, or one in which the source shrank by more than its settings allow.
 */
int import_run(struct session *s, struct import *im, const char *path, struct fault *f);

#endif
