/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named places to die at, for tests: in a build with -DCRATON_CRASH_POINTS, CRATON_CRASH=name
 * makes a process that comes to crash_point("name") kill itself as if by kill -9, and name:3
 * at the third time. In any other build the points are nothing. No heap.
 */
#ifndef EXEC_CRASH_H
#define EXEC_CRASH_H

#ifdef CRATON_CRASH_POINTS

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* passed counts one place's passages. */
static inline void
crash_at(const char *name, unsigned *passed)
{
	const char *wanted = getenv("CRATON_CRASH");
	size_t len = strlen(name);

	if (!wanted || strncmp(wanted, name, len) != 0 || (wanted[len] && wanted[len] != ':'))
		return;
	if (wanted[len] == ':' && ++*passed < strtoul(wanted + len + 1, NULL, 10))
		return;
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

#define crash_point(name)                                                                          \
	do {                                                                                       \
		static unsigned passed;                                                            \
		crash_at((name), &passed);                                                         \
	} while (0)

#else
#define crash_point(name) ((void)0)
#endif

#endif
