/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"
#include "store/guard.h"
#include "tap.h"

/* Runs a query to its end: the number of rows, or -1 with the fault. */
static int
ask(struct db *db, const char *sql, struct fault *f)
{
	struct guard_rows rows;
	int n = 0, more = guard_query(db, 1, &rows, sql, f);

	while (more >= 0 && (more = guard_next(&rows, f)) == 1)
		n++;
	guard_end(&rows);
	return more < 0 ? -1 : n;
}

static const char *const hostile[] = {
    "DELETE FROM item",
    "SELECT 1; DELETE FROM item",
    "SELECT id FROM items WHERE 1); DELETE FROM item; --",
    "INSERT INTO items VALUES (1)",
    "UPDATE item SET name = 'x'",
    "DROP VIEW items",
    "CREATE TABLE t (x)",
    "ATTACH 'x.db' AS x",
    "VACUUM INTO 'x.db'",
    "PRAGMA user_version",
    "PRAGMA writable_schema = 1",
    "SELECT * FROM pragma_table_info('item')",
    "SELECT * FROM sqlite_schema",
    "SELECT * FROM sqlite_temp_schema",
    "SELECT * FROM item",
    "SELECT * FROM main.item",
    "SELECT hash FROM txn",
    "SELECT load_extension('x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('x', 'y')",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
    "SELECT printf('%.900000000c', 'x')",
    "SELECT format('%.900000000c', 'x')",
    "SELECT replace(hex(zeroblob(100000)), '0', hex(zeroblob(100000)))",
    "SELECT quote(zeroblob(100000000))",
    "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r",
    "EXPLAIN SELECT 1",
    "BEGIN",
    "SAVEPOINT x",
    "SELECT $1",
    "REINDEX",
    "ANALYZE",
    "",
    "   -- nothing",
    "SELECT nothing FROM items",
    "SELEC 1",
};

int
main(void)
{
	struct db *db = NULL;
	struct fault f;
	int64_t n = 0;

	ok(db_open_memory(&db, &f) == 0, "a database in memory opens");
	ok(db_run(db, &f,
	       "INSERT INTO item (id, project, kind, class, scope, slot, name, created, updated)"
	       " VALUES (1, 1, 'project', 'project', 0, 'p', 'p', 1, 1),"
	       " (2, 1, 'host', 'device', 0, 'h1', 'h1', 1, 1), (3, 9, 'host', 'device', 0, 'h2', "
	       "'h2', 1, 1)",
	       "") == 3,
	    "three items, one of another project");
	ok(db_run(db, &f,
	       "INSERT INTO source (id, name, rank) VALUES (2, 'netbox', 50), (3, 'cmdb', 60)",
	       "") == 2,
	    "two more sources");
	ok(db_run(db, &f,
	       "INSERT INTO document (id, attributes, variables) VALUES"
	       " (2 * 4096 + 2, '{}', '{\"ram_gb\":512}'), (2 * 4096 + 3, '{}', "
	       "'{\"ram_gb\":256}')",
	       "") == 2,
	    "two layers that contradict each other");

	is_int(ask(db, "SELECT name FROM items WHERE kind = 'host'", &f), 1,
	    "a query sees its own project only");
	is_int(ask(db, "SELECT value FROM variables WHERE key = 'ram_gb' AND wins", &f), 1,
	    "one source wins");
	is_int(ask(db,
		   "SELECT item, key, group_concat(source || '=' || value) FROM variables"
		   " GROUP BY item, key HAVING count(DISTINCT value) > 1",
		   &f),
	    1, "contradictions can be asked for");
	is_int(ask(db, "WITH h AS (SELECT id FROM items) SELECT count(*) FROM h", &f), 1,
	    "a common table expression is no attack");
	is_int(ask(db, "SELECT 1;  -- done", &f), 1, "a semicolon and a comment may end it");

	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		f = (struct fault){0};
		ok(ask(db, hostile[i], &f) == -1 && f.kind == FAULT_BAD, "refused: %s", hostile[i]);
	}
	ok(db_get_int(db, &n, &f, "SELECT count(*) FROM item", "") == 1 && n == 3,
	    "the database is as it was, and its own statements are free again");
	ok(db_run(db, &f, "DELETE FROM document", "") == 2, "and can write");
	db_close(db);
	return tap_end();
}
