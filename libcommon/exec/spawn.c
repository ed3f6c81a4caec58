/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/spawn.h"

#include "base/mem.h"
#include "exec/env.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_DEFAULT "/usr/local/bin:/usr/bin:/bin"

static int
set_way(posix_spawnattr_t *attr, enum spawn_way way)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t mask, all;

	sigfillset(&all);
	if (way == SPAWN_SESSION) {
		sigfillset(&mask);
		flags |= POSIX_SPAWN_SETSID;
	} else {
		sigemptyset(&mask);
		flags |= POSIX_SPAWN_SETPGROUP;
	}
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setsigmask(attr, &mask);
	posix_spawnattr_setpgroup(attr, 0);
	return posix_spawnattr_setflags(attr, flags);
}

static int
add_fds(posix_spawn_file_actions_t *acts, const struct spawn *s)
{
	int highest = STDERR_FILENO, error = 0;

	for (size_t i = 0; i < s->nfds && !error; i++) {
		error = posix_spawn_file_actions_adddup2(acts, s->fds[i].from, s->fds[i].to);
		if (s->fds[i].to > highest)
			highest = s->fds[i].to;
	}
	if (!error)
		error = posix_spawn_file_actions_addclosefrom_np(acts, highest + 1);
	if (!error && s->folder)
		error = posix_spawn_file_actions_addchdir_np(acts, s->folder);
	return error;
}

static int
spawn_lifted(const struct spawn *s, pid_t *pid)
{
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attr;
	int error;

	if ((error = posix_spawn_file_actions_init(&acts)))
		return error;
	if ((error = posix_spawnattr_init(&attr)))
		goto out;
	error = set_way(&attr, s->way);
	if (!error)
		error = add_fds(&acts, s);
	if (!error)
		error = posix_spawn(pid, s->path, &acts, &attr, s->argv, s->env);
	posix_spawnattr_destroy(&attr);
out:
	posix_spawn_file_actions_destroy(&acts);
	return error;
}

int
spawn(const struct spawn *s, pid_t *pid)
{
	struct spawn lifted = *s;
	int error = 0;

	for (size_t i = 0; i < s->nfds; i++)
		lifted.fds[i].from = s->fds[i].from < SPAWN_LOWEST
					 ? fcntl(s->fds[i].from, F_DUPFD_CLOEXEC, SPAWN_LOWEST)
					 : s->fds[i].from;
	for (size_t i = 0; i < s->nfds; i++)
		if (lifted.fds[i].from < 0)
			error = EMFILE;
	if (!error)
		error = spawn_lifted(&lifted, pid);
	for (size_t i = 0; i < s->nfds; i++)
		if (lifted.fds[i].from != s->fds[i].from && lifted.fds[i].from >= 0)
			close(lifted.fds[i].from);
	return error;
}

/* The candidate is taken even if it may not be run: EACCES says more than ENOENT. */
static char *
find_in(const char *path, const char *name)
{
	char *refused = NULL;

	for (const char *at = path, *end; *at; at = *end ? end + 1 : end) {
		struct stat st;
		char *file;

		end = strchrnul(at, ':');
		if (*at != '/')
			continue;
		file = mem_printf("%.*s/%s", (int)(end - at), at, name);
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode)) {
			if (access(file, X_OK) == 0) {
				free(refused);
				return file;
			}
			if (!refused) {
				refused = file;
				continue;
			}
		}
		free(file);
	}
	if (!refused)
		errno = ENOENT;
	return refused;
}

char *
spawn_find(const char *name, char *const *env)
{
	const char *path = env_get(env, "PATH");

	if (strchr(name, '/'))
		return mem_dup(name);
	if (!*name) {
		errno = ENOENT;
		return NULL;
	}
	return find_in(path ? path : PATH_DEFAULT, name);
}

int
spawn_lift(int fd)
{
	int lifted;

	if (fd < 0 || fd >= SPAWN_LOWEST)
		return fd;
	lifted = fcntl(fd, F_DUPFD_CLOEXEC, SPAWN_LOWEST);
	close(fd);
	return lifted;
}

int
spawn_input(const char *text, size_t len)
{
	int fd, saved;

	if (!text)
		return spawn_lift(open("/dev/null", O_RDONLY | O_CLOEXEC));
	fd = spawn_lift(memfd_create("input", MFD_CLOEXEC));
	if (fd < 0)
		return -1;
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0) {
			saved = errno;
			close(fd);
			errno = saved;
			return -1;
		}
		done += (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

int
spawn_room(size_t descriptors, struct fault *f)
{
	static const rlim_t ours = 64; /* the database, the loop, logs */
	rlim_t need = (rlim_t)descriptors + ours;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return fault_errno(f, "limit of open files");
	if (need <= limit.rlim_cur)
		return 0;
	if (need > limit.rlim_max)
		return fault_set(f, FAULT_REFUSED,
		    "%zu children's files at once: the limit of open files (ulimit -Hn) is %llu",
		    descriptors, (unsigned long long)limit.rlim_max);
	limit.rlim_cur = need;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return fault_errno(f, "limit of open files");
	return 0;
}
