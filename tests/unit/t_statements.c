/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every SQL statement of the sources, prepared on a fresh database: no typing mistake waits
 * for the night when its branch is taken. The script "statements" gathers them. Those marked
 * hot in their source must find their rows by an index; all must be of the dialect that a
 * second store accepts too.
 */
#include "base/mem.h"
#include "store/db.h"
#include "tap.h"

#include <ctype.h>

static const struct statement {
	const char *file;
	int line, hot;
	const char *sql;
} statements[] = {
#include "statements.h"
};

#define N (sizeof(statements) / sizeof(*statements))

static struct db *db;
static struct fault f;

/* Prefixes that mean a statement is about this store as such. */
static int
is_own(const char *sql)
{
	return !strncmp(sql, "PRAGMA", 6) || !strncmp(sql, "VACUUM", 6);
}

/* The plan: 0 if it could be made; scan is set to the step that walks a whole table. */
static int
explain(const struct statement *s, char scan[200])
{
	char *sql = mem_printf("EXPLAIN QUERY PLAN %s", s->sql);
	struct db_rows rows;
	int more = db_query_once(db, &rows, &f, sql, "");

	*scan = '\0';
	while (more >= 0 && (more = db_next(&rows, &f)) == 1) {
		const char *step = db_text(&rows, 3);

		if (!strncmp(step, "SCAN ", 5) && strcmp(step, "SCAN CONSTANT ROW") != 0)
			snprintf(scan, 200, "%s", step);
	}
	db_end(&rows);
	free(sql);
	return more;
}

static void
prepare_all(void)
{
	size_t bad = 0, hot = 0, slow = 0;
	char scan[200];

	/* Tables that live for one command are there before what asks them is prepared. */
	for (size_t i = 0; i < N; i++)
		if (!strncmp(statements[i].sql, "CREATE TEMPORARY", 16) &&
		    db_run(db, &f, statements[i].sql, "") < 0)
			tap_bail(f.text);
	for (size_t i = 0; i < N; i++) {
		const struct statement *s = &statements[i];

		if (explain(s, scan) < 0) {
			printf("# %s:%d: %s\n", s->file, s->line, f.text);
			bad++;
		}
		hot += s->hot != 0;
		if (s->hot && *scan) {
			printf("# %s:%d: %s\n", s->file, s->line, scan);
			slow++;
		}
	}
	ok(N > 200, "the sources have %zu statements", N);
	is_int(bad, 0, "all of them can be prepared");
	ok(hot > 20, "%zu of them are hot", hot);
	is_int(slow, 0, "and walk no table");
}

/* Asked before the labels of any item are told: it may not walk all labels to find few rules. */
static void
rules_by_index(void)
{
	size_t asked = 0, found = 0;

	for (size_t i = 0; i < N; i++) {
		struct db_rows rows;
		char *sql;
		int more;

		if (!strstr(statements[i].sql, "class = 'label' AND more IS NOT NULL"))
			continue;
		asked++;
		sql = mem_printf("EXPLAIN QUERY PLAN %s", statements[i].sql);
		more = db_query_once(db, &rows, &f, sql, "");
		while (more >= 0 && (more = db_next(&rows, &f)) == 1)
			found += strstr(db_text(&rows, 3), "item_label_more") != NULL;
		db_end(&rows);
		free(sql);
	}
	is_int(asked, 1, "the rules of labels are asked for in one place");
	is_int(found, 1, "by the index of labels that have one");
}

/* ---- the dialect ---- */

/* A placeholder is $N; all from $1 up to the highest are used, as db_run binds them. */
static int
places_ok(const char *sql)
{
	unsigned used = 0;

	for (const char *p = sql; *p; p++) {
		if (*p == '\'')
			p = strchr(p + 1, '\'');
		else if (*p == '?' || *p == ':' || (*p == '$' && !isdigit((unsigned char)p[1])))
			return 0;
		else if (*p == '$')
			used |= 1u << strtol(p + 1, NULL, 10);
	}
	return ((used | 1) & ((used | 1) + 1)) == 0;
}

/* What PostgreSQL has not, or reads otherwise; with what there is instead. */
static const char *const foreign[][2] = {
    {" IS $", "IS NOT DISTINCT FROM"},
    {" IS NOT $", "IS DISTINCT FROM"},
    {"INSERT OR ", "ON CONFLICT"},
    {"REPLACE INTO", "ON CONFLICT"},
    {"rowid", "a column of one's own"},
    {"json_", "JSON built in C"},
    {"->", "JSON read in C"},
    {"ifnull(", "coalesce"},
    {"iif(", "CASE"},
    {" LIKE ", "a range"},
    {" GLOB ", "a range"},
    {"group_concat", "rows"},
    {"strftime", "milliseconds"},
    {"datetime(", "milliseconds"},
    {"INDEXED BY", "an index that is found"},
};

static void
dialect(void)
{
	size_t misplaced = 0, words = 0;

	for (size_t i = 0; i < N; i++) {
		const struct statement *s = &statements[i];

		if (is_own(s->sql))
			continue;
		if (!places_ok(s->sql)) {
			printf("# %s:%d: placeholders\n", s->file, s->line);
			misplaced++;
		}
		for (size_t n = 0; n < sizeof(foreign) / sizeof(*foreign); n++)
			if (strstr(s->sql, foreign[n][0])) {
				printf("# %s:%d: \"%s\": %s\n", s->file, s->line, foreign[n][0],
				    foreign[n][1]);
				words++;
			}
	}
	is_int(misplaced, 0, "placeholders are $1, $2, ... without a gap");
	is_int(words, 0, "no statement has a word that only SQLite knows");
	ok(!places_ok("a = $2") && !places_ok("a = ?") && places_ok("a = '?' AND $2 > $1"),
	    "which this test can tell");
}

int
main(void)
{
	if (db_open_memory(&db, &f) < 0)
		tap_bail(f.text);
	prepare_all();
	rules_by_index();
	dialect();
	db_close(db);
	return tap_end();
}
