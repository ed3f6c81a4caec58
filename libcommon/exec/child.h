/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child process from start to end, many at once. Its process group is its own; signals are
 * default, descriptors clean. Its end is the end of the program itself: a daemon that it
 * leaves behind, or one that keeps its output open, is noted and not waited for. When it is
 * ended by us, its group and everything that carries its key goes with it.
 */
#ifndef EXEC_CHILD_H
#define EXEC_CHILD_H

#include "base/str.h"
#include "exec/loop.h"
#include "exec/outcome.h"
#include "exec/watch.h"

#define CHILD_TO_MEMORY (-1)

/* All borrowed for the call only. */
struct child_spec {
	char *const *argv;  /* argv[0] by spawn_find */
	char *const *env;   /* CRATON_KEY in it names the child's descendants */
	const char *folder; /* to start in; NULL: ours */
	const char *input;  /* its stdin as text; NULL: /dev/null */
	size_t input_len;
	int out, err; /* files opened to append, or CHILD_TO_MEMORY */
	struct limits limits;
};

struct child_output {
	struct child *child;
	struct str text; /* up to limits.cap; what comes after it is read and dropped */
	int fd;          /* -1: at its end */
	struct loop_watch watch;
};

struct child {
	struct outcome outcome;             /* once it has ended */
	struct child_output outputs[2];     /* stdout, stderr, where they go to memory */
	void (*ended)(struct child *child); /* the owner's; may free the child */
	void (*said)(struct child *child);  /* set it, or leave it NULL: outputs have grown */
	void *arg;

	/* child.c's own */
	struct loop *loop;
	pid_t pid;
	char *key;
	int files[2]; /* outputs that are files */
	struct watch watch;
	struct timer timer;
	struct reap reap;
	struct sweep sweep;
	int sweeps;
};

/*
 * Starts it. Always gives a child: one that could not be started has ended with
 * OUTCOME_NEVER_RAN. ended is called once, in a later batch, never within this call.
 */
struct child *child_start(
    struct loop *l, const struct child_spec *spec, void (*ended)(struct child *), void *arg);

/* Another deadline, on the boot clock in ms; of no use once it has passed. */
void child_deadline(struct child *c, int64_t at);

/* TERM, after the grace KILL; ended is called as ever. */
void child_stop(struct child *c);

/* One that runs is killed, with its group, and ended is not called. */
void child_free(struct child *c);

/*
 * Runs one child to its end in a loop of its own: no other loop may be open. -1 only if there
 * is no loop; the outcome is in *c, which child_free takes.
 */
int child_run(const struct child_spec *spec, struct child **c, struct fault *f);

#endif
