/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"

#include "base/mem.h"
#include "base/report.h"
#include "store/db_inside.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- errors ---- */

static int
folder_access(const char *path, int mode)
{
	char *copy = mem_dup(path);
	int status = access(dirname(copy), mode);

	free(copy);
	return status;
}

/*
 * A file in WAL mode is read through a second file beside it, which the reader makes where
 * nobody else has: that takes a folder that can be written.
 */
static int
read_only(const struct db *db, struct fault *f)
{
	if (!db->writing)
		return fault_set(f, FAULT_SYSTEM,
		    "%s: its folder cannot be written, which reading takes too; copy the file to "
		    "one "
		    "that can",
		    db->path);
	return fault_set(f, FAULT_SYSTEM, "%s: cannot be written (read-only)", db->path);
}

/* Where it cannot make a file SQLite tries to read it, and says that there is none. */
static int
reason_of(const struct db *db)
{
	int reason = sqlite3_system_errno(db->native);

	if (reason == ENOENT && folder_access(db->path, W_OK) != 0)
		reason = errno;
	return reason;
}

int
db_fault(const struct db *db, struct fault *f, const char *sql)
{
	int code = sqlite3_errcode(db->native), extended = sqlite3_extended_errcode(db->native);
	const char *words = sqlite3_errmsg(db->native);

	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(
		    f, FAULT_BUSY, "%s: in use by another process; try again", db->path);
	case SQLITE_CONSTRAINT: return fault_set(f, FAULT_BAD, "%s", words);
	case SQLITE_FULL:
		return fault_set(
		    f, FAULT_SYSTEM, "%s: the disk is full; nothing was changed", db->path);
	case SQLITE_READONLY: return read_only(db, f);
	case SQLITE_NOTADB: return fault_set(f, FAULT_SYSTEM, "%s: not a database", db->path);
	case SQLITE_CORRUPT:
		return fault_set(
		    f, FAULT_SYSTEM, "%s: damaged (%s); see craton-inv fsck", db->path, words);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		errno = reason_of(db);
		return errno ? fault_errno(f, "%s", db->path)
			     : fault_set(f, FAULT_SYSTEM, "%s: %s", db->path, words);
	case SQLITE_NOMEM: report_no_memory();
	default:
		return fault_set(f, FAULT_SYSTEM, "%s: %s (SQLite %d)%s%.120s", db->path, words,
		    extended, sql ? ": " : "", sql ? sql : "");
	}
}

/* ---- the handle ---- */

void
db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		sqlite3_finalize(db->statements[i].stmt);
	sqlite3_close(db->native);
	free(db->path);
	free(db);
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

void
db_patience(struct db *db, int ms)
{
	sqlite3_busy_timeout(db->native, ms);
}

void *
db_native(struct db *db)
{
	return db->native;
}

/* ---- transactions ---- */

static int
simple(struct db *db, const char *sql, struct fault *f)
{
	return db_run(db, f, sql, "") < 0 ? -1 : 0;
}

int
db_begin(struct db *db, struct fault *f)
{
	return simple(db, "BEGIN IMMEDIATE", f);
}

int
db_snapshot(struct db *db, struct fault *f)
{
	/* BEGIN alone takes no snapshot; the first read does. */
	int64_t n;

	if (db->held)
		return 0;
	if (simple(db, "BEGIN", f) < 0)
		return -1;
	return db_get_int(db, &n, f, "SELECT count(*) FROM source", "") < 0 ? -1 : 0;
}

int
db_hold(struct db *db, struct fault *f)
{
	if (simple(db, "PRAGMA temp_store = FILE", f) < 0 || db_snapshot(db, f) < 0)
		return -1;
	db->held = 1;
	return 0;
}

int
db_commit(struct db *db, struct fault *f)
{
	return simple(db, "COMMIT", f);
}

void
db_rollback(struct db *db)
{
	struct fault ignored; /* a rollback fails only where SQLite has rolled back already */

	if (db_in_transaction(db) && !db->held)
		simple(db, "ROLLBACK", &ignored);
}

int
db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->native);
}

int
db_save(struct db *db, struct fault *f)
{
	return simple(db, "SAVEPOINT item", f);
}

int
db_release(struct db *db, struct fault *f)
{
	return simple(db, "RELEASE SAVEPOINT item", f);
}

int
db_undo_to(struct db *db, struct fault *f)
{
	return simple(db, "ROLLBACK TO SAVEPOINT item", f) < 0 ? -1 : db_release(db, f);
}

/* ---- the file as a whole ---- */

int
db_check_file(
    struct db *db, void (*each)(const char *message, void *ctx), void *ctx, struct fault *f)
{
	struct db_rows rows;
	int more = db_query_once(db, &rows, f, "PRAGMA integrity_check(100)", "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (strcmp(db_text(&rows, 0), "ok") != 0)
			each(db_text(&rows, 0), ctx);
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

void
db_checkpoint(struct db *db, int all)
{
	sqlite3_wal_checkpoint_v2(db->native, NULL,
	    all ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}
