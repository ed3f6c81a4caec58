/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL that a user wrote, over the whole inventory: the query: of checks. It sees the
 * documented views of craton-db(5) and nothing else, changes nothing, and is stopped when it
 * takes too long. The guards, each for an attack that was tried:
 *
 *	one statement, read-only      what follows a semicolon, DELETE, PRAGMA, ATTACH
 *	allow-list authorizer         tables behind the views, the schema, load_extension,
 *	                              functions that make large values (a deny-list failed)
 *	limits                        long texts and values, deep expressions, hostile patterns
 *	deadline                      cross joins that never end
 */
#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "base/fault.h"

#include <stdint.h>

#define GUARD_DEADLINE 30000 /* ms */

struct db;

struct guard_rows {
	struct db *db;
	void *statement;
	int64_t deadline; /* boot clock, ms */
	int guarded;      /* limits and deadline are in force */
};

enum guard_type { GUARD_NULL, GUARD_INT, GUARD_REAL, GUARD_TEXT };

/*
 * Starts a query over the items of a project. FAULT_BAD: it is not allowed, or wrong, with
 * SQLite's reason. One at a time on a database, and no other statement of it until guard_end,
 * which is called also after a failure.
 */
int guard_query(
    struct db *db, int64_t project, struct guard_rows *rows, const char *sql, struct fault *f);
int guard_next(struct guard_rows *rows, struct fault *f);
void guard_end(struct guard_rows *rows);

int guard_columns(const struct guard_rows *rows);
const char *guard_column_name(const struct guard_rows *rows, int col);
enum guard_type guard_type(const struct guard_rows *rows, int col);
int64_t guard_int(const struct guard_rows *rows, int col);
double guard_double(const struct guard_rows *rows, int col);
/* Good until the next guard_next or guard_end; NULL for NULL. */
const char *guard_text(const struct guard_rows *rows, int col);

#endif
