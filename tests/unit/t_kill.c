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
#include "exec/slot.h"
#include "tap.h"
#include "trial.h"

#include <errno.h>
#include <sys/wait.h>

enum { ITEMS_MOST = 400, IN_FLIGHT = 8 };

static void
append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
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

/*
 * Where both die, the action's end may have been seen before the engine came to its point: on a
 * loaded machine an exact result takes the place of unknown, and nothing else does.
 */
static int
is_as_expected(const struct item *item, const struct point *p)
{
	static const struct point exact = {"", ATTEMPT_RESULT, 1, 3, 0};

	if (p->verdict == ATTEMPT_UNKNOWN && item->verdict == ATTEMPT_RESULT)
		p = &exact;
	return item->state == ITEM_FINAL && item->verdict == p->verdict &&
	       item->outcome.status == p->status && item->outcome.flags == p->flags;
}

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
	ok(is_as_expected(item, p), "%s: verdict %d, status %d", p->crash, p->verdict, p->status);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	leave_folder();
}

int
main(int argc, char **argv)
{
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	if (argc == 4) {
		snprintf(folder, sizeof(folder), "%s", argv[2]);
		return !strcmp(argv[1], "engine") ? be_engine(atoi(argv[3]))
						  : be_action(atoi(argv[3]));
	}
	use_trial_guard();
	srand((unsigned)getpid());
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		test_point(&points[i]);
	test_kills("engines killed", 200, 1, 0, 2);
	test_kills("guards killed", 200, 0, 1, 1);
	test_kills("both killed", 200, 1, 1, 2);
	return tap_end();
}
