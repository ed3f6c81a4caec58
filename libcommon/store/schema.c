/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"

#include "store/db.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

static int
pragma_int(struct db *db, const char *sql, int64_t *out, struct fault *f)
{
	struct db_rows rows;
	int more = db_query_once(db, &rows, f, sql, "");

	if (more == 0 && (more = db_next(&rows, f)) == 1)
		*out = db_int(&rows, 0);
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

static int
last_step(void)
{
	int last = 0;

	for (const struct schema_step *s = schema_steps; s->number; s++)
		last = s->number;
	return last;
}

/* Version and application id, and whether the file is ours. A new file has both 0. */
static int
identify(struct db *db, int64_t *version, struct fault *f)
{
	int64_t application = 0, tables = 0;

	*version = 0;
	if (pragma_int(db, "PRAGMA application_id", &application, f) < 0 ||
	    pragma_int(db, "PRAGMA user_version", version, f) < 0 ||
	    pragma_int(db, "SELECT count(*) FROM sqlite_schema", &tables, f) < 0)
		return -1;
	if (application != SCHEMA_APPLICATION_ID && (application || *version || tables))
		return fault_set(f, FAULT_SYSTEM, "%s: a database, but not Craton's", db_path(db));
	if (*version > last_step())
		return fault_set(f, FAULT_SYSTEM,
		    "%s: written by a newer Craton (schema %" PRId64 "; this one knows up to %d)",
		    db_path(db), *version, last_step());
	return 0;
}

static int
apply(struct db *db, const struct schema_step *step, struct fault *f)
{
	char set[96];

	snprintf(set, sizeof(set), "PRAGMA user_version = %d; PRAGMA application_id = %d;",
	    step->number, SCHEMA_APPLICATION_ID);
	if (sqlite3_exec(db_native(db), step->sql, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(db_native(db), set, NULL, NULL, NULL) != SQLITE_OK)
		return fault_set(f, FAULT_SYSTEM, "%s: schema step %s: %s", db_path(db), step->name,
		    sqlite3_errmsg(db_native(db)));
	return 0;
}

int
schema_identify(struct db *db, struct fault *f)
{
	int64_t version;

	return identify(db, &version, f);
}

int
schema_settle(struct db *db, int write, struct fault *f)
{
	int64_t version = 0;

	if (identify(db, &version, f) < 0)
		return -1;
	if (version == last_step())
		return 0;
	if (!write)
		return fault_set(f, FAULT_SYSTEM,
		    "%s: schema %" PRId64
		    ", this Craton wants %d; any command that writes migrates it",
		    db_path(db), version, last_step());
	/* Read again under the lock: another process may have been first. */
	if (db_begin(db, f) < 0 || identify(db, &version, f) < 0)
		goto fail;
	for (const struct schema_step *s = schema_steps; s->number; s++)
		if (s->number > version && apply(db, s, f) < 0)
			goto fail;
	return db_commit(db, f);
fail:
	db_rollback(db);
	return -1;
}
