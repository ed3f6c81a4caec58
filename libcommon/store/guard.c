/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/when.h"
#include "store/function.h"
#include "store/guard_rights.h"
#include "store/guard_views.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* How often the clock is looked at: instructions of SQLite's machine, some 20 us. */
#define STEPS_BETWEEN_LOOKS 1000

struct guard {
	sqlite3 *native;
	sqlite3_stmt *stmt;
	int64_t deadline, patience; /* boot clock, ms */
	int64_t heap_before;
	struct guard_rights rights;
};

static int
too_late(void *ctx)
{
	const struct guard *g = ctx;

	return when_boot() > g->deadline;
}

/* ---- faults ---- */

/* "no such table: itms": the views and what is near. */
static int
unknown_table(const char *words, struct fault *f)
{
	static const char start[] = "no such table: ";
	struct near near;
	char hint[NEAR_HINT];

	if (strncmp(words, start, sizeof(start) - 1) != 0)
		return 0;
	near = NEAR_INIT(words + sizeof(start) - 1);
	for (const struct guard_view *v = guard_views; v->name; v++)
		near_offer(&near, v->name);
	fault_set(f, FAULT_BAD, "query: no view %s%s", near.word, near_hint(&near, hint));
	return 1;
}

static int
guard_fault(struct guard *g, struct fault *f)
{
	const char *words = sqlite3_errmsg(g->native);
	char buf[24];

	switch (sqlite3_errcode(g->native)) {
	case SQLITE_INTERRUPT:
		return fault_set(f, FAULT_BAD, "query: takes longer than %s",
		    num_duration_text(g->patience, buf));
	case SQLITE_NOMEM:
		return fault_set(f, FAULT_BAD, "query: takes more than %d MiB of memory",
		    (int)(GUARD_MEMORY >> 20));
	case SQLITE_AUTH: return fault_set(f, FAULT_BAD, "query: %s", g->rights.denied);
	case SQLITE_BUSY: return fault_set(f, FAULT_BUSY, "the database is in use; try again");
	case SQLITE_CORRUPT:
	case SQLITE_IOERR:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN: return fault_set(f, FAULT_SYSTEM, "query: %s", words);
	default: return unknown_table(words, f) ? -1 : fault_set(f, FAULT_BAD, "query: %s", words);
	}
}

/* ---- opening ---- */

/* A database in memory belongs to its connection: what others can have is a copy. */
static int
open_copy(struct guard *g, struct db *db)
{
	sqlite3_int64 size;
	unsigned char *image = sqlite3_serialize(db_native(db), "main", &size, 0);
	int code = sqlite3_open_v2(":memory:", &g->native, SQLITE_OPEN_READWRITE, NULL);

	if (code != SQLITE_OK || !image) {
		sqlite3_free(image);
		return image ? code : SQLITE_NOMEM;
	}
	return sqlite3_deserialize(g->native, "main", image, size, size,
	    SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
}

static int
open_native(struct guard *g, struct db *db)
{
	const char *file = sqlite3_db_filename(db_native(db), "main");

	if (!file || !*file)
		return open_copy(g, db);
	return sqlite3_open_v2(file, &g->native, SQLITE_OPEN_READONLY, NULL);
}

static void
project_id(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const int64_t *project = sqlite3_user_data(context);

	(void)argc;
	(void)argv;
	sqlite3_result_int64(context, *project);
}

static int
add_functions(struct guard *g, int64_t project)
{
	int64_t *held = mem_zero(1, sizeof(*held));
	int code = function_register(g->native);

	*held = project;
	if (code == SQLITE_OK)
		return sqlite3_create_function_v2(g->native, "project", 0,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, held, project_id, NULL,
		    NULL, free);
	free(held);
	return code;
}

static int
note_table(void *ctx, int n, char **values, char **names)
{
	(void)n;
	(void)names;
	words_add(ctx, values[0]);
	return 0;
}

static int
add_views(struct guard *g)
{
	int code = SQLITE_OK;

	for (const struct guard_view *v = guard_views; v->name && code == SQLITE_OK; v++) {
		char *sql = mem_printf("CREATE TEMP VIEW %s%s AS %s;"
				       "CREATE TEMP VIEW %s AS SELECT * FROM %s%s",
		    g->rights.secret, v->name, v->sql, v->name, g->rights.secret, v->name);

		code = sqlite3_exec(g->native, sql, NULL, NULL, NULL);
		free(sql);
	}
	return code;
}

static void
lock(struct guard *g)
{
	static const struct {
		int id, value;
	} limits[] = {
	    {SQLITE_LIMIT_LENGTH, GUARD_LONGEST_VALUE},
	    {SQLITE_LIMIT_SQL_LENGTH, GUARD_LONGEST_SQL},
	    {SQLITE_LIMIT_EXPR_DEPTH, 100},
	    {SQLITE_LIMIT_COMPOUND_SELECT, 20},
	    {SQLITE_LIMIT_VDBE_OP, 100000},
	    {SQLITE_LIMIT_COLUMN, 200},
	    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
	    {SQLITE_LIMIT_VARIABLE_NUMBER, 0},
	    {SQLITE_LIMIT_ATTACHED, 0},
	    {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
	    {SQLITE_LIMIT_WORKER_THREADS, 0},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		sqlite3_limit(g->native, limits[i].id, limits[i].value);
	sqlite3_set_authorizer(g->native, guard_authorize, &g->rights);
	sqlite3_progress_handler(g->native, STEPS_BETWEEN_LOOKS, too_late, g);
	g->patience = GUARD_PATIENCE;
	g->deadline = when_boot() + g->patience;
	/* The limit is the whole process's, so it is put back when the rows end. */
	g->heap_before = sqlite3_hard_heap_limit64(sqlite3_memory_used() + GUARD_MEMORY);
}

static int
prepare_connection(struct guard *g, int64_t project)
{
	/*
	 * json_each declares its table when it is first used, and that counts as an update: it is
	 * used here once, before the authorizer is asked.
	 */
	static const char first[] = "PRAGMA cell_size_check = ON;"
				    "SELECT count(*) FROM json_each('[]'), json_tree('[]')";
	static const char tables[] = "SELECT name FROM sqlite_schema WHERE type = 'table' UNION ALL"
				     " SELECT 'sqlite_schema' UNION ALL SELECT 'sqlite_master'";
	static const char last[] = "PRAGMA query_only = ON";
	int code = guard_rights_init(&g->rights) == 0 ? add_functions(g, project) : SQLITE_IOERR;

	sqlite3_busy_timeout(g->native, 5000);
	sqlite3_db_config(g->native, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* The schema stays trusted: SQLite 3.40 takes json_valid() in its checks for unsafe. */
	sqlite3_db_config(g->native, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* "text" in double quotes is a name, as the standard has it, and a mistyped one an error.
	 */
	sqlite3_db_config(g->native, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(g->native, first, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(g->native, tables, note_table, &g->rights.tables, NULL);
	if (code == SQLITE_OK)
		code = add_views(g);
	if (code == SQLITE_OK)
		code = sqlite3_exec(g->native, last, NULL, NULL, NULL);
	return code;
}

/* ---- asking ---- */

/* Only white space, semicolons and comments may follow: what SQLite makes nothing of. */
static int
is_end(struct guard *g, const char *rest)
{
	sqlite3_stmt *second = NULL;
	int nothing = 1;

	while (*rest && nothing) {
		nothing =
		    sqlite3_prepare_v2(g->native, rest, -1, &second, &rest) == SQLITE_OK && !second;
		sqlite3_finalize(second);
	}
	return nothing;
}

static int
prepare(struct guard *g, const char *sql, struct fault *f)
{
	const char *rest;

	if (strlen(sql) > GUARD_LONGEST_SQL)
		return fault_set(f, FAULT_BAD, "query: longer than 64 KiB");
	if (sqlite3_prepare_v2(g->native, sql, -1, &g->stmt, &rest) != SQLITE_OK)
		return guard_fault(g, f);
	if (!g->stmt)
		return fault_set(f, FAULT_BAD, "query: empty");
	if (!is_end(g, rest))
		return fault_set(f, FAULT_BAD, "query: more than one statement");
	if (!sqlite3_stmt_readonly(g->stmt) || sqlite3_stmt_isexplain(g->stmt) ||
	    !sqlite3_column_count(g->stmt))
		return fault_set(f, FAULT_BAD, "query: only SELECT");
	return 0;
}

int
guard_query(
    struct db *db, int64_t project, struct guard_rows *rows, const char *sql, struct fault *f)
{
	struct guard *g = rows->guard = mem_zero(1, sizeof(*g));

	if (open_native(g, db) != SQLITE_OK || prepare_connection(g, project) != SQLITE_OK)
		return fault_set(f, FAULT_SYSTEM, "%s: %s", db_path(db), sqlite3_errmsg(g->native));
	lock(g);
	return prepare(g, sql, f);
}

void
guard_patience(struct guard_rows *rows, int64_t ms)
{
	rows->guard->patience = ms;
	rows->guard->deadline = when_boot() + ms;
}

int
guard_next(struct guard_rows *rows, struct fault *f)
{
	switch (sqlite3_step(rows->guard->stmt)) {
	case SQLITE_ROW: return 1;
	case SQLITE_DONE: return 0;
	default: return guard_fault(rows->guard, f);
	}
}

void
guard_end(struct guard_rows *rows)
{
	struct guard *g = rows->guard;

	if (!g)
		return;
	sqlite3_finalize(g->stmt);
	sqlite3_close(g->native);
	if (g->deadline)
		sqlite3_hard_heap_limit64(g->heap_before);
	guard_rights_done(&g->rights);
	free(g);
	rows->guard = NULL;
}

/* ---- a row ---- */

int
guard_columns(const struct guard_rows *rows)
{
	return sqlite3_column_count(rows->guard->stmt);
}

const char *
guard_column_name(const struct guard_rows *rows, int col)
{
	return sqlite3_column_name(rows->guard->stmt, col);
}

enum guard_type
guard_type(const struct guard_rows *rows, int col)
{
	switch (sqlite3_column_type(rows->guard->stmt, col)) {
	case SQLITE_NULL: return GUARD_NULL;
	case SQLITE_INTEGER: return GUARD_INT;
	case SQLITE_FLOAT: return GUARD_REAL;
	default: return GUARD_TEXT;
	}
}

int64_t
guard_int(const struct guard_rows *rows, int col)
{
	return sqlite3_column_int64(rows->guard->stmt, col);
}

double
guard_double(const struct guard_rows *rows, int col)
{
	return sqlite3_column_double(rows->guard->stmt, col);
}

const char *
guard_text(const struct guard_rows *rows, int col)
{
	return (const char *)sqlite3_column_text(rows->guard->stmt, col);
}
