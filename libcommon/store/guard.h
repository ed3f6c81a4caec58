/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read-only SQL of the user's own over documented views: craton-inv query, and query: in an
 * audit. It runs on a connection of its own to the same file (or a copy of a database in
 * memory), so that nothing it does can touch the program's.
 *
 * What holds it back, each of which alone would mostly do: the file is open read-only;
 * nothing but SELECT, the views of guard_views.h and an allow-list of functions passes the
 * authorizer (a deny-list failed: printf('%.900000000c', 'x') runs for seconds inside one
 * function, where no deadline reaches); one statement; limits on length, depth, memory; a
 * deadline. It sees what is committed.
 */
#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "store/db.h"

#define GUARD_PATIENCE 30000             /* ms a query may take, over all its rows */
#define GUARD_LONGEST_SQL 65536          /* bytes */
#define GUARD_LONGEST_VALUE (16 << 20)   /* bytes of one text */
#define GUARD_MEMORY ((int64_t)64 << 20) /* bytes, besides what the process has already */

/* Rows of a query: guard_query, guard_next until 0, guard_end (also after a failure). */
struct guard;
struct guard_rows {
	struct guard *guard;
};

/* The views show one project. Faults of the query are FAULT_BAD, with the near miss. */
int guard_query(
    struct db *db, int64_t project, struct guard_rows *rows, const char *sql, struct fault *f);

int guard_next(struct guard_rows *rows, struct fault *f);
void guard_end(struct guard_rows *rows);

/* Lets the rows take so long from now on, instead of GUARD_PATIENCE. */
void guard_patience(struct guard_rows *rows, int64_t ms);

enum guard_type { GUARD_NULL, GUARD_INT, GUARD_REAL, GUARD_TEXT };

int guard_columns(const struct guard_rows *rows);
const char *guard_column_name(const struct guard_rows *rows, int col);
enum guard_type guard_type(const struct guard_rows *rows, int col);
int64_t guard_int(const struct guard_rows *rows, int col);
double guard_double(const struct guard_rows *rows, int col);
/* Good until the next guard_next or guard_end; NULL for NULL. */
const char *guard_text(const struct guard_rows *rows, int col);

#endif
