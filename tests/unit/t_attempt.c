/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attempts under kill -9. This program plays every part: the engine (argv "engine"), with a
 * journal of one line a transition for a database; the action (argv "action"), which tells a
 * witness file of its own when it starts and ends and holds a lock meanwhile, so that two at
 * once are seen by the kernel and not by the engine; and the killer, which in the end
 * compares the engine's journal with the witness.
 */
#include "base/when.h"
#include "exec/attempt.h"
#include "exec/crash.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "exec/slot.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ITEMS_MOST = 400, IN_FLIGHT = 8 };

static char self[4096], folder[64];

/* The path of a file of this trial; good for four calls. */
static const char *
file(const char *name, int n)
{
	static char paths[4][512];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(*paths), n < 0 ? "%s/%s" : "%s/%s.%d", folder, name, n);
	return path;
}

static void
append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

static void
sleep_ms(int ms)
{
	const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

/* ---- the action: witness ---- */

static int
action_ms(int item)
{
	return item * 7 % 29 + 1;
}

static int
action_status(int item)
{
	return item % 11 == 5 ? 3 : 0;
}

static int
be_action(int item)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	int fd = open(file("alive", item), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char text[32];

	if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		append(file("witness", item), "overlap\n");
	append(file("witness", item), "started\n");
	sleep_ms(action_ms(item));
	snprintf(text, sizeof(text), "ended %d\n", action_status(item));
	append(file("witness", item), text);
	return action_status(item);
}

/* ---- the engine ---- */

enum item_state { ITEM_NEW, ITEM_RUNNING, ITEM_FINAL };

struct item {
	enum item_state state;
	enum attempt_verdict verdict;
	struct outcome outcome;
	struct attempt *attempt;
};

struct engine {
	struct loop loop;
	struct record record;
	struct attempts attempts;
	struct item items[ITEMS_MOST];
	int n, in_flight, final;
	VEC(int) settled; /* since the last turn */
};

static struct engine engine;

static void
read_journal(struct item *items)
{
	FILE *in = fopen(file("journal", -1), "r");
	int item, verdict, status;
	unsigned flags;
	char what, line[64];

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%c %d %d %d %u", &what, &item, &verdict, &status, &flags) < 2)
			continue;
		items[item].state = what == 'i' ? ITEM_RUNNING : ITEM_FINAL;
		if (what == 'r') {
			items[item].verdict = (enum attempt_verdict)verdict;
			items[item].outcome = (struct outcome){status, flags};
		}
	}
	if (in)
		fclose(in);
}

static void
on_settled(struct attempt *a)
{
	vec_push(&engine.settled, (int)a->slot);
}

static void
start_item(int n)
{
	char number[16], key[128];
	char *argv[] = {self, (char *)(uintptr_t) "action", folder, number, NULL};
	struct words env;
	struct child_spec spec = {.argv = argv, .limits = {.grace = 1000, .cap = 1 << 20}};

	snprintf(number, sizeof(number), "%d", n);
	snprintf(key, sizeof(key), "%s/%d", folder, n);
	env_init(&env);
	env_put(&env, PROC_KEY, key);
	spec.env = env.v;
	spec.out = spec.err =
	    open(file("out", -1), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	spec.limits.deadline = when_boot() + 20000;
	attempt_start(engine.items[n].attempt, &spec, 1);
	close(spec.out);
	words_done(&env);
}

static void
finish_item(int n, struct str *journal)
{
	struct item *item = &engine.items[n];

	str_addf(journal, "r %d %d %d %u\n", n, item->attempt->verdict,
	    item->attempt->outcome.status, item->attempt->outcome.flags);
	item->state = ITEM_FINAL;
	attempt_free(item->attempt);
	item->attempt = NULL;
	engine.in_flight--;
	engine.final++;
}

/* Results and intents in one write, then what they allow: the order of a real engine. */
static void
turn(void *arg)
{
	VEC(int) starts = {0};
	struct str journal = STR_INIT;
	struct fault f;

	(void)arg;
	for (size_t i = 0; i < engine.settled.n; i++) {
		int n = engine.settled.v[i];

		if (engine.items[n].attempt->verdict == ATTEMPT_NEVER_STARTED)
			vec_push(&starts, n);
		else
			finish_item(n, &journal);
	}
	engine.settled.n = 0;
	for (int n = 0; n < engine.n && engine.in_flight < IN_FLIGHT; n++)
		if (engine.items[n].state == ITEM_NEW) {
			engine.items[n].state = ITEM_RUNNING;
			engine.items[n].attempt = attempt_new(&engine.attempts, (uint32_t)n, NULL);
			engine.in_flight++;
			str_addf(&journal, "i %d\n", n);
			vec_push(&starts, n);
		}
	if (record_reserve(&engine.record, ITEMS_MOST, &f) < 0)
		_exit(9);
	crash_point("engine.before-commit");
	if (journal.len)
		append(file("journal", -1), journal.text);
	crash_point("engine.committed");
	for (size_t i = 0; i < starts.n; i++)
		start_item(starts.v[i]);
	vec_done(&starts);
	str_done(&journal);
	if (engine.final == engine.n)
		loop_stop(&engine.loop);
}

static void
adopt_item(int n)
{
	struct item *item = &engine.items[n];
	struct attempt_past past = {.guarded = 1,
	    .boot = when_boot_id(),
	    .key = "",
	    .deadline = when_boot() + 20000,
	    .grace = 1000};

	item->attempt = attempt_new(&engine.attempts, (uint32_t)n, NULL);
	engine.in_flight++;
	if (attempt_adopt(item->attempt, &past) != ATTEMPT_ALIVE)
		vec_push(&engine.settled, n);
}

static int
be_engine(int n)
{
	struct fault f;

	engine.n = n;
	while (record_open(&engine.record, file("run", -1), &f) < 0) {
		if (f.kind != FAULT_BUSY)
			return 8;
		sleep_ms(1);
	}
	if (loop_open(&engine.loop, &f) < 0)
		return 8;
	engine.loop.turn = turn;
	engine.attempts = (struct attempts){
	    .loop = &engine.loop, .record = &engine.record, .epoch = 1, .settled = on_settled};
	if (attempts_open(&engine.attempts, &f) < 0)
		return 8;
	read_journal(engine.items);
	for (int i = 0; i < n; i++) {
		engine.final += engine.items[i].state == ITEM_FINAL;
		if (engine.items[i].state == ITEM_RUNNING)
			adopt_item(i);
	}
	if (loop_run(&engine.loop, &f) < 0)
		return 8;
	attempts_close(&engine.attempts);
	loop_close(&engine.loop);
	record_close(&engine.record);
	vec_done(&engine.settled);
	return 0;
}

/* ---- the killer ---- */

static pid_t
start_engine(int items, const char *crash)
{
	char number[16];
	pid_t pid = fork();

	if (pid)
		return pid;
	snprintf(number, sizeof(number), "%d", items);
	if (crash)
		setenv("CRATON_CRASH", crash, 1);
	execl(self, self, "engine", folder, number, (char *)NULL);
	_exit(8);
}

struct victims {
	pid_t pids[256];
	int n;
};

/* A guard of this trial: a session's leader whose command line names our folder. */
static void
find_guard(pid_t pid, void *arg)
{
	struct victims *v = arg;
	char path[64], line[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, line, sizeof(line));
	close(fd);
	if (n > 0 && v->n < 256 && !strncmp(line, "craton-guard", 13) &&
	    memmem(line, (size_t)n, folder, strlen(folder) + 1) && getsid(pid) == pid)
		v->pids[v->n++] = pid;
}

static int
kill_a_guard(void)
{
	struct victims v = {.n = 0};

	proc_each(find_guard, &v);
	return v.n && kill(v.pids[rand() % v.n], SIGKILL) == 0;
}

struct strikes {
	int engines, guards;
};

/* Reaps what has ended, guards and orphans of dead engines too; 1 if the engine is among it. */
static int
has_ended(pid_t engine_pid, int *wstatus)
{
	int status, found = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == engine_pid) {
			*wstatus = status;
			found = 1;
		}
	return found;
}

/* Runs a trial to its end; 0, or the engine's bad status. */
static int
run_trial(int items, int kill_engines, int kill_guards, struct strikes *s)
{
	pid_t pid = start_engine(items, NULL);
	int wstatus;

	for (;;) {
		sleep_ms(rand() % 10 + 1);
		if (kill_guards && rand() % 2)
			s->guards += kill_a_guard();
		if (kill_engines && rand() % 2)
			kill(pid, SIGKILL);
		if (!has_ended(pid, &wstatus))
			continue;
		if (WIFEXITED(wstatus))
			return WEXITSTATUS(wstatus);
		s->engines++;
		pid = start_engine(items, NULL);
	}
}

struct witness {
	int started, overlaps, ended, status;
};

static struct witness
ask_witness(int item)
{
	FILE *in = fopen(file("witness", item), "r");
	struct witness w = {0};
	char line[64];

	while (in && fgets(line, sizeof(line), in)) {
		w.started += !strcmp(line, "started\n");
		w.overlaps += !strcmp(line, "overlap\n");
		w.ended += sscanf(line, "ended %d", &w.status) == 1;
	}
	if (in)
		fclose(in);
	return w;
}

struct verdicts {
	int lost, twice, wrong, unknown, never;
};

static void
judge_item(const struct item *item, const struct witness *w, struct verdicts *v)
{
	if (item->state != ITEM_FINAL) {
		v->lost++;
		return;
	}
	v->twice += w->started > 1 || w->overlaps;
	if (item->verdict == ATTEMPT_UNKNOWN)
		v->unknown++;
	else if (item->verdict != ATTEMPT_RESULT)
		v->wrong++;
	else if (item->outcome.flags & OUTCOME_NEVER_RAN) {
		v->never++;
		v->wrong += w->started != 0;
	} else
		v->wrong +=
		    w->ended != 1 || item->outcome.flags || w->status != item->outcome.status;
}

static struct verdicts
judge(int items)
{
	static struct item journal[ITEMS_MOST];
	struct verdicts v = {0};

	memset(journal, 0, sizeof(journal));
	read_journal(journal);
	for (int i = 0; i < items; i++) {
		struct witness w = ask_witness(i);

		judge_item(&journal[i], &w, &v);
	}
	return v;
}

static void
enter_folder(void)
{
	strcpy(folder, "/tmp/t_attempt.XXXXXX");
	if (!mkdtemp(folder))
		_exit(1);
}

static void
leave_folder(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;

	while (dir && (e = readdir(dir)))
		unlink(file(e->d_name, -1));
	if (dir)
		closedir(dir);
	rmdir(folder);
}

static void
test_kills(const char *name, int items, int engines, int guards, int rounds)
{
	struct strikes s = {0};
	struct verdicts all = {0};
	int status = 0;

	for (int i = 0; i < rounds && !status; i++) {
		struct verdicts v;

		enter_folder();
		status = run_trial(items, engines, guards, &s);
		v = judge(items);
		all.lost += v.lost;
		all.twice += v.twice;
		all.wrong += v.wrong;
		all.unknown += v.unknown;
		all.never += v.never;
		leave_folder();
	}
	printf("# %s: %d engines and %d guards killed, %d unknown, %d never ran\n", name, s.engines,
	    s.guards, all.unknown, all.never);
	is_int(status, 0, "%s: the run comes to its end", name);
	ok(s.engines + s.guards >= 20, "%s: at least 20 kills", name);
	is_int(all.lost, 0, "%s: no step is forgotten", name);
	is_int(all.twice, 0, "%s: no step is started twice", name);
	is_int(all.wrong, 0, "%s: every result is what the witness saw", name);
	if (engines && guards)
		ok(all.unknown <= s.guards, "%s: unknown at most once a killed guard", name);
	else
		is_int(all.unknown, 0, "%s: nothing is unknown", name);
}

/* ---- named points ---- */

static const struct point {
	const char *crash;
	enum attempt_verdict verdict;
	int started, status;
	unsigned flags;
} points[] = {
    {"guard.before-check", ATTEMPT_RESULT, 0, EIO, OUTCOME_NEVER_RAN},
    {"guard.checked", ATTEMPT_RESULT, 0, EIO, OUTCOME_NEVER_RAN},
    {"action.before-start", ATTEMPT_RESULT, 0, EIO, OUTCOME_NEVER_RAN},
    {"action.started", ATTEMPT_RESULT, 0, 137, OUTCOME_SIGNALLED},
    {"guard.running", ATTEMPT_RESULT, 1, 3, 0},
    {"guard.before-end", ATTEMPT_RESULT, 1, 3, 0},
    {"guard.ended", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.before-commit", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.before-commit:2", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.committed", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.before-lock", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.locked", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.spawned", ATTEMPT_RESULT, 1, 3, 0},
    {"engine.reaped", ATTEMPT_RESULT, 1, 3, 0},
    {"guard.before-check,engine.spawned", ATTEMPT_RESULT, 1, 3, 0},
    {"guard.running,engine.ended", ATTEMPT_RESULT, 1, 3, 0},
    {"guard.running,engine.before-end", ATTEMPT_UNKNOWN, 1, 0, 0},
    {"guard.running,engine.reaped", ATTEMPT_UNKNOWN, 1, 0, 0},
    {"guard.before-end,engine.spawned", ATTEMPT_UNKNOWN, 1, 0, 0},
    {"guard.ended,engine.reaped", ATTEMPT_RESULT, 1, 3, 0},
};

/* Item 0 would exit 0, so the sixth of six is watched: it exits 3. */
static void
test_point(const struct point *p)
{
	struct item journal[ITEMS_MOST] = {0};
	const struct item *item = &journal[5];
	struct witness w;
	int wstatus;
	pid_t pid;

	enter_folder();
	append(file("journal", -1), "r 0 1 0 0\nr 1 1 0 0\nr 2 1 0 0\nr 3 1 0 0\nr 4 1 0 0\n");
	pid = start_engine(6, p->crash);
	waitpid(pid, &wstatus, 0);
	if (strstr(p->crash, "engine."))
		ok(WIFSIGNALED(wstatus), "%s: the engine dies there", p->crash);
	if (WIFSIGNALED(wstatus)) {
		pid = start_engine(6, NULL);
		waitpid(pid, &wstatus, 0);
	}
	is_int(wstatus, 0, "%s: the run comes to its end", p->crash);
	read_journal(journal);
	w = ask_witness(5);
	is_int(w.started, p->started, "%s: started %d times", p->crash, p->started);
	ok(item->state == ITEM_FINAL && item->verdict == p->verdict &&
		item->outcome.status == p->status && item->outcome.flags == p->flags,
	    "%s: verdict %d, status %d", p->crash, p->verdict, p->status);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	leave_folder();
}

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
		if (write(ends[1], &pid, sizeof(pid)) == sizeof(pid))
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
main(int argc, char **argv)
{
	char guard[4200], *slash;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	if (argc == 4) {
		snprintf(folder, sizeof(folder), "%s", argv[2]);
		return !strcmp(argv[1], "engine") ? be_engine(atoi(argv[3]))
						  : be_action(atoi(argv[3]));
	}
	slash = strrchr(self, '/');
	snprintf(guard, sizeof(guard), "%.*s/craton-guard", (int)(slash - self), self);
	setenv("CRATON_GUARD", guard, 1);
	srand((unsigned)getpid());
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that no zombie of these tests is left to init */
	test_table();
	test_fence();
	test_foreign_orphan();
	test_never_executed();
	test_limits();
	test_stop();
	test_orphan_deadline();
	test_clear();
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		test_point(&points[i]);
	test_kills("engines killed", 200, 1, 0, 2);
	test_kills("guards killed", 200, 0, 1, 1);
	test_kills("both killed", 200, 1, 1, 2);
	return tap_end();
}
