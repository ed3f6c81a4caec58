/* SPDX-License-Identifier: Apache-2.0 */
/* A database from the inside: for the files of store/db only. */
#ifndef STORE_DB_INSIDE_H
#define STORE_DB_INSIDE_H

#include "store/db.h"

#include <sqlite3.h>

#define MAX_ARGS 24
#define SLOTS 256 /* of the statement cache: power of two, a tool uses some 60 */
#define PATIENCE 5000

struct statement {
	const char *sql; /* the address is the key */
	sqlite3_stmt *stmt;
	int busy;
	signed char place[MAX_ARGS + 1]; /* of $N among SQLite's parameters; 0: not used */
};

struct db {
	sqlite3 *native;
	char *path;
	int writing; /* opened by DB_WRITE */
	int held;    /* in a snapshot that lasts: db_hold */
	struct statement statements[SLOTS];
};

/* What SQLite says of its last call, as a fault. sql may be NULL. Returns -1. */
int db_fault(const struct db *db, struct fault *f, const char *sql);

#endif
