/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting one program, by posix_spawn: its cost does not grow with our memory, as fork's
 * does. Default signals, no descriptor but those named, nothing between it and us: a file
 * without a #! line is not given to a shell.
 */
#ifndef EXEC_SPAWN_H
#define EXEC_SPAWN_H

#include "base/fault.h"

#include <stddef.h>
#include <sys/types.h>

enum spawn_way {
	SPAWN_GROUP,   /* its own process group, no signal blocked */
	SPAWN_SESSION, /* its own session, every signal blocked: the guard */
};

struct spawn_fd {
	int from, to;
};

struct spawn {
	const char *path; /* with a slash in it: spawn_find's */
	char *const *argv;
	char *const *env;
	const char *folder; /* to start in; NULL: ours */
	enum spawn_way way;
	struct spawn_fd fds[5]; /* from is ours and stays open; to is below SPAWN_LOWEST */
	size_t nfds;
};

/* Descriptors from here up are never a to, so no order of fds can overwrite one. */
#define SPAWN_LOWEST 10

/* 0 and the pid, or an errno. */
int spawn(const struct spawn *s, pid_t *pid);

/*
 * Looks for a program in the PATH of env: its path, to be freed, or NULL with errno. A name
 * with a slash is a path already. Folders in PATH that are not absolute are passed over.
 */
char *spawn_find(const char *name, char *const *env);

/* Moves a descriptor of ours to SPAWN_LOWEST or above, close-on-exec; -1 with errno. */
int spawn_lift(int fd);

/*
 * A stdin: text as a file in memory, which needs no writer and no reader, or /dev/null for
 * NULL. -1 with errno.
 */
int spawn_input(const char *text, size_t len);

/*
 * Makes sure that this many descriptors can be open, raising the soft limit if it must; beyond
 * the hard limit it is FAULT_REFUSED. A running child takes 2 if its output is kept in memory.
 */
int spawn_room(size_t descriptors, struct fault *f);

#endif
