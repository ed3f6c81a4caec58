/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records held back until all of a stream has come: a file without a name beside the
 * database, so that it needs the disk that the data needs anyway, and vanishes with the
 * process.
 */
#ifndef FLEET_SPOOL_H
#define FLEET_SPOOL_H

#include "io/jtext.h"

#include <stdio.h>

struct spool {
	FILE *file;
	char *path; /* of the database, for messages */
	char *line;
	size_t room;
};

/* beside: a file in whose folder it is made. */
int spool_open(struct spool *sp, const char *beside, struct fault *f);
void spool_close(struct spool *sp);

/* A record, canonical text, and the line of the input that it came from. */
int spool_put(struct spool *sp, unsigned long line, struct jtext record, struct fault *f);

/* From the beginning again; then each in order: 1, 0 at the end, -1. Good until the next. */
int spool_rewind(struct spool *sp, struct fault *f);
int spool_next(struct spool *sp, unsigned long *line, struct jtext *record, struct fault *f);

/* Where the next record is; and back to there. */
int spool_tell(struct spool *sp, int64_t *at, struct fault *f);
int spool_seek(struct spool *sp, int64_t at, struct fault *f);

#endif
