/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/turn.h"

#include "base/when.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

/* A proof of yesterday's run proves nothing: as old as a fact may be that a repair rests on. */
#define CONTINUED ((int64_t)15 * 60 * 1000)

/* ---- the lock ---- */

/* A byte far behind the end of the file, by project and audit. */
static off_t
byte_of(const struct session *s, const char *audit)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	char *text = mem_printf("%" PRId64 "/%s", s->project, audit);

	for (const char *at = text; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211u;
	free(text);
	return (off_t)(hash >> 2);
}

static int
busy(struct session *s, const char *audit, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, started FROM audit_run WHERE project = $1 AND audit = $2 "
	    "AND narrowed = 0 AND ended IS NULL ORDER BY id DESC LIMIT 1";
	struct db_rows rows;
	char at[WHEN_TEXT];
	int found = db_query(s->db, &rows, f, sql, "is", s->project, audit);

	if (found == 0 && (found = db_next(&rows, f)) == 1)
		fault_set(f, FAULT_BUSY, "%s: run %" PRId64 " is at work since %s", audit,
		    db_int(&rows, 0), when_second(db_int(&rows, 1), at));
	else if (found == 0)
		fault_set(f, FAULT_BUSY, "%s: another run is at work", audit);
	db_end(&rows);
	return -1;
}

int
turn_take(struct session *s, const char *audit, struct fault *f)
{
	struct flock lock = {.l_type = F_WRLCK, .l_start = byte_of(s, audit), .l_len = 1};
	char *path = mem_printf("%s-audits", db_path(s->db));
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0) {
		fault_errno(f, "%s", path);
	} else if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		if (errno == EAGAIN || errno == EACCES)
			busy(s, audit, f);
		else
			fault_errno(f, "%s", path);
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

/* ---- the last run ---- */

int
turn_killed(struct session *s, const char *audit, int64_t now, int64_t *run, int64_t *began,
    struct fault *f)
{
	static const char sql[] = "SELECT id, started, ended FROM audit_run WHERE project = $1 "
				  "AND audit = $2 AND narrowed = 0 ORDER BY id DESC LIMIT 1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "is", s->project, audit);

	*began = *run = 0;
	if (found == 0 && (found = db_next(&rows, f)) == 1 && db_is_null(&rows, 2) &&
	    now - db_int(&rows, 1) < CONTINUED) {
		*run = db_int(&rows, 0);
		*began = db_int(&rows, 1);
	}
	db_end(&rows);
	return found < 0 ? -1 : 0;
}

/* ---- the next one ---- */

/* How long ago it was in ms; a run that never was is 0 and the result 0; else 1, -1. */
static int
since_last(
    struct session *s, const struct definition *d, int64_t now, int64_t *out, struct fault *f)
{
	static const char sql[] = "SELECT started FROM audit_run WHERE project = $1 AND audit = $2 "
				  "AND narrowed = 0 AND complete = 1 ORDER BY id DESC LIMIT 1";
	int64_t started = 0;
	int found = db_get_int(s->db, &started, f, sql, "is", s->project, d->audit);

	*out = now - started;
	return found;
}

int
turn_is_due(struct session *s, const struct definition *d, int64_t now, struct fault *f)
{
	int64_t since;
	int found = since_last(s, d, now, &since, f);

	if (found < 0 || !d->every)
		return found < 0 ? -1 : 0;
	return !found || since >= d->every;
}

int
turn_is_overdue(struct session *s, const struct definition *d, int64_t now, struct fault *f)
{
	int64_t since;
	int found = since_last(s, d, now, &since, f);

	if (found < 0 || !d->every)
		return found < 0 ? -1 : 0;
	return found && since >= 2 * d->every;
}
