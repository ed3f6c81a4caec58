/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the copy ---- */

static void
note_fault(const char *message, void *ctx)
{
	struct fault *f = ctx;

	if (f->kind == FAULT_NONE)
		fault_set(f, FAULT_SYSTEM, "the copy is damaged: %s", message);
}

/* A damaged page is copied as it is: what is kept for a bad day must not be bad itself. */
static int
check(const char *path, struct fault *f)
{
	struct fault found = {0};
	struct db *copy;
	int status = db_open(&copy, path, DB_READ, f);

	if (status < 0)
		return -1;
	status = db_check_file(copy, note_fault, &found, f);
	db_close(copy);
	if (status == 0 && found.kind != FAULT_NONE) {
		*f = found;
		status = -1;
	}
	return status;
}

static int
sync_path(const char *path, int flags, struct fault *f)
{
	int fd = open(path, flags | O_CLOEXEC), status;

	if (fd < 0)
		return fault_errno(f, "%s", path);
	status = fsync(fd) < 0 ? fault_errno(f, "%s", path) : 0;
	close(fd);
	return status;
}

/* ---- its name ---- */

static int
there_already(const char *path, struct fault *f)
{
	return fault_set(f, FAULT_BAD, "%s: is there already; a snapshot overwrites nothing", path);
}

/* Whoever makes a file of that name meanwhile keeps it. */
static int
give_name(const char *from, const char *to, struct fault *f)
{
	char *copy, *folder;
	int status;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0) {
		/* Not every file system knows that; a second link is refused in the same way. */
		if (errno == EINVAL && link(from, to) == 0)
			unlink(from);
		else
			return errno == EEXIST ? there_already(to, f) : fault_errno(f, "%s", to);
	}
	copy = mem_dup(to);
	folder = dirname(copy);
	status = sync_path(folder, O_RDONLY | O_DIRECTORY, f);
	free(copy);
	return status;
}

int
db_copy(struct db *db, const char *path, struct fault *f)
{
	static const char sql[] = "VACUUM INTO $1";
	char *beside;
	int status = -1;

	if (access(path, F_OK) == 0)
		return there_already(path, f);
	beside = mem_printf("%s.%ld.part", path, (long)getpid());
	if (db_run(db, f, sql, "s", beside) < 0)
		fault_within(f, "%s", path);
	else if (check(beside, f) == 0 && sync_path(beside, O_RDWR, f) == 0)
		status = give_name(beside, path, f);
	if (status < 0)
		unlink(beside);
	free(beside);
	return status;
}
