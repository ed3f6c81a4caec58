/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named places to die at, for tests: in a build with -DCRATON_CRASH_POINTS, CRATON_CRASH=name
 * makes a process that comes to crash_point("name") kill itself as if by kill -9, name:3 at
 * the third time, and a,b at either. In any other build the points are nothing. No heap.
 */
#ifndef EXEC_CRASH_H
#define EXEC_CRASH_H

#ifdef CRATON_CRASH_POINTS

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Which passage of a place is the last; 0: none is. */
static inline unsigned long
crash_when(const char *wanted, const char *name)
{
	size_t len = strlen(name);

	for (; wanted && *wanted; wanted = strchr(wanted, ',') ? strchr(wanted, ',') + 1 : NULL) {
		if (strncmp(wanted, name, len) != 0)
			continue;
		if (wanted[len] == ':')
			return strtoul(wanted + len + 1, NULL, 10);
		if (wanted[len] == '\0' || wanted[len] == ',')
			return 1;
	}
	return 0;
}

static inline void
crash_at(const char *name, unsigned long *passed)
{
	unsigned long when = crash_when(getenv("CRATON_CRASH"), name);

	if (!when || ++*passed < when)
		return;
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

#define crash_point(name)                                                                          \
	do {                                                                                       \
		static unsigned long passed;                                                       \
		crash_at((name), &passed);                                                         \
	} while (0)

#else
#define crash_point(name) ((void)0)
#endif

#endif
