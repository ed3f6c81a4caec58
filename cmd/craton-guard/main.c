/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guard: parent of one action that may not run twice. It writes what became of the action
 * where it outlives the engine, and holds the attempt's lock for exactly as long as it lives.
 *
 *	craton-guard SLOT EPOCH ENGINE_PID DEADLINE GRACE STALL CAP -- PROGRAM [ARG ...]
 *
 * Started by craton-remediate only: record on descriptor 8, locked lock file on 9, the
 * action's input and output on 0, 1, 2, a session of its own. Times are milliseconds, the
 * deadline's of the boot clock; 0 is no limit. PROGRAM is a path; it gets this environment.
 *
 * Static and without heap, because it is started once for each such step: linked dynamically
 * it costs 15 % more. Every signal is blocked: only KILL ends it before its action.
 */
#include "exec/crash.h"
#include "exec/proc.h"
#include "exec/slot.h"
#include "exec/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RECORD = 8, LOCK = 9 };

/* Not started: the slot was taken, or nothing could be recorded. */
#define REFUSED 125

/* A sweep that finds something looks again, up to this often: a fork bomb must not hold us. */
#define SWEEPS 50

struct job {
	uint32_t slot, epoch;
	pid_t engine, action;
	struct limits limits;
	char **argv;
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

_Noreturn static void
refuse(const char *why)
{
	fprintf(stderr, "craton-guard: %s\n", why);
	_exit(REFUSED);
}

static int64_t
number(const char *text)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < 0)
		refuse("craton-remediate starts this program; it is of no use by hand");
	return n;
}

static void
parse(int argc, char **argv, struct job *j)
{
	enum { SLOT = 1, EPOCH, ENGINE, DEADLINE, GRACE, STALL, CAP, DASHES, PROGRAM };

	if (argc <= PROGRAM || strcmp(argv[DASHES], "--") != 0)
		number("");
	*j = (struct job){.slot = (uint32_t)number(argv[SLOT]),
	    .epoch = (uint32_t)number(argv[EPOCH]),
	    .engine = (pid_t)number(argv[ENGINE]),
	    .limits = {.deadline = number(argv[DEADLINE]),
		.grace = number(argv[GRACE]),
		.stall = number(argv[STALL]),
		.cap = number(argv[CAP])},
	    .argv = argv + PROGRAM};
}

/*
 * In the child of vfork. START is written by the very process that becomes the action, so a
 * slot without START proves that nothing ran.
 */
_Noreturn static void
become_action(const struct job *j)
{
	struct slot_start start = {.pid = getpid(), .guard = getppid(), .epoch = j->epoch};
	struct outcome never = {.flags = OUTCOME_NEVER_RAN};
	struct proc self;
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	crash_point("action.before-start");
	if (!proc_read(start.pid, &self))
		_exit(REFUSED);
	start.ticks = self.ticks;
	if (slot_write_start(RECORD, j->slot, &start) < 0)
		_exit(REFUSED);
	crash_point("action.started");
	execve(j->argv[0], j->argv, environ);
	never.status = errno;
	slot_write_end(RECORD, j->slot, &never);
	_exit(127);
}

static pid_t
start_action(const struct job *j)
{
	pid_t pid = vfork();

	if (pid == 0)
		become_action(j);
	return pid;
}

/* Reaps orphans that came to us; 1 when the action itself has ended, which stays unreaped. */
static int
has_ended(const struct job *j)
{
	siginfo_t ended;

	for (;;) {
		ended.si_pid = 0;
		if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || !ended.si_pid)
			return 0;
		if (ended.si_pid == j->action)
			return 1;
		waitpid(ended.si_pid, NULL, 0);
	}
}

/*
 * Whether a descendant still runs: as a subreaper we are the parent of the eldest of them. Not
 * asking for ended children, waitid knows none if all that are left are zombies.
 */
static int
has_living_children(void)
{
	siginfo_t nothing;

	return waitid(P_ALL, 0, &nothing, WSTOPPED | WNOHANG | WNOWAIT) == 0;
}

static void
kill_children(const struct job *j)
{
	char path[64], text[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)getpid(), (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return; /* a kernel without it: group and key are left */
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (char *at = text, *end; *at; at = end + strspn(end, " ")) {
		pid_t pid = (pid_t)strtol(at, &end, 10);

		if (end == at)
			return;
		if (pid != j->action)
			kill(pid, SIGKILL);
	}
}

/* Ends what the action left: its group, then what fled the group, then what fled us. */
static void
sweep(const struct job *j)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	const char *key = getenv(PROC_KEY);

	for (int i = 0; i < SWEEPS; i++) {
		int found = has_living_children();

		kill(-j->action, SIGKILL);
		if (found)
			kill_children(j);
		if (key)
			found += proc_sweep(key, SIGKILL);
		if (!found)
			return;
		nanosleep(&pause, NULL);
		has_ended(j);
	}
}

/*
 * Waits for the action's end, keeping the watch. The kernel's waits do not count the time a
 * machine is suspended, the boot clock does: so none is longer than a second.
 */
static void
supervise(const struct job *j, struct watch *w)
{
	static const int64_t longest = 1000;
	sigset_t wake;

	sigemptyset(&wake);
	sigaddset(&wake, SIGCHLD);
	sigaddset(&wake, SIGUSR1);
	while (!has_ended(j)) {
		int64_t now = now_ms(), ms = watch_look(w, now) - now;
		struct timespec ts;

		if (ms > longest)
			ms = longest;
		if (ms < 0)
			ms = 0;
		ts = (struct timespec){ms / 1000, ms % 1000 * 1000000};
		if (sigtimedwait(&wake, NULL, &ts) == SIGUSR1)
			watch_stop(w, now_ms());
	}
	watch_end(w);
	if (watch_ended_it(w))
		sweep(j);
}

static struct outcome
end_of(const struct job *j, unsigned flags)
{
	siginfo_t ended = {0};

	waitid(P_PID, (id_t)j->action, &ended, WEXITED | WNOWAIT);
	if (has_living_children())
		flags |= OUTCOME_LEFT_BEHIND;
	if (ended.si_code == CLD_EXITED)
		return (struct outcome){ended.si_status, flags};
	return (struct outcome){128 + ended.si_status, flags | OUTCOME_SIGNALLED};
}

/*
 * END, then the reaping: killed in between, we leave the zombie and its status to the engine.
 * END is synced only if no engine is there to commit it to the database.
 */
static int
record_end(const struct job *j, unsigned flags)
{
	struct outcome end = end_of(j, flags);
	struct slot s;

	if (slot_read(RECORD, j->slot, &s) < 0)
		return REFUSED;
	if (s.state == SLOT_EMPTY)
		return REFUSED; /* it died before START: it never ran */
	crash_point("guard.before-end");
	if (s.state == SLOT_STARTED && slot_write_end(RECORD, j->slot, &end) < 0)
		return REFUSED;
	crash_point("guard.ended");
	if (getppid() != j->engine)
		fdatasync(RECORD);
	waitpid(j->action, NULL, 0);
	return end.status;
}

int
main(int argc, char **argv)
{
	const int outputs[] = {STDOUT_FILENO, STDERR_FILENO};
	struct watch w;
	struct slot s;
	struct job j;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	parse(argc, argv, &j);
	if (fcntl(RECORD, F_SETFD, FD_CLOEXEC) < 0 || fcntl(LOCK, F_SETFD, FD_CLOEXEC) < 0)
		refuse("no record on descriptor 8 or no lock on 9");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	crash_point("guard.before-check");

	/* The fence: under the lock and at the last moment, whoever may have started us late. */
	if (slot_read(RECORD, j.slot, &s) < 0 || s.state != SLOT_EMPTY)
		return REFUSED;
	crash_point("guard.checked");
	j.action = start_action(&j);
	if (j.action < 0)
		return REFUSED;
	crash_point("guard.running");
	watch_begin(&w, j.action, &j.limits, outputs, now_ms());
	supervise(&j, &w);
	return record_end(&j, w.flags);
}
