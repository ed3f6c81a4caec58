/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/when.h"
#include "store/function.h"
#include "store/guard_heap.h"
#include "store/guard_rights.h"
#include "store/guard_table.h"
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
	struct guard_heap heap;
	const struct guard_host *host;
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
unknown_table(const struct guard *g, const char *words, struct fault *f)
{
	static const char start[] = "no such table: ";
	struct near near;
	char hint[NEAR_HINT];

	if (strncmp(words, start, sizeof(start) - 1) != 0)
		return 0;
	near = NEAR_INIT(words + sizeof(start) - 1);
	for (size_t i = 0; i < g->rights.views.n; i++)
		near_offer(&near, g->rights.views.v[i]);
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
	default:
		return unknown_table(g, words, f) ? -1
						  : fault_set(f, FAULT_BAD, "query: %s", words);
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

static void
call_ref(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct guard *g = sqlite3_user_data(context);
	struct str out = STR_INIT;
	struct fault f;
	int status = 0;

	(void)argc;
	if (sqlite3_value_numeric_type(argv[0]) == SQLITE_INTEGER) {
		guard_heap_lift(&g->heap);
		status = g->host->ref(g->host->ctx, sqlite3_value_int64(argv[0]), &out, &f);
		guard_heap_lower(&g->heap);
	}
	if (status < 0)
		sqlite3_result_error(context, f.text, -1);
	else if (out.len)
		sqlite3_result_text(context, out.text, (int)out.len, SQLITE_TRANSIENT);
	str_done(&out);
}

static int
add_functions(struct guard *g, int64_t project)
{
	int64_t *held = mem_zero(1, sizeof(*held));
	int code = function_register(g->native);

	*held = project;
	if (code != SQLITE_OK) {
		free(held);
		return code;
	}
	code = sqlite3_create_function_v2(g->native, "project", 0,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, held, project_id, NULL, NULL,
	    free);
	if (code == SQLITE_OK)
		code = sqlite3_create_function_v2(g->native, "ref", 1,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, g, call_ref, NULL, NULL,
		    NULL);
	return code;
}

/* A table declares itself when it is first used, which counts as an update: used once here. */
static int
add_tables(struct guard *g)
{
	int code = SQLITE_OK;

	for (const struct guard_table *t = g->host->tables; t->name && code == SQLITE_OK; t++) {
		const struct guard_table_use use = {t, g->host->ctx, &g->heap, &g->deadline};
		char *sql = mem_printf("SELECT 1 FROM %s LIMIT 0", t->name);

		code = guard_table_add(g->native, &use);
		if (code == SQLITE_OK)
			code = sqlite3_exec(g->native, sql, NULL, NULL, NULL);
		words_add(&g->rights.views, t->name);
		free(sql);
	}
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
		words_add(&g->rights.views, v->name);
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
	    {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
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
	guard_heap_begin(&g->heap, GUARD_MEMORY);
}

static int
prepare_connection(struct guard *g)
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
	int code =
	    guard_rights_init(&g->rights) == 0 ? add_functions(g, g->host->project) : SQLITE_IOERR;

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
		code = add_tables(g);
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

/* ---- parameters ---- */

static int
bind_value(struct guard *g, int place, struct jtext value)
{
	struct guard_value v;
	int code = SQLITE_NOMEM;

	guard_value_of(value, &v);
	switch (v.type) {
	case GUARD_NULL: code = sqlite3_bind_null(g->stmt, place); break;
	case GUARD_INT: code = sqlite3_bind_int64(g->stmt, place, v.i); break;
	case GUARD_REAL: code = sqlite3_bind_double(g->stmt, place, v.d); break;
	case GUARD_TEXT:
		code = sqlite3_bind_text(g->stmt, place, v.text, -1, SQLITE_TRANSIENT);
		break;
	}
	free(v.text);
	return code;
}

/* A value that the query has no use for is a mistake, and so is a name without a value. */
static int
refuse_unused(struct guard *g, struct jtext parameters, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	while (parameters.text && jtext_each(parameters, &at, &key, &value)) {
		char *name = jtext_plain_dup(key), *written = mem_printf(":%s", name);
		int place = sqlite3_bind_parameter_index(g->stmt, written);

		free(written);
		if (!place)
			fault_set(f, FAULT_BAD, "query: has no :%s", name);
		free(name);
		if (!place)
			return -1;
	}
	return 0;
}

static int
bind(struct guard *g, struct jtext parameters, struct fault *f)
{
	int n = sqlite3_bind_parameter_count(g->stmt);

	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(g->stmt, i);
		struct jtext value = {0};

		if (!name || *name != ':')
			return fault_set(f, FAULT_BAD, "query: a value is asked for as :name");
		if (parameters.text)
			value = jtext_member(parameters, name + 1);
		if (!value.text)
			return fault_set(f, FAULT_BAD, "query: %s has no value", name);
		if (bind_value(g, i, value) != SQLITE_OK)
			return guard_fault(g, f);
	}
	return refuse_unused(g, parameters, f);
}

int
guard_query(struct db *db, const struct guard_host *host, struct guard_rows *rows, const char *sql,
    struct jtext parameters, struct fault *f)
{
	struct guard *g = rows->guard = mem_zero(1, sizeof(*g));

	g->host = host;
	if (open_native(g, db) != SQLITE_OK || prepare_connection(g) != SQLITE_OK)
		return fault_set(f, FAULT_SYSTEM, "%s: %s", db_path(db), sqlite3_errmsg(g->native));
	lock(g);
	return prepare(g, sql, f) < 0 ? -1 : bind(g, parameters, f);
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
	guard_heap_end(&g->heap);
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
