/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite's file layer made to fail: at each of its calls in turn, once as an I/O error and once
 * as a full disk, in an import and in a change. Either all of it is there afterwards or nothing,
 * what is there is sound, and a call that failed is told unless it was not needed.
 */
#include "fleet/bulk/import.h"
#include "fleet/log/fsck.h"
#include "inventory.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static long calls, fail_at;
static int failure; /* the code that the call gives */

/* Once: what follows works again, as after a disk that was full was cleared. */
static int
failing(void)
{
	return ++calls == fail_at;
}

/* ---- the file layer, in front of the real one ---- */

struct shim {
	sqlite3_file base;
	sqlite3_file *real;
};

#define REAL(file) (((struct shim *)(file))->real)

static int
shim_close(sqlite3_file *file)
{
	int code = REAL(file)->pMethods ? REAL(file)->pMethods->xClose(REAL(file)) : SQLITE_OK;

	sqlite3_free(REAL(file));
	return code;
}

static int
shim_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
	return failing() ? SQLITE_IOERR_READ : REAL(file)->pMethods->xRead(REAL(file), to, n, at);
}

/* A disk that fills up takes a part of what is written. */
static int
shim_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
	if (failing()) {
		REAL(file)->pMethods->xWrite(REAL(file), from, n / 2, at);
		return failure == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	}
	return REAL(file)->pMethods->xWrite(REAL(file), from, n, at);
}

static int
shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return failing() ? SQLITE_IOERR_TRUNCATE
			 : REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int
shim_sync(sqlite3_file *file, int flags)
{
	return failing() ? SQLITE_IOERR_FSYNC : REAL(file)->pMethods->xSync(REAL(file), flags);
}

static int
shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return failing() ? SQLITE_IOERR_FSTAT : REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int
shim_lock(sqlite3_file *file, int level)
{
	return failing() ? SQLITE_IOERR_LOCK : REAL(file)->pMethods->xLock(REAL(file), level);
}

static int
shim_unlock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int
shim_reserved(sqlite3_file *file, int *out)
{
	return failing() ? SQLITE_IOERR_CHECKRESERVEDLOCK
			 : REAL(file)->pMethods->xCheckReservedLock(REAL(file), out);
}

static int
shim_control(sqlite3_file *file, int op, void *arg)
{
	return REAL(file)->pMethods->xFileControl(REAL(file), op, arg);
}

static int
shim_sector(sqlite3_file *file)
{
	return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int
shim_device(sqlite3_file *file)
{
	return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int
shim_map(sqlite3_file *file, int page, int size, int extend, void volatile **to)
{
	return failing() ? SQLITE_IOERR_SHMMAP
			 : REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, to);
}

static int
shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	if (!(flags & SQLITE_SHM_UNLOCK) && failing())
		return SQLITE_IOERR_SHMLOCK;
	return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}

static void
shim_barrier(sqlite3_file *file)
{
	REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int
shim_unmap(sqlite3_file *file, int delete)
{
	return REAL(file)->pMethods->xShmUnmap(REAL(file), delete);
}

static const sqlite3_io_methods methods = {2, shim_close, shim_read, shim_write, shim_truncate,
    shim_sync, shim_size, shim_lock, shim_unlock, shim_reserved, shim_control, shim_sector,
    shim_device, shim_map, shim_shm_lock, shim_barrier, shim_unmap, NULL, NULL};

static sqlite3_vfs shim, *real;

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct shim *opened = (struct shim *)file;
	int code;

	(void)vfs;
	opened->base.pMethods = NULL;
	if (failing())
		return SQLITE_CANTOPEN;
	opened->real = sqlite3_malloc(real->szOsFile);
	memset(opened->real, 0, (size_t)real->szOsFile);
	code = real->xOpen(real, name, opened->real, flags, out);
	if (code == SQLITE_OK)
		opened->base.pMethods = &methods;
	else
		sqlite3_free(opened->real);
	return code;
}

static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	return failing() ? SQLITE_IOERR_DELETE : real->xDelete(real, name, sync);
}

static int
shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	return failing() ? SQLITE_IOERR_ACCESS : real->xAccess(real, name, flags, out);
}

static void
put_in_front(void)
{
	real = sqlite3_vfs_find(NULL);
	shim = *real;
	shim.zName = "failing";
	shim.szOsFile = sizeof(struct shim);
	shim.xOpen = shim_open;
	shim.xDelete = shim_delete;
	shim.xAccess = shim_access;
	sqlite3_vfs_register(&shim, 1);
}

/* ---- what is done ---- */

static const struct session_options file = {.db = "craton.db", .quiet = 1};

static int
import_some(void)
{
	struct import im = {.source = "netbox"};

	return import_run(&s, &im, "in", &f);
}

static int
change_some(void)
{
	return put_as("operator",
		   "{\"kind\":\"host\",\"labels\":[\"new\"],\"name\":\"h1\",\"region\":\"dfw\","
		   "\"variables\":{\"n\":2}}",
		   RECORD_MERGE, NULL) < 0
		   ? -1
		   : 0;
}

static int
without_faults(const char *command)
{
	return system(command) == 0;
}

static void
write_input(void)
{
	FILE *in = fopen("in", "w");

	for (int i = 0; i < 40; i++)
		fprintf(in,
		    "{\"kind\":\"host\",\"name\":\"h%d\",\"region\":\"dfw\",\"labels\":[\"l%d\"],"
		    "\"variables\":{\"n\":%d}}\n",
		    i, i % 7, i);
	fclose(in);
}

static void
make_base(void)
{
	write_input();
	if (session_open(&s, &file, DB_WRITE, &f) < 0)
		tap_bail(f.text);
	put("{\"kind\":\"region\",\"name\":\"dfw\"}");
	put("{\"kind\":\"host\",\"name\":\"h1\",\"region\":\"dfw\"}");
	session_close(&s);
	if (!without_faults("cp craton.db base.db"))
		tap_bail("cp");
}

static void
say_fault(const char *text, void *ctx)
{
	(void)ctx;
	printf("# %s\n", text);
}

/* The entries there are, or -1 if what is there is not sound. */
static int64_t
entries_if_sound(void)
{
	struct fsck k = {.s = &s, .each = say_fault, .base = &file};
	int64_t n = -1;

	if (session_open(&s, &file, DB_READ, &f) < 0)
		return -1;
	if (fsck_run(&k, &f) == 0 && k.faults == 0)
		n = number("SELECT count(*) FROM txn");
	session_close(&s);
	return n;
}

/* ---- each call ---- */

static void
fails_at_each_call(const char *what, int (*work)(void), int code)
{
	long tried = 0, told = 0, wrong = 0, last = 0;

	failure = code;
	for (long at = 1; !last; at++) {
		int64_t before, after;
		int status, done;

		if (!without_faults("rm -f craton.db-wal craton.db-shm; cp base.db craton.db"))
			tap_bail("cp");
		fail_at = 0;
		before = entries_if_sound();
		calls = 0;
		fail_at = at;
		status = session_open(&s, &file, DB_CHANGE, &f);
		if (status == 0)
			status = work();
		done = status == 0 || strncmp(f.text, "imported, but", 13) == 0;
		session_close(&s);
		last = calls < at;
		fail_at = 0;
		after = entries_if_sound();
		tried += !last;
		told += status < 0;
		/* What was told to have failed is not there; what was not, is. */
		if (after != before + done) {
			printf("# call %ld: status %d, %d entries, then %d: %s\n", at, status,
			    (int)before, (int)after, status < 0 ? f.text : "");
			wrong++;
		}
	}
	printf("# %s: %ld calls, %ld of them told\n", what, tried, told);
	ok(tried > 20 && told > 10, "%s: calls are made, and failures told", what);
	is_int(wrong, 0, "%s: all or nothing, and sound", what);
}

int
main(void)
{
	char dir[] = "/tmp/t_vfs-XXXXXX";
	char *gone = NULL;

	if (!mkdtemp(dir) || chdir(dir) < 0)
		tap_bail("mkdtemp");
	put_in_front();
	make_base();
	fails_at_each_call("import, I/O errors", import_some, SQLITE_IOERR);
	fails_at_each_call("import, full disk", import_some, SQLITE_FULL);
	fails_at_each_call("change, I/O errors", change_some, SQLITE_IOERR);
	fails_at_each_call("change, full disk", change_some, SQLITE_FULL);
	gone = mem_printf("rm -rf %s", dir);
	without_faults(gone);
	free(gone);
	return tap_end();
}
