/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"

#include "base/mem.h"
#include "base/report.h"
#include "io/file.h"
#include "store/function.h"
#include "store/schema.h"

#include <errno.h>
#include <libgen.h>
#include <linux/magic.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

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
	struct statement statements[SLOTS];
};

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

static int
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

/* ---- statements ---- */

static void
note_places(struct statement *s)
{
	char name[4];

	memset(s->place, 0, sizeof(s->place));
	for (int n = 1; n <= MAX_ARGS; n++) {
		sqlite3_snprintf(sizeof(name), name, "$%d", n);
		s->place[n] = (signed char)sqlite3_bind_parameter_index(s->stmt, name);
	}
}

static int
prepare(struct db *db, struct statement *s, const char *sql, unsigned flags, struct fault *f)
{
	if (sqlite3_prepare_v3(db->native, sql, -1, flags, &s->stmt, NULL) != SQLITE_OK)
		return db_fault(db, f, sql);
	s->sql = sql;
	note_places(s);
	return 0;
}

static struct statement *
cached(struct db *db, const char *sql, struct fault *f)
{
	size_t i = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15u >> 56 & (SLOTS - 1);

	for (size_t tries = 0; tries < SLOTS; tries++, i = (i + 1) & (SLOTS - 1)) {
		struct statement *s = &db->statements[i];

		if (s->sql == sql && !s->busy)
			return s;
		if (!s->sql)
			return prepare(db, s, sql, SQLITE_PREPARE_PERSISTENT, f) < 0 ? NULL : s;
	}
	fault_set(f, FAULT_SYSTEM, "more than %d statements at once", SLOTS);
	return NULL;
}

static void
bind_one(sqlite3_stmt *stmt, int at, char type, va_list *ap)
{
	struct jtext piece;
	const void *blob;
	int64_t n;

	switch (type) {
	case 'i': sqlite3_bind_int64(stmt, at, va_arg(*ap, int64_t)); break;
	case 'r':
		n = va_arg(*ap, int64_t);
		if (n)
			sqlite3_bind_int64(stmt, at, n);
		else
			sqlite3_bind_null(stmt, at);
		break;
	case 'd': sqlite3_bind_double(stmt, at, va_arg(*ap, double)); break;
	case 's': sqlite3_bind_text(stmt, at, va_arg(*ap, const char *), -1, SQLITE_STATIC); break;
	case 'j':
		piece = va_arg(*ap, struct jtext);
		sqlite3_bind_text64(stmt, at, piece.text, piece.len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case 'b':
		blob = va_arg(*ap, const void *);
		sqlite3_bind_blob64(stmt, at, blob, va_arg(*ap, size_t), SQLITE_STATIC);
		break;
	default: abort();
	}
}

/* Arguments are borrowed until the statement is reset: callers keep them alive that long. */
static int
bind(struct db *db, const struct statement *s, const char *types, va_list *ap, struct fault *f)
{
	for (int n = 1; types[n - 1]; n++)
		bind_one(s->stmt, s->place[n], types[n - 1], ap);
	if (sqlite3_errcode(db->native) == SQLITE_TOOBIG)
		return fault_set(f, FAULT_BAD, "a value is too large for the database");
	return 0;
}

static void
finish(struct statement *s)
{
	sqlite3_reset(s->stmt);
	sqlite3_clear_bindings(s->stmt);
	s->busy = 0;
}

/* ---- opening ---- */

/* WAL shares memory through the file's folder: that works on no network file system. */
static int
on_network(const char *path)
{
	static const long kinds[] = {NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, 0xff534d42 /* cifs */,
	    0xfe534d42 /* smb2 */, CODA_SUPER_MAGIC, AFS_SUPER_MAGIC, AFS_FS_MAGIC,
	    CEPH_SUPER_MAGIC, 0x0bd00bd0 /* lustre */, 0x47504653 /* gpfs */};
	char *copy = mem_dup(path);
	struct statfs fs;
	int found = 0;

	if (statfs(dirname(copy), &fs) == 0)
		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			found |= (uint32_t)fs.f_type == (uint32_t)kinds[i];
	free(copy);
	return found;
}

static int
make_folder(const char *path, struct fault *f)
{
	char *copy = mem_dup(path);
	int status = file_make_dir(dirname(copy), f);

	free(copy);
	return status;
}

static int
pragmas(struct db *db, struct fault *f)
{
	static const char common[] =
	    "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;"
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = "
	    "67108864;";

	sqlite3_busy_timeout(db->native, PATIENCE);
	sqlite3_extended_result_codes(db->native, 0);
	if (sqlite3_exec(db->native, common, NULL, NULL, NULL) != SQLITE_OK)
		return db_fault(db, f, NULL);
	return function_register(db->native) == SQLITE_OK ? 0 : db_fault(db, f, NULL);
}

/* Only once the file is known to be ours, or new: another program's file stays as it is. */
static int
use_wal(struct db *db, struct fault *f)
{
	static const char sql[] = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;";

	return sqlite3_exec(db->native, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
									    : db_fault(db, f, sql);
}

/*
 * No tool has threads, so SQLite needs no locks against them: 8 % of an import was locks that
 * nobody contends for. Only before the first open; later calls are refused and change nothing.
 */
static void
use_one_thread(void)
{
	static int asked;

	if (!asked++)
		sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
}

static int
open_at(struct db **out, const char *path, const char *name, enum db_mode mode, int flags,
    struct fault *f)
{
	struct db *db = mem_zero(1, sizeof(*db));

	use_one_thread();
	db->path = mem_dup(path);
	db->writing = mode == DB_WRITE;
	if (sqlite3_open_v2(name, &db->native, flags, NULL) != SQLITE_OK) {
		db_fault(db, f, NULL);
		goto out;
	}
	if (pragmas(db, f) < 0 || schema_identify(db, f) < 0)
		goto out;
	if (mode != DB_READ && use_wal(db, f) < 0)
		goto out;
	if (schema_settle(db, mode != DB_READ, f) < 0)
		goto out;
	*out = db;
	return 0;
out:
	db_close(db);
	return -1;
}

static int
no_database(const char *path, struct fault *f)
{
	return fault_set(f, FAULT_SYSTEM,
	    "%s: no database yet; the first \"craton-inv add\" or \"import\" makes it", path);
}

/* A pipe would block, and a device is whatever it is: only files are opened. */
static int
look_at(const char *path, enum db_mode mode, struct fault *f)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno != ENOENT)
			return fault_errno(f, "%s", path);
		return mode == DB_WRITE ? make_folder(path, f) : no_database(path, f);
	}
	if (S_ISDIR(st.st_mode))
		errno = EISDIR;
	else if (!S_ISREG(st.st_mode))
		return fault_set(f, FAULT_SYSTEM, "%s: not a file", path);
	else if (st.st_size || mode == DB_WRITE)
		return 0;
	else
		return no_database(path, f);
	return fault_errno(f, "%s", path);
}

/*
 * A writer that was killed while it made the file has left what must be rolled back before
 * anybody can read, and a read-only connection cannot. 1: the file can be read now.
 */
static int
mend(const char *name)
{
	sqlite3 *native = NULL;
	int code = sqlite3_open_v2(name, &native, SQLITE_OPEN_READWRITE, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(native, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	sqlite3_close(native);
	return code == SQLITE_OK;
}

int
db_open(struct db **db, const char *path, enum db_mode mode, struct fault *f)
{
	static const int flags[] = {
	    [DB_READ] = SQLITE_OPEN_READONLY,
	    [DB_CHANGE] = SQLITE_OPEN_READWRITE,
	    [DB_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	char *name;
	int status;

	if (on_network(path))
		return fault_set(f, FAULT_SYSTEM,
		    "%s: on a network file system, where SQLite's WAL does not work; use a local "
		    "disk",
		    path);
	if (look_at(path, mode, f) < 0)
		return -1;
	/* To SQLite ":memory:" and "file:..." are no paths; what was written there would be lost.
	 */
	name = mem_printf("%s%s", *path == '/' ? "" : "./", path);
	status = open_at(db, path, name, mode, flags[mode], f);
	if (status < 0 && mode == DB_READ && f->kind == FAULT_SYSTEM && mend(name))
		status = open_at(db, path, name, mode, flags[mode], f);
	free(name);
	return status;
}

int
db_open_memory(struct db **db, struct fault *f)
{
	return open_at(
	    db, "memory", ":memory:", DB_WRITE, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, f);
}

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

	if (simple(db, "BEGIN", f) < 0)
		return -1;
	return db_get_int(db, &n, f, "SELECT count(*) FROM source", "") < 0 ? -1 : 0;
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

	if (db_in_transaction(db))
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

/* ---- running ---- */

static int64_t
run_bound(struct db *db, struct statement *s, struct fault *f)
{
	int code = sqlite3_step(s->stmt);

	if (code == SQLITE_DONE || code == SQLITE_ROW)
		return sqlite3_changes64(db->native);
	return db_fault(db, f, s->sql);
}

int64_t
db_run(struct db *db, struct fault *f, const char *sql, const char *types, ...)
{
	struct statement *s = cached(db, sql, f);
	int64_t changed = -1;
	va_list ap;

	if (!s)
		return -1;
	va_start(ap, types);
	if (bind(db, s, types, &ap, f) == 0)
		changed = run_bound(db, s, f);
	va_end(ap);
	finish(s);
	return changed;
}

static void
bind_arg(sqlite3_stmt *stmt, int at, char type, union db_arg arg)
{
	if (type == 'd')
		sqlite3_bind_double(stmt, at, arg.d);
	else if (type == 's')
		sqlite3_bind_text(stmt, at, arg.s, -1, SQLITE_STATIC);
	else if (type == 'i' || arg.i)
		sqlite3_bind_int64(stmt, at, arg.i);
	else
		sqlite3_bind_null(stmt, at);
}

int64_t
db_run_args(
    struct db *db, struct fault *f, const char *sql, const char *types, const union db_arg *args)
{
	struct statement *s = cached(db, sql, f);
	int64_t changed;

	if (!s)
		return -1;
	for (int n = 1; types[n - 1]; n++)
		bind_arg(s->stmt, s->place[n], types[n - 1], args[n - 1]);
	changed = run_bound(db, s, f);
	finish(s);
	return changed;
}

int64_t
db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->native);
}

static int
start_rows(struct db *db, struct db_rows *rows, struct statement *s, int keep, const char *types,
    va_list *ap, struct fault *f)
{
	*rows = (struct db_rows){.db = db, .statement = s, .cached = keep};
	s->busy = 1;
	return bind(db, s, types, ap, f);
}

int
db_query(
    struct db *db, struct db_rows *rows, struct fault *f, const char *sql, const char *types, ...)
{
	struct statement *s = cached(db, sql, f);
	va_list ap;
	int status;

	*rows = (struct db_rows){0};
	if (!s)
		return -1;
	va_start(ap, types);
	status = start_rows(db, rows, s, 1, types, &ap, f);
	va_end(ap);
	return status;
}

int
db_query_once(
    struct db *db, struct db_rows *rows, struct fault *f, const char *sql, const char *types, ...)
{
	struct statement *s = mem_zero(1, sizeof(*s));
	va_list ap;
	int status;

	*rows = (struct db_rows){0};
	if (prepare(db, s, sql, 0, f) < 0) {
		free(s);
		return -1;
	}
	va_start(ap, types);
	status = start_rows(db, rows, s, 0, types, &ap, f);
	va_end(ap);
	return status;
}

static sqlite3_stmt *
stmt_of(const struct db_rows *rows)
{
	return ((struct statement *)rows->statement)->stmt;
}

int
db_next(struct db_rows *rows, struct fault *f)
{
	switch (sqlite3_step(stmt_of(rows))) {
	case SQLITE_ROW: return 1;
	case SQLITE_DONE: return 0;
	default: return db_fault(rows->db, f, sqlite3_sql(stmt_of(rows)));
	}
}

void
db_end(struct db_rows *rows)
{
	struct statement *s = rows->statement;

	if (!s)
		return;
	if (rows->cached) {
		finish(s);
	} else {
		sqlite3_finalize(s->stmt);
		free(s);
	}
	rows->statement = NULL;
}

int
db_is_null(const struct db_rows *rows, int col)
{
	return sqlite3_column_type(stmt_of(rows), col) == SQLITE_NULL;
}

int64_t
db_int(const struct db_rows *rows, int col)
{
	return sqlite3_column_int64(stmt_of(rows), col);
}

double
db_double(const struct db_rows *rows, int col)
{
	return sqlite3_column_double(stmt_of(rows), col);
}

const char *
db_text(const struct db_rows *rows, int col)
{
	return (const char *)sqlite3_column_text(stmt_of(rows), col);
}

struct jtext
db_jtext(const struct db_rows *rows, int col)
{
	const char *text = db_text(rows, col);

	return (struct jtext){text, (size_t)sqlite3_column_bytes(stmt_of(rows), col)};
}

char *
db_text_dup(const struct db_rows *rows, int col)
{
	return mem_dup(db_text(rows, col));
}

int
db_columns(const struct db_rows *rows)
{
	return sqlite3_column_count(stmt_of(rows));
}

const char *
db_column_name(const struct db_rows *rows, int col)
{
	return sqlite3_column_name(stmt_of(rows), col);
}

#define GET(take)                                                                                  \
	struct statement *s = cached(db, sql, f);                                                  \
	struct db_rows rows = {0};                                                                 \
	va_list ap;                                                                                \
	int found = -1;                                                                            \
	if (!s)                                                                                    \
		return -1;                                                                         \
	va_start(ap, types);                                                                       \
	if (start_rows(db, &rows, s, 1, types, &ap, f) == 0)                                       \
		found = db_next(&rows, f);                                                         \
	va_end(ap);                                                                                \
	if (found == 1)                                                                            \
		*out = take(&rows, 0);                                                             \
	db_end(&rows);                                                                             \
	return found

int
db_get_int(struct db *db, int64_t *out, struct fault *f, const char *sql, const char *types, ...)
{
	GET(db_int);
}

int
db_get_text(struct db *db, char **out, struct fault *f, const char *sql, const char *types, ...)
{
	GET(db_text_dup);
}

int
db_get_ids(struct db *db, struct ids *out, struct fault *f, const char *sql, const char *types, ...)
{
	struct statement *s = cached(db, sql, f);
	struct db_rows rows = {0};
	va_list ap;
	int more;

	if (!s)
		return -1;
	va_start(ap, types);
	more = start_rows(db, &rows, s, 1, types, &ap, f);
	va_end(ap);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(out, db_int(&rows, 0));
	db_end(&rows);
	return more;
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

int
db_copy(struct db *db, const char *path, struct fault *f)
{
	return db_run(db, f, "VACUUM INTO $1", "s", path) < 0 ? -1 : 0;
}
