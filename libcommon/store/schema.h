/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema is share/schema/NNNN-name.sql, embedded at build: numbered steps, applied in
 * order to a new file and to an old one alike, so there is one truth. user_version is the
 * last step applied. A published step is never edited; a change is a new step.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "base/fault.h"

struct schema_step {
	int number;
	const char *name; /* "0001-inventory" */
	const char *sql;
};

/* Ends with number 0. */
extern const struct schema_step schema_steps[];

/* "Crtn": what file(1) and a strange program see in the header. */
#define SCHEMA_APPLICATION_ID 0x4372746e

struct db;

/* Refuses a file that is another application's, or of a newer schema than this program knows. */
int schema_identify(struct db *db, struct fault *f);

/* With write, brings the file to the last step; else refuses an older one. */
int schema_settle(struct db *db, int write, struct fault *f);

#endif
