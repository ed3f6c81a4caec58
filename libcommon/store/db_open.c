/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: what is refused, what is made, what is set. */
#include "store/db.h"

#include "base/mem.h"
#include "io/file.h"
#include "store/db_inside.h"
#include "store/function.h"
#include "store/schema.h"

#include <errno.h>
#include <libgen.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* WAL shares memory through the file's folder: that works on no network file system. */
static int
on_network(const char *path)
{
	static const long kinds[] = {NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, 0xff534d42 /* cifs */,
	    0xfe534d42 /* smb2 */, CODA_SUPER_MAGIC, AFS_SUPER_MAGIC, AFS_FS_MAGIC,
	    CEPH_SUPER_MAGIC, 0x0bd00bd0 /* lustre */, 0x47504653 /* gpfs */};
	char *copy = mem_dup(path), *at = copy;
	struct statfs fs;
	int found = 0, known = statfs(at, &fs);

	/* The file, as a link to elsewhere would be; else the nearest folder that is there yet. */
	while (known != 0 && strcmp(at, "/") != 0 && strcmp(at, ".") != 0)
		known = statfs(at = dirname(at), &fs);
	if (known == 0)
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
	/* Else a statement whose plan a value could change (a partial index) is prepared anew for
	 * each value: nearly half of an import. */
	sqlite3_db_config(db->native, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
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

	if (asked++)
		return;
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
