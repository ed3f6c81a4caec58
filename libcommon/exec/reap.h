/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ended children, by pid. One place waits for all of them, since a subreaper also inherits
 * children that nobody here has started.
 */
#ifndef EXEC_REAP_H
#define EXEC_REAP_H

#include "base/vec.h"

#include <sys/types.h>

/* In the owner's struct; not moved or freed while it is added. */
struct reap {
	void (*fn)(int wstatus, void *arg); /* waitpid's status; it is taken out before */
	void *arg;
	pid_t pid;
	struct reap *next;
};

#define REAP_BUCKETS 1024

struct reaper {
	struct reap *buckets[REAP_BUCKETS];
	void (*orphan)(pid_t pid, int wstatus, void *arg); /* nobody's child has ended; or NULL */
	void *orphan_arg;
};

void reap_add(struct reaper *r, struct reap *one, pid_t pid);
void reap_remove(struct reaper *r, struct reap *one);

/*
 * Reaps all that have ended, orphans' calls first: the end of an orphan is news about a
 * guard that is dead too, and must be written down before that guard's own end is judged.
 */
void reaper_run(struct reaper *r);

#endif
