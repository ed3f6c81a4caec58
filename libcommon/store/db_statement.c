/* SPDX-License-Identifier: Apache-2.0 */
/* Statements: prepared once, cached by the address of their text, bound, run, read. */
#include "store/db.h"

#include "base/mem.h"
#include "store/db_inside.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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
