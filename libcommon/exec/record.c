/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/record.h"

#include "base/mem.h"
#include "base/when.h"
#include "exec/slot.h"
#include "exec/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Slots are reserved this many at a time: 64 KiB. */
#define BATCH 1024u

/* STATX_MNT_ID_UNIQUE of statx(2), which linux/stat.h has from 6.8 on. */
#define MOUNT_UNIQUE 0x4000u

/* statfs(2) where linux/magic.h does not have them. */
#define CIFS_MAGIC 0xff534d42
#define SMB2_MAGIC 0xfe534d42
#define CEPH_MAGIC 0x00c36400
#define FUSE_MAGIC 0x65735546

static const struct remote {
	unsigned long type;
	const char *name;
} remotes[] = {
    {NFS_SUPER_MAGIC, "NFS"},
    {SMB_SUPER_MAGIC, "SMB"},
    {CIFS_MAGIC, "CIFS"},
    {SMB2_MAGIC, "SMB"},
    {AFS_SUPER_MAGIC, "AFS"},
    {CODA_SUPER_MAGIC, "Coda"},
    {NCP_SUPER_MAGIC, "NCP"},
    {V9FS_MAGIC, "9P"},
    {CEPH_MAGIC, "Ceph"},
    {OCFS2_SUPER_MAGIC, "OCFS2"},
    {FUSE_MAGIC, "FUSE"},
    {0, NULL},
};

static int
refuse_remote(const struct record *r, struct fault *f)
{
	struct statfs st;

	if (fstatfs(r->lock, &st) < 0)
		return fault_errno(f, "%s.lock", r->path);
	for (const struct remote *m = remotes; m->name; m++)
		if ((unsigned long)st.f_type == m->type)
			return fault_set(f, FAULT_REFUSED,
			    "%s: on %s; a run's record needs a local file system", r->path,
			    m->name);
	return 0;
}

static void
name_era(struct record *r)
{
	struct statx st = {0};
	int n = snprintf(r->era, sizeof(r->era), "%s", when_boot_id());

	if (statx(r->slots, "", AT_EMPTY_PATH, MOUNT_UNIQUE, &st) == 0 &&
	    st.stx_mask & MOUNT_UNIQUE)
		snprintf(r->era + n, sizeof(r->era) - (size_t)n, "/%llu",
		    (unsigned long long)st.stx_mnt_id);
}

static int
open_one(const struct record *r, const char *suffix, struct fault *f)
{
	char *path = mem_printf("%s%s", r->path, suffix);
	int fd = spawn_lift(open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));

	if (fd < 0)
		fault_errno(f, "%s", path);
	free(path);
	return fd;
}

/* 1, or 0: it is held through another open file. */
static int
lock_byte(int fd, off_t byte)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 1;
	return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

static int
lock_run(const struct record *r, struct fault *f)
{
	int got = lock_byte(r->lock, 0);

	if (got < 0)
		return fault_errno(f, "%s.lock", r->path);
	if (!got)
		return fault_set(
		    f, FAULT_BUSY, "%s.lock: another engine is at work on this run", r->path);
	return 0;
}

int
record_open(struct record *r, const char *path, struct fault *f)
{
	*r = (struct record){.slots = -1, .lock = -1, .path = mem_dup(path)};
	r->lock = open_one(r, ".lock", f);
	if (r->lock < 0 || refuse_remote(r, f) < 0 || lock_run(r, f) < 0)
		goto failed;
	r->slots = open_one(r, ".rec", f);
	if (r->slots >= 0) {
		name_era(r);
		return 0;
	}
failed:
	record_close(r);
	return -1;
}

void
record_close(struct record *r)
{
	if (r->slots >= 0)
		close(r->slots);
	if (r->lock >= 0)
		close(r->lock);
	free(r->path);
	*r = (struct record){.slots = -1, .lock = -1};
}

int
record_reserve(struct record *r, uint32_t n, struct fault *f)
{
	uint32_t want;

	if (n <= r->reserved)
		return 0;
	want = (n + BATCH - 1) / BATCH * BATCH;
	errno = posix_fallocate(r->slots, 0, (off_t)want * SLOT_SIZE);
	if (errno)
		return fault_errno(f, "%s.rec", r->path);
	r->reserved = want;
	return 0;
}

int
record_lock(const struct record *r, uint32_t slot, int *fd, struct fault *f)
{
	int got;

	*fd = open_one(r, ".lock", f);
	if (*fd < 0)
		return -1;
	got = lock_byte(*fd, 1 + (off_t)slot);
	if (got < 0)
		fault_errno(f, "%s.lock", r->path);
	if (got <= 0) {
		close(*fd);
		*fd = -1;
	}
	return got;
}

uint32_t
record_last(const struct record *r, uint32_t after)
{
	uint32_t last = 0, end;
	struct stat st;

	if (fstat(r->slots, &st) < 0)
		return 0;
	end = (uint32_t)(st.st_size / SLOT_SIZE);
	for (uint32_t slot = after + 1; slot < end; slot++) {
		struct slot s;

		if (slot_read(r->slots, slot, &s) == 0 && s.state != SLOT_EMPTY)
			last = slot;
	}
	return last;
}

static int
remove_one(const struct record *r, const char *suffix, struct fault *f)
{
	char *path = mem_printf("%s%s", r->path, suffix);
	int failed = unlink(path) < 0 && errno != ENOENT;

	if (failed)
		fault_errno(f, "%s", path);
	free(path);
	return failed ? -1 : 0;
}

int
record_remove(const struct record *r, struct fault *f)
{
	if (remove_one(r, ".rec", f) < 0)
		return -1;
	return remove_one(r, ".lock", f);
}
