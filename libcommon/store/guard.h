/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read-only SQL of the user's own over documented views: craton-inv query, and query: in an
 * audit. It runs on a connection of its own to the same file (or a copy of a database in
 * memory), so that nothing it does can touch the program's.
 *
 * What holds it back, each of which alone would mostly do: the file is open read-only;
 * nothing but SELECT, the views of guard_views.h, the tables of the host and an allow-list of
 * functions passes the authorizer (a deny-list failed: printf('%.900000000c', 'x') runs for seconds
 * inside one function, where no deadline reaches); one statement; limits on length, depth, memory;
 * a deadline. It sees what is committed.
 */
#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "base/str.h"
#include "store/db.h"

#define GUARD_PATIENCE 30000             /* ms a query may take, over all its rows */
#define GUARD_LONGEST_SQL 65536          /* bytes */
#define GUARD_LONGEST_VALUE (16 << 20)   /* bytes of one text */
#define GUARD_MEMORY ((int64_t)64 << 20) /* bytes, besides what the process has already */

enum guard_type { GUARD_NULL, GUARD_INT, GUARD_REAL, GUARD_TEXT };

struct guard_value {
	enum guard_type type;
	int64_t i;
	double d;
	char *text; /* owned */
};
struct guard_values VEC_BODY(struct guard_value);

/*
 * A table whose rows C makes, item by item, beside the views. The first column is the item, an
 * integer; the second is a key: only, if it is not NULL, is the one that is asked for, and rows of
 * others may be left out.
 */
struct guard_table {
	const char *name;
	const char *columns; /* "item INTEGER, key TEXT, value" */
	int ncolumns;
	/* Those that may have rows. */
	int (*items)(void *ctx, const char *only, struct ids *out, struct fault *f);
	/* Puts the rows of one, one value a column. No such item: none. */
	int (*rows)(
	    void *ctx, int64_t item, const char *only, struct guard_values *out, struct fault *f);
};

void guard_put_int(struct guard_values *to, int64_t i);
void guard_put_text(struct guard_values *to, const char *text); /* NULL is NULL */

/* As json_each gives values: a truth value is 0 or 1, an array or object its text. */
void guard_put_json(struct guard_values *to, struct jtext value);
void guard_value_of(struct jtext value, struct guard_value *out);

/* What a query works for: fleet/query gives it. */
struct guard_host {
	int64_t project;                  /* the views show this one */
	const struct guard_table *tables; /* ends with a name of NULL */
	/* ref(item): appends what an item is called, nothing if there is none. */
	int (*ref)(void *ctx, int64_t item, struct str *out, struct fault *f);
	void *ctx;
};

/* Rows of a query: guard_query, guard_next until 0, guard_end (also after a failure). */
struct guard;
struct guard_rows {
	struct guard *guard;
};

/*
 * parameters are the members of a JSON object, for :name in the query; {NULL}: it has none.
 * The host is borrowed until guard_end. Faults of the query are FAULT_BAD, with the near miss.
 */
int guard_query(struct db *db, const struct guard_host *host, struct guard_rows *rows,
    const char *sql, struct jtext parameters, struct fault *f);

int guard_next(struct guard_rows *rows, struct fault *f);
void guard_end(struct guard_rows *rows);

/* Lets the rows take so long from now on, instead of GUARD_PATIENCE. */
void guard_patience(struct guard_rows *rows, int64_t ms);

int guard_columns(const struct guard_rows *rows);
const char *guard_column_name(const struct guard_rows *rows, int col);
enum guard_type guard_type(const struct guard_rows *rows, int col);
int64_t guard_int(const struct guard_rows *rows, int col);
double guard_double(const struct guard_rows *rows, int col);
/* Good until the next guard_next or guard_end; NULL for NULL. */
const char *guard_text(const struct guard_rows *rows, int col);

#endif
