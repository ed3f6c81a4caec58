/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of attempts: a folder of their own, and guards to kill in it. */
#ifndef TRIAL_H
#define TRIAL_H

#include "exec/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static char self[4096], folder[64];

/* The path of a file of this trial; good for four calls. */
static const char *
file(const char *name, int n)
{
	static char paths[4][512];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(*paths), n < 0 ? "%s/%s" : "%s/%s.%d", folder, name, n);
	return path;
}

static void
sleep_ms(int ms)
{
	const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

struct victims {
	pid_t pids[256];
	int n;
};

/* A guard of this trial: a session's leader whose command line names our folder. */
static void
find_guard(pid_t pid, void *arg)
{
	struct victims *v = arg;
	char path[64], line[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, line, sizeof(line));
	close(fd);
	if (n > 0 && v->n < 256 && !strncmp(line, "craton-guard", 13) &&
	    memmem(line, (size_t)n, folder, strlen(folder) + 1) && getsid(pid) == pid)
		v->pids[v->n++] = pid;
}

static int
kill_a_guard(void)
{
	struct victims v = {.n = 0};

	proc_each(find_guard, &v);
	return v.n && kill(v.pids[rand() % v.n], SIGKILL) == 0;
}

static void
enter_folder(void)
{
	strcpy(folder, "/tmp/t_attempt.XXXXXX");
	if (!mkdtemp(folder))
		_exit(1);
}

static void
leave_folder(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;

	while (dir && (e = readdir(dir)))
		unlink(file(e->d_name, -1));
	if (dir)
		closedir(dir);
	rmdir(folder);
}

/* The guard with named crash points stands beside the tests. */
static void
use_trial_guard(void)
{
	char guard[4200];

	snprintf(guard, sizeof(guard), "%.*s/craton-guard", (int)(strrchr(self, '/') - self), self);
	setenv("CRATON_GUARD", guard, 1);
	/* So that no zombie of these tests is left to init. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

#endif
