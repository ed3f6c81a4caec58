/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard.h"

#include "base/mem.h"
#include "base/when.h"
#include "store/db.h"
#include "store/guard_views.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what is allowed ---- */

/* Functions that can neither make a large value from a small one nor reach outside. */
static const char *const functions[] = {"abs", "avg", "coalesce", "count", "date", "datetime",
    "dense_rank", "first_value", "glob", "group_concat", "ifnull", "iif", "instr", "json_array",
    "json_array_length", "json_extract", "json_group_array", "json_object", "json_type",
    "json_valid", "julianday", "lag", "last_value", "lead", "length", "like", "lower", "ltrim",
    "max", "min", "nth_value", "ntile", "nullif", "rank", "round", "row_number", "rtrim",
    "strftime", "substr", "sum", "time", "total", "trim", "typeof", "unixepoch", "upper", "->",
    "->>", NULL};

static int
listed(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcasecmp(*list, name) == 0)
			return 1;
	return 0;
}

/*
 * A column may be read of a view, and of a table by a view: SQLite names the innermost view
 * as by. Common table expressions and subqueries have no database. A column without a name
 * means that none is read: of a table so named nothing can be learnt but how many rows it has.
 */
static int
authorize(
    void *ctx, int action, const char *what, const char *column, const char *in, const char *by)
{
	(void)ctx;
	switch (action) {
	case SQLITE_SELECT: return SQLITE_OK;
	case SQLITE_FUNCTION: return listed(column, functions) ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_READ:
		if ((by && listed(by, guard_view_names)) || listed(what, guard_view_names) || !in ||
		    !*column || strcasecmp(what, "json_each") == 0 ||
		    strcasecmp(what, "json_tree") == 0)
			return SQLITE_OK;
		return SQLITE_DENY;
	default: return SQLITE_DENY;
	}
}

static const struct limit {
	int id, value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, 16 << 20},
    {SQLITE_LIMIT_SQL_LENGTH, 64 << 10},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 20},
    {SQLITE_LIMIT_FUNCTION_ARG, 20},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 0},
};

#define NLIMITS (sizeof(limits) / sizeof(*limits))

/* How many steps of SQLite's machine between two looks at the clock: some 100 us. */
#define STEPS 1000

static int
too_late(void *arg)
{
	const struct guard_rows *rows = arg;

	return when_boot() > rows->deadline;
}

static void
relax(sqlite3 *native)
{
	static const int usual = 1 << 30; /* SQLite takes its own upper bound */

	sqlite3_set_authorizer(native, NULL, NULL);
	sqlite3_progress_handler(native, 0, NULL, NULL);
	for (size_t i = 0; i < NLIMITS; i++)
		sqlite3_limit(native, limits[i].id, usual);
}

static void
restrain(sqlite3 *native, struct guard_rows *rows)
{
	for (size_t i = 0; i < NLIMITS; i++)
		sqlite3_limit(native, limits[i].id, limits[i].value);
	sqlite3_progress_handler(native, STEPS, too_late, rows);
	sqlite3_set_authorizer(native, authorize, NULL);
	rows->guarded = 1;
}

/* ---- the query ---- */

/*
 * json_each declares its table at its first use, which an authorizer would take for a change
 * of the schema; so it is used once before.
 */
static const char sql_warm[] = "SELECT count(*) FROM json_each('[]'), json_tree('[]')";

static int
make_views(sqlite3 *native, int64_t project, struct fault *f)
{
	char *error = NULL;
	int code = sqlite3_exec(native, sql_warm, NULL, NULL, NULL);

	for (size_t i = 0; guard_views[i] && code == SQLITE_OK; i++) {
		char *sql = sqlite3_mprintf(guard_views[i], project);

		code = sqlite3_exec(native, sql, NULL, NULL, &error);
		sqlite3_free(sql);
	}
	if (code != SQLITE_OK)
		fault_set(f, FAULT_SYSTEM, "views: %s", error ? error : sqlite3_errmsg(native));
	sqlite3_free(error);
	return code == SQLITE_OK ? 0 : -1;
}

static int
refuse(sqlite3 *native, const struct guard_rows *rows, struct fault *f)
{
	switch (sqlite3_errcode(native)) {
	case SQLITE_INTERRUPT:
		return fault_set(f, FAULT_BAD, "query: stopped after %d s", GUARD_DEADLINE / 1000);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(
		    f, FAULT_BUSY, "%s: in use by another process; try again", db_path(rows->db));
	default: return fault_set(f, FAULT_BAD, "query: %s", sqlite3_errmsg(native));
	}
}

/* Only white space, semicolons and comments may follow. */
static int
is_end(sqlite3 *native, const char *rest)
{
	sqlite3_stmt *second = NULL;
	int code = sqlite3_prepare_v2(native, rest, -1, &second, NULL);
	int none = code == SQLITE_OK && !second;

	sqlite3_finalize(second);
	return none;
}

int
guard_query(
    struct db *db, int64_t project, struct guard_rows *rows, const char *sql, struct fault *f)
{
	sqlite3 *native = db_native(db);
	const char *rest = NULL;
	sqlite3_stmt *stmt = NULL;

	*rows = (struct guard_rows){.db = db, .deadline = when_boot() + GUARD_DEADLINE};
	if (make_views(native, project, f) < 0)
		return -1;
	restrain(native, rows);
	if (sqlite3_prepare_v2(native, sql, -1, &stmt, &rest) != SQLITE_OK)
		return refuse(native, rows, f);
	rows->statement = stmt;
	if (!stmt)
		return fault_set(f, FAULT_BAD, "query: empty");
	if (!is_end(native, rest))
		return fault_set(f, FAULT_BAD, "query: more than one statement");
	if (!sqlite3_stmt_readonly(stmt) || sqlite3_stmt_isexplain(stmt))
		return fault_set(f, FAULT_BAD, "query: only SELECT is allowed");
	return 0;
}

int
guard_next(struct guard_rows *rows, struct fault *f)
{
	switch (sqlite3_step(rows->statement)) {
	case SQLITE_ROW: return 1;
	case SQLITE_DONE: return 0;
	default: return refuse(db_native(rows->db), rows, f);
	}
}

void
guard_end(struct guard_rows *rows)
{
	sqlite3_finalize(rows->statement);
	if (rows->guarded)
		relax(db_native(rows->db));
	*rows = (struct guard_rows){0};
}

int
guard_columns(const struct guard_rows *rows)
{
	return sqlite3_column_count(rows->statement);
}

const char *
guard_column_name(const struct guard_rows *rows, int col)
{
	return sqlite3_column_name(rows->statement, col);
}

enum guard_type
guard_type(const struct guard_rows *rows, int col)
{
	switch (sqlite3_column_type(rows->statement, col)) {
	case SQLITE_INTEGER: return GUARD_INT;
	case SQLITE_FLOAT: return GUARD_REAL;
	case SQLITE_NULL: return GUARD_NULL;
	default: return GUARD_TEXT;
	}
}

int64_t
guard_int(const struct guard_rows *rows, int col)
{
	return sqlite3_column_int64(rows->statement, col);
}

double
guard_double(const struct guard_rows *rows, int col)
{
	return sqlite3_column_double(rows->statement, col);
}

const char *
guard_text(const struct guard_rows *rows, int col)
{
	return (const char *)sqlite3_column_text(rows->statement, col);
}
