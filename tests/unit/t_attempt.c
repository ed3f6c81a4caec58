/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"
#include "exec/attempt.h"
#include "exec/env.h"
#include "exec/slot.h"
#include "tap.h"
#include "trial.h"

#include <errno.h>
#include <sys/wait.h>

/* ---- limits and ends, in this process ---- */

struct one {
	struct loop loop;
	struct record record;
	struct attempts attempts;
	struct attempt *a;
	struct timer timer;
};

static struct one one;

static void
stop_on_settled(struct attempt *a)
{
	loop_stop(a->all->loop);
}

static void
open_one(void)
{
	struct fault f;

	enter_folder();
	record_open(&one.record, file("run", -1), &f);
	record_reserve(&one.record, 8, &f);
	loop_open(&one.loop, &f);
	one.attempts = (struct attempts){
	    .loop = &one.loop, .record = &one.record, .epoch = 2, .settled = stop_on_settled};
	is_int(attempts_open(&one.attempts, &f), 0, "the guard is found");
	one.a = attempt_new(&one.attempts, 0, NULL);
}

static void
close_one(void)
{
	attempt_free(one.a);
	attempts_close(&one.attempts);
	loop_close(&one.loop);
	record_close(&one.record);
	leave_folder();
}

/* Starts a shell script with these limits, the times from now. */
static void
start_script(const char *script, struct limits limits, int guarded)
{
	char *argv[] = {
	    (char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)script, NULL};
	struct child_spec spec = {.argv = argv, .limits = limits};
	struct words env;

	if (limits.deadline)
		spec.limits.deadline += when_boot();
	env_init(&env);
	env_put(&env, PROC_KEY, folder);
	spec.env = env.v;
	spec.out = spec.err =
	    open(file("out", -1), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	attempt_start(one.a, &spec, guarded);
	close(spec.out);
	words_done(&env);
}

static void
stop_it(void *arg)
{
	(void)arg;
	attempt_stop(one.a);
}

static void
kill_guard(void *arg)
{
	(void)arg;
	kill_a_guard();
}

static void
test_limit(const char *name, const char *script, struct limits limits, int status, unsigned flags)
{
	for (int guarded = 0; guarded < 2; guarded++) {
		const char *how = guarded ? "guarded" : "without guard";
		struct fault f;

		open_one();
		start_script(script, limits, guarded);
		loop_run(&one.loop, &f);
		is_int(one.a->verdict, ATTEMPT_RESULT, "%s, %s: a result", name, how);
		is_int(one.a->outcome.status, status, "%s, %s: its status", name, how);
		is_int(one.a->outcome.flags, flags, "%s, %s: its flags", name, how);
		is_int(proc_sweep(folder, flags & OUTCOME_LEFT_BEHIND ? SIGKILL : 0),
		    !!(flags & OUTCOME_LEFT_BEHIND), "%s, %s: what is left", name, how);
		close_one();
	}
}

static void
test_limits(void)
{
	const unsigned over = OUTCOME_TIMED_OUT | OUTCOME_SIGNALLED;

	test_limit("an end", "exit 9", (struct limits){.cap = 1}, 9, 0);
	test_limit("no such program", "exec /nowhere/x 2>&-", (struct limits){0}, 127, 0);
	test_limit(
	    "a deadline", "sleep 30", (struct limits){.deadline = 100, .grace = 3000}, 143, over);
	test_limit("TERM ignored", "trap '' TERM; while :; do sleep 1; done",
	    (struct limits){.deadline = 100, .grace = 100}, 137, over);
	test_limit("a flight from the group", "setsid sleep 30 & sleep 0.1; sleep 30",
	    (struct limits){.deadline = 300, .grace = 3000}, 143, over);
	test_limit("a stall", "echo x; sleep 30", (struct limits){.stall = 200, .grace = 3000}, 143,
	    over | OUTCOME_STALLED);
	test_limit("a flood", "head -c 5000 /dev/zero", (struct limits){.cap = 1000}, 0,
	    OUTCOME_TRUNCATED);
	test_limit("a daemon", "sleep 30 & exit 0", (struct limits){0}, 0, OUTCOME_LEFT_BEHIND);
}

static void
test_stop(void)
{
	for (int how = 0; how < 3; how++) {
		static const char *const names[] = {"without guard", "guarded", "orphan"};
		struct timer killer = {.fn = kill_guard};
		struct fault f;

		open_one();
		start_script("sleep 30", (struct limits){.grace = 3000}, how > 0);
		one.timer = (struct timer){.fn = stop_it};
		if (how == 2)
			timer_set(&one.loop.timers, &killer, when_boot() + 100);
		timer_set(&one.loop.timers, &one.timer, when_boot() + 200);
		loop_run(&one.loop, &f);
		is_int(one.a->verdict, ATTEMPT_RESULT, "stopped, %s: a result", names[how]);
		is_int(
		    outcome_kind(&one.a->outcome), OUTCOME_STOP, "stopped, %s: said", names[how]);
		close_one();
	}
}

static void
test_orphan_deadline(void)
{
	struct timer killer = {.fn = kill_guard};
	struct fault f;

	open_one();
	start_script("sleep 30", (struct limits){.deadline = 300, .grace = 3000}, 1);
	timer_set(&one.loop.timers, &killer, when_boot() + 100);
	loop_run(&one.loop, &f);
	is_int(one.a->verdict, ATTEMPT_RESULT, "an orphan's deadline is kept by the engine");
	is_int(outcome_kind(&one.a->outcome), OUTCOME_TIMEOUT, "as a timeout");
	close_one();
}

static void
test_never_executed(void)
{
	char *argv[] = {(char *)(uintptr_t) "/dev/null", NULL};
	struct child_spec spec = {.argv = argv};
	struct words env;
	struct slot s;
	struct fault f;

	open_one();
	env_init(&env);
	spec.env = env.v;
	spec.out = spec.err =
	    open(file("out", -1), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	attempt_start(one.a, &spec, 1);
	loop_run(&one.loop, &f);
	is_int(one.a->outcome.flags, OUTCOME_NEVER_RAN, "what cannot be executed never ran");
	is_int(one.a->outcome.status, EACCES, "with the reason");
	argv[0] = (char *)(uintptr_t) "no-such-program-anywhere";
	attempt_free(one.a);
	one.a = attempt_new(&one.attempts, 1, NULL);
	attempt_start(one.a, &spec, 1);
	is_int(one.a->verdict, ATTEMPT_ALIVE, "nothing settles within the call that starts it");
	loop_run(&one.loop, &f);
	is_int(one.a->outcome.status, ENOENT, "a program that is not found");
	slot_read(one.record.slots, 1, &s);
	is_int(s.state, SLOT_ENDED, "stands in the slot too");
	close(spec.out);
	words_done(&env);
	close_one();
}

/* ---- slots as a crash would leave them ---- */

static enum attempt_verdict
adopt(uint32_t slot, const char *boot)
{
	struct attempt_past past = {.guarded = 1, .boot = boot, .key = folder, .grace = 100};

	attempt_free(one.a);
	one.a = attempt_new(&one.attempts, slot, NULL);
	return attempt_adopt(one.a, &past);
}

static void
test_table(void)
{
	static const char other[] = "00000000-0000-0000-0000-000000000000";
	const char *boot = when_boot_id();
	struct slot_start gone = {.pid = 1, .guard = 1, .epoch = 1, .ticks = 77};
	const struct outcome end = {3, OUTCOME_TRUNCATED};
	int lock, slots;
	struct fault f;

	open_one();
	slots = one.record.slots;
	is_int(adopt(0, other), ATTEMPT_UNKNOWN, "empty, another boot: unknown");
	is_int(adopt(0, boot), ATTEMPT_NEVER_STARTED, "empty, this boot: never started");
	is_int(record_lock(&one.record, 0, &lock, &f), 0, "and it holds the lock");
	is_int(attempt_dispose(one.a, &f), 0, "it can be disposed of");
	is_int(adopt(0, boot), ATTEMPT_VOID, "and is void from then on");
	slot_write_start(slots, 1, &gone);
	is_int(adopt(1, other), ATTEMPT_UNKNOWN, "START, another boot: unknown");
	is_int(adopt(1, boot), ATTEMPT_UNKNOWN, "START, another process of that pid: unknown");
	slot_write_end(slots, 1, &end);
	record_lock(&one.record, 1, &lock, &f);
	is_int(adopt(1, other), ATTEMPT_RESULT, "END: the result, whatever boot and lock say");
	is_int(one.a->outcome.status, 3, "with its status");
	close(lock);
	record_lock(&one.record, 2, &lock, &f);
	is_int(adopt(2, boot), ATTEMPT_ALIVE, "the lock held: alive");
	close(lock);
	loop_run(&one.loop, &f);
	is_int(one.a->verdict, ATTEMPT_NEVER_STARTED, "until it is let go");
	close_one();
}

/* A process that is not our child, whose parent never reaps it: some inits do not. */
static pid_t
start_foreign(pid_t *parent)
{
	pid_t pid = 0;
	int ends[2];

	if (pipe(ends) < 0 || (*parent = fork()) < 0)
		abort();
	if (*parent == 0) {
		pid = fork();
		if (pid == 0) {
			setpgid(0, 0);
			execlp("sleep", "sleep", "30", (char *)NULL);
			_exit(1);
		}
		/* Our handler of SIGCHLD is inherited: one pause would end with the child. */
		if (write(ends[1], &pid, sizeof(pid)) == sizeof(pid))
			for (;;)
				pause();
		_exit(1);
	}
	if (read(ends[0], &pid, sizeof(pid)) != sizeof(pid))
		pid = 0;
	close(ends[0]);
	close(ends[1]);
	return pid;
}

/* What two killed processes, guard and engine, leave of an action. */
static void
test_foreign_orphan(void)
{
	struct slot_start start = {.guard = 1, .epoch = 1};
	struct proc p;
	struct fault f;
	pid_t parent = 0;
	int64_t began;
	int fd;

	open_one();
	start.pid = start_foreign(&parent);
	is_int(proc_read(start.pid, &p), 1, "a process can be looked at");
	start.ticks = p.ticks;
	slot_write_start(one.record.slots, 3, &start);
	is_int(adopt(3, when_boot_id()), ATTEMPT_ALIVE, "START and its process alive: adopted");
	is_int(record_lock(&one.record, 3, &fd, &f), 0, "the lock is kept meanwhile");
	began = when_boot();
	kill(start.pid, SIGKILL);
	loop_run(&one.loop, &f);
	ok(when_boot() - began < 500, "its end wakes the engine at once, reaped or not");
	is_int(one.a->verdict, ATTEMPT_UNKNOWN, "with no status to be had: unknown");
	kill(parent, SIGKILL);
	close_one();
}

static void
test_clear(void)
{
	struct attempt_past past = {.boot = when_boot_id(), .key = folder, .grace = 200};
	struct fault f;
	pid_t pid;

	open_one();
	pid = fork();
	if (pid == 0) {
		setsid();
		setenv(PROC_KEY, folder, 1);
		execlp("sh", "sh", "-c", "trap '' TERM; while :; do sleep 1; done", (char *)NULL);
		_exit(1);
	}
	sleep_ms(100);
	is_int(attempt_adopt(one.a, &past), ATTEMPT_UNKNOWN, "without guard: unknown");
	ok(proc_sweep(folder, 0) >= 1, "something of it lives");
	attempt_clear(one.a);
	loop_run(&one.loop, &f);
	is_int(one.a->verdict, ATTEMPT_CLEARED, "clearing settles");
	is_int(proc_sweep(folder, 0), 0, "when nothing of it lives");
	close_one();
}

/* A guard that comes late finds the slot taken. */
static void
test_fence(void)
{
	static const char *const names[] = {"started", "ended", "void"};
	const struct slot_start start = {.pid = 1, .guard = 1, .ticks = 77};
	const struct outcome end = {0};

	for (int i = 0; i < 3; i++) {
		pid_t pid;
		int lock, wstatus;
		struct fault f;

		open_one();
		if (i == 2)
			slot_write_void(one.record.slots, 0);
		else
			slot_write_start(one.record.slots, 0, &start);
		if (i == 1)
			slot_write_end(one.record.slots, 0, &end);
		record_lock(&one.record, 0, &lock, &f);
		pid = fork();
		if (pid == 0) {
			dup2(one.record.slots, 8);
			dup2(lock, 9);
			execl(one.attempts.guard, "craton-guard", "0", "1", "1", "0", "0", "0", "0",
			    "--", "/bin/sh", "-c", "exit 0", (char *)NULL);
			_exit(1);
		}
		waitpid(pid, &wstatus, 0);
		is_int(
		    WEXITSTATUS(wstatus), 125, "a late guard refuses a slot that is %s", names[i]);
		close(lock);
		close_one();
	}
}

int
main(void)
{
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	use_trial_guard();
	test_table();
	test_fence();
	test_foreign_orphan();
	test_never_executed();
	test_limits();
	test_stop();
	test_orphan_deadline();
	test_clear();
	return tap_end();
}
