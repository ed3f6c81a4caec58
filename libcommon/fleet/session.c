/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/session.h"
#include "fleet/label/rule.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/when.h"
#include "fleet/item.h"
#include "fleet/source.h"
#include "fleet/sources/mark.h"
#include "fleet/sources/precedence.h"
#include "io/file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_FOLDER "/var/lib/craton"
#define SYSTEM_DB SYSTEM_FOLDER "/craton.db"

static char *
state_db(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/')
		return mem_printf("%s/craton/craton.db", state);
	return mem_printf("%s/.local/state/craton/craton.db", home ? home : "");
}

/* "If it is there or can be made": the folder is writable, or its parent is. */
static int
system_db_usable(void)
{
	if (access(SYSTEM_DB, F_OK) == 0)
		return 1;
	if (access(SYSTEM_FOLDER, F_OK) == 0)
		return access(SYSTEM_FOLDER, W_OK) == 0;
	return access("/var/lib", W_OK) == 0;
}

static char *
choose_db(const struct session_options *o, enum db_mode mode)
{
	const char *given = o->db ? o->db : getenv("CRATON_DB");
	char *own;

	if (given && *given)
		return mem_dup(given);
	own = state_db();
	if (mode != DB_WRITE && access(SYSTEM_DB, F_OK) != 0 && access(own, F_OK) == 0)
		return own;
	if (!system_db_usable())
		return own;
	free(own);
	return mem_dup(SYSTEM_DB);
}

/* Who logged in, whatever sudo or su have made of the process since. */
static uid_t
real_user(void)
{
	const char *sudo = getenv("SUDO_UID");
	unsigned long uid = (uid_t)-1;
	char text[16] = "";
	int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, text, sizeof(text) - 1) > 0)
			uid = strtoul(text, NULL, 10);
		close(fd);
	}
	if ((uid_t)uid == (uid_t)-1)
		uid = getuid() == 0 && sudo ? strtoul(sudo, NULL, 10) : getuid();
	return (uid_t)uid;
}

char *
session_actor(void)
{
	uid_t uid = real_user();
	struct passwd *pw = getpwuid(uid);

	return pw ? mem_dup(pw->pw_name) : mem_printf("uid-%lu", (unsigned long)uid);
}

static const char sql_project_get[] =
    "SELECT id FROM item WHERE class = 'project' AND scope = 0 AND slot = $1";
static const char sql_project_make[] =
    "INSERT INTO item (project, kind, class, scope, slot, name, created, updated)"
    " VALUES (0, 'project', 'project', 0, $1, $1, $2, $2)";
/* A project is its own project: the unique index over places keeps names apart all the same. */
static const char sql_project_own[] = "UPDATE item SET project = id WHERE id = $1";

/* 1 found, 0 not, -1. */
static int
find_project(struct session *s, struct fault *f)
{
	int found = db_get_int(s->db, &s->project, f, sql_project_get, "s", s->project_name);

	return found == 1 ? source_find(s, "operator", &s->operator, f) : found;
}

static int
make_project(struct session *s, struct fault *f)
{
	if (item_text_ok("project", s->project_name, f) < 0 || db_begin(s->db, f) < 0)
		return -1;
	/* Another process may have been first. */
	if (find_project(s, f) != 0)
		goto out;
	if (db_run(s->db, f, sql_project_make, "si", s->project_name, when_now()) < 0)
		goto out;
	s->project = db_last_id(s->db);
	if (db_run(s->db, f, sql_project_own, "i", s->project) < 0 ||
	    source_want(s, "operator", &s->operator, f) < 0) {
		s->operator= 0;
		goto out;
	}
	return db_commit(s->db, f);
out:
	db_rollback(s->db);
	return s->operator? 0 : - 1;
}

static int
open_project(struct session *s, const struct session_options *o, enum db_mode mode, struct fault *f)
{
	const char *name = o->project ? o->project : getenv("CRATON_PROJECT");
	int found;

	s->project_name = mem_dup(name && *name ? name : "default");
	found = find_project(s, f);
	if (found)
		return found < 0 ? -1 : 0;
	if (mode == DB_WRITE) {
		if (make_project(s, f) < 0)
			return -1;
		if (name && *name)
			report_note("project %s is new", s->project_name);
		return 0;
	}
	if (strcmp(s->project_name, "default") == 0)
		return 0;
	return fault_set(
	    f, FAULT_BAD, "project \"%s\": not in %s", s->project_name, db_path(s->db));
}

/* A variable of a script that is not set must not mean another database. */
static int
refuse_empty(const char *option, const char *value, struct fault *f)
{
	return value && !*value ? fault_set(f, FAULT_USAGE, "%s: empty", option) : 0;
}

static int
open_file(struct session *s, const struct session_options *o, enum db_mode mode, struct fault *f)
{
	char *path = choose_db(o, mode);
	int status = db_open(&s->db, path, mode, f);

	free(path);
	return status;
}

int
session_open(struct session *s, const struct session_options *o, enum db_mode mode, struct fault *f)
{
	*s = (struct session){.reason = o->reason};
	if (refuse_empty("--db", o->db, f) < 0 || refuse_empty("--project", o->project, f) < 0)
		return -1;
	report_level(o->quiet ? -1 : o->verbose);
	if (o->memory ? db_open_memory(&s->db, f) < 0 : open_file(s, o, mode, f) < 0)
		return -1;
	s->actor = mode != DB_READ ? session_actor() : mem_dup("");
	if (open_project(s, o, mode, f) < 0 || (mode != DB_READ && mark_fill(s, f) < 0)) {
		session_close(s);
		return -1;
	}
	if (!o->memory)
		report_detail("%s, project %s", db_path(s->db), s->project_name);
	return 0;
}

void
session_close(struct session *s)
{
	size_t at = 0;

	for (struct map_entry *e; (e = map_each(&s->names, &at));)
		free(e->value.p);
	map_done(&s->names);
	rules_forget(s);
	precedence_forget(s);
	db_close(s->db);
	free(s->project_name);
	free(s->actor);
	*s = (struct session){0};
}
