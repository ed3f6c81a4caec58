/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_of(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* "7 (a (b) c) S 1 7 ...": the name may hold anything, so fields count from the last ')'. */
static int
parse_stat(char *text, struct proc *p)
{
	enum { STATE = 3, PARENT = 4, GROUP = 5, START = 22 };
	char *at = strrchr(text, ')'), *save = NULL;
	int field = STATE;

	if (!at)
		return 0;
	for (char *word = strtok_r(at + 1, " ", &save); word;
	     word = strtok_r(NULL, " ", &save), field++) {
		if (field == STATE)
			p->state = *word;
		if (field == PARENT)
			p->parent = (pid_t)strtol(word, NULL, 10);
		if (field == GROUP)
			p->group = (pid_t)strtol(word, NULL, 10);
		if (field == START) {
			p->ticks = strtoull(word, NULL, 10);
			return 1;
		}
	}
	return 0;
}

int
proc_read(pid_t pid, struct proc *p)
{
	char text[1024];
	int fd = open_of(pid, "stat");
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	return parse_stat(text, p);
}

static int
runs(const struct proc *p)
{
	return p->state != 'Z' && p->state != 'X';
}

int
proc_alive(pid_t pid, uint64_t ticks)
{
	struct proc p;

	return proc_read(pid, &p) && p.ticks == ticks && runs(&p);
}

int
proc_each(void (*fn)(pid_t pid, void *arg), void *arg)
{
	_Alignas(struct dirent64) char buf[8192];
	void *entries = buf; /* musl's getdents64 wants structs, glibc's bytes */
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = getdents64(fd, entries, sizeof(buf))) > 0)
		for (ssize_t at = 0; at < n;) {
			struct dirent64 *e = (struct dirent64 *)(void *)(buf + at);
			long pid = strtol(e->d_name, NULL, 10);

			if (pid > 0)
				fn((pid_t)pid, arg);
			at += e->d_reclen;
		}
	close(fd);
	return n < 0 ? -1 : 0;
}

struct group_search {
	pid_t group;
	int found;
};

static void
look_for_group(pid_t pid, void *arg)
{
	struct group_search *s = arg;
	struct proc p;

	if (!s->found && proc_read(pid, &p) && p.group == s->group && runs(&p))
		s->found = 1;
}

int
proc_group_alive(pid_t group)
{
	struct group_search s = {.group = group};

	/* The cheap question first; but kill finds zombies as well. */
	if (kill(-group, 0) < 0 && errno == ESRCH)
		return 0;
	return proc_each(look_for_group, &s) < 0 || s.found;
}

/* The value of PROC_KEY among NAME=value strings that arrive in pieces. */
struct key_reader {
	char *key;
	size_t at;   /* in the string being read */
	int differs; /* it is another variable, or too long */
};

/* 1 when c ended the value. */
static int
read_key(struct key_reader *r, char c)
{
	static const char name[] = PROC_KEY "=";
	enum { NAME = sizeof(name) - 1 };

	if (c == '\0') {
		int found = !r->differs && r->at >= NAME;

		if (found)
			r->key[r->at - NAME] = '\0';
		r->at = 0;
		r->differs = 0;
		return found;
	}
	if (r->at < NAME)
		r->differs |= c != name[r->at];
	else if (r->at - NAME >= PROC_KEY_LONGEST)
		r->differs = 1;
	else if (!r->differs)
		r->key[r->at - NAME] = c;
	r->at++;
	return 0;
}

int
proc_key(pid_t pid, char key[PROC_KEY_LONGEST + 1])
{
	struct key_reader r = {.key = key};
	int fd = open_of(pid, "environ"), found = 0;
	struct stat st;
	char buf[4096];
	ssize_t n;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid())
		while (!found && (n = read(fd, buf, sizeof(buf))) > 0)
			for (ssize_t i = 0; i < n && !found; i++)
				found = read_key(&r, buf[i]);
	close(fd);
	return found;
}

struct key_sweep {
	const char *key;
	int signo, found;
};

static void
sweep_one(pid_t pid, void *arg)
{
	struct key_sweep *s = arg;
	char key[PROC_KEY_LONGEST + 1];

	if (pid == getpid() || !proc_key(pid, key) || strcmp(key, s->key) != 0)
		return;
	if (kill(pid, s->signo) == 0)
		s->found++;
}

int
proc_sweep(const char *key, int signo)
{
	struct key_sweep s = {.key = key, .signo = signo};

	proc_each(sweep_one, &s);
	return s.found;
}
