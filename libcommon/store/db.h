/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database: one SQLite file in WAL mode, and the thinnest layer over it that a second
 * store (PostgreSQL) could stand behind as well.
 *
 * Statements are string constants beside the C that owns the table. They are prepared on
 * first use and cached by the address of their text, so a statement is never built at run
 * time unless it says so (db_rows_once). Placeholders are $1, $2, ...; the dialect is the one
 * that both stores accept. Arguments are described by a string of types:
 *
 *	i int64_t    r int64_t, 0 is NULL    d double    s const char *, NULL is NULL
 *	j struct jtext (a piece of text)     b const void *, size_t (a blob)
 *
 * Errors: FAULT_BUSY when another process holds the file for longer than the patience set;
 * FAULT_SYSTEM otherwise, with the file's name. A violated UNIQUE or CHECK is FAULT_BAD.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/fault.h"
#include "base/vec.h"
#include "io/jtext.h"

#include <stdint.h>

struct db;

enum db_mode {
	DB_READ,   /* the file must exist; never migrated */
	DB_CHANGE, /* the file must exist; migrated to the last schema */
	DB_WRITE,  /* made, with its folder, if it is not there; migrated */
};

/* Refuses by name: no database, another application's, a newer schema, a network file system. */
int db_open(struct db **db, const char *path, enum db_mode mode, struct fault *f);
void db_close(struct db *db);

/* An empty database in memory with the present schema: for tests and for evaluation. */
int db_open_memory(struct db **db, struct fault *f);

const char *db_path(const struct db *db);

/* How long a statement waits for another process, in ms. 5,000 when opened. */
void db_patience(struct db *db, int ms);

/*
 * Transactions. db_begin is BEGIN IMMEDIATE: never across a read of stdin. db_snapshot is a
 * read transaction: all that follows sees one state of the file, until db_rollback.
 */
int db_begin(struct db *db, struct fault *f);
int db_snapshot(struct db *db, struct fault *f);

/*
 * A snapshot for the rest of the connection's life: it can then only read. db_snapshot and
 * db_rollback leave it as it is, and temporary tables made under it stay. They may be large,
 * so they go to a file.
 */
int db_hold(struct db *db, struct fault *f);

int db_commit(struct db *db, struct fault *f);
void db_rollback(struct db *db);
int db_in_transaction(const struct db *db);

/* A savepoint around one item of many: db_undo_to it and the others stand. */
int db_save(struct db *db, struct fault *f);
int db_release(struct db *db, struct fault *f);
int db_undo_to(struct db *db, struct fault *f);

/* Runs a statement that gives no rows. Returns the number of rows changed, or -1. */
int64_t db_run(struct db *db, struct fault *f, const char *sql, const char *types, ...);

/*
 * The same with its arguments in an array, for writes that were put off: types i r d s only.
 */
union db_arg {
	int64_t i;
	double d;
	const char *s;
};
int64_t db_run_args(
    struct db *db, struct fault *f, const char *sql, const char *types, const union db_arg *args);

/* The id that the last INSERT made. */
int64_t db_last_id(const struct db *db);

/* Rows of a statement: db_query, then db_next until 0, then db_end (also after a failure). */
struct db_rows {
	struct db *db;
	void *statement;
	int cached;
};

int db_query(
    struct db *db, struct db_rows *rows, struct fault *f, const char *sql, const char *types, ...);

/* The same for a text made at run time, by expr and query: prepared, used, thrown away. */
int db_query_once(
    struct db *db, struct db_rows *rows, struct fault *f, const char *sql, const char *types, ...);

int db_next(struct db_rows *rows, struct fault *f);
void db_end(struct db_rows *rows);

int db_is_null(const struct db_rows *rows, int col);
int64_t db_int(const struct db_rows *rows, int col);
double db_double(const struct db_rows *rows, int col);
/* Good until the next db_next or db_end; NULL for NULL. */
const char *db_text(const struct db_rows *rows, int col);
struct jtext db_jtext(const struct db_rows *rows, int col);
char *db_text_dup(const struct db_rows *rows, int col);
int db_columns(const struct db_rows *rows);
const char *db_column_name(const struct db_rows *rows, int col);

/* One value: the first column of the first row. 1 found, 0 no row, -1. */
int db_get_int(
    struct db *db, int64_t *out, struct fault *f, const char *sql, const char *types, ...);
int db_get_text(
    struct db *db, char **out, struct fault *f, const char *sql, const char *types, ...);

/* Appends the first column of every row. 0 or -1. */
int db_get_ids(
    struct db *db, struct ids *out, struct fault *f, const char *sql, const char *types, ...);

/*
 * SQLite's own check of the file: calls each(message) for every fault found; 0 or -1.
 */
int db_check_file(
    struct db *db, void (*each)(const char *message, void *ctx), void *ctx, struct fault *f);

/* Moves the WAL into the file: PASSIVE when idle, TRUNCATE (all of it) at the end of a run. */
void db_checkpoint(struct db *db, int all);

/*
 * A consistent copy while others write, as one file that is not in WAL mode. It is written
 * beside path, checked, synced and only then given its name: FAULT_BAD if path is there.
 */
int db_copy(struct db *db, const char *path, struct fault *f);

/* The sqlite3 * underneath: for the other modules of store only. */
void *db_native(struct db *db);

#endif
