/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes as /proc shows them. A pid alone names nothing for long: pid and start time do,
 * until the next boot. No heap: compiled into the guard as well.
 */
#ifndef EXEC_PROC_H
#define EXEC_PROC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proc {
	char state; /* as in proc(5): R S D T Z X */
	pid_t parent, group;
	uint64_t ticks; /* start time, field 22 of stat */
};

/* 1, or 0: there is no such process. */
int proc_read(pid_t pid, struct proc *p);

/* Whether that very process runs; a zombie does not. */
int proc_alive(pid_t pid, uint64_t ticks);

/* Whether any process of the group runs; zombies do not. */
int proc_group_alive(pid_t group);

/* Calls fn for each process; 0, or -1 with errno if /proc cannot be read. */
int proc_each(void (*fn)(pid_t pid, void *arg), void *arg);

/* What marks the processes of a step; they inherit it. */
#define PROC_KEY "CRATON_KEY"
#define PROC_KEY_LONGEST 1023

/*
 * The key in the environment that a process of this user was started with: 1; 0 if it has
 * none, is another user's, or a zombie. Root, too, looks at its own processes only.
 */
int proc_key(pid_t pid, char key[PROC_KEY_LONGEST + 1]);

/* Sends a signal to all processes with that key but this one. Returns how many there were. */
int proc_sweep(const char *key, int signo);

#endif
