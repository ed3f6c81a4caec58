/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"
#include "exec/child.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "exec/spawn.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/t_child.XXXXXX";

/* A spec for a shell script; its environment and argv live until the next one. */
static struct child_spec
script(const char *text)
{
	static struct words env;
	static char *argv[4];
	char key[64];

	words_done(&env);
	env_init(&env);
	snprintf(key, sizeof(key), "t_child/%d", (int)getpid());
	env_put(&env, PROC_KEY, key);
	argv[0] = (char *)(uintptr_t) "sh";
	argv[1] = (char *)(uintptr_t) "-c";
	argv[2] = (char *)(uintptr_t)text;
	return (struct child_spec){.argv = argv,
	    .env = env.v,
	    .out = CHILD_TO_MEMORY,
	    .err = CHILD_TO_MEMORY,
	    .limits = {.deadline = when_boot() + 10000, .grace = 5000, .cap = 1 << 20}};
}

static struct child *
run(const struct child_spec *spec)
{
	struct child *c;
	struct fault f;

	if (child_run(spec, &c, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		exit(1);
	}
	return c;
}

static const char *
out_of(const struct child *c)
{
	return c->outputs[0].text.text ? c->outputs[0].text.text : "";
}

/* Runs a script and compares what it printed. */
static void
prints(const char *text, const char *wanted, const char *name)
{
	struct child_spec spec = script(text);
	struct child *c = run(&spec);

	is_text(out_of(c), wanted, "%s", name);
	child_free(c);
}

static void
ends(const struct child_spec *spec, enum outcome_kind kind, const char *text, const char *name)
{
	struct child *c = run(spec);
	char buf[OUTCOME_TEXT];

	is_text(outcome_words[outcome_kind(&c->outcome)], outcome_words[kind], "%s", name);
	is_text(outcome_text(&c->outcome, buf), text, "... and says so");
	child_free(c);
}

static void
test_outcomes(void)
{
	static const struct {
		const char *script;
		enum outcome_kind kind;
		const char *text, *name;
	} cases[] = {
	    {"exit 0", OUTCOME_DONE, "exit status 0", "0 is done"},
	    {"exit 75", OUTCOME_TEMPORARY, "exit status 75", "75 is temporary"},
	    {"exit 111", OUTCOME_TEMPORARY, "exit status 111", "111 is temporary"},
	    {"exit 100", OUTCOME_PERMANENT, "exit status 100", "100 is permanent"},
	    {"exit 3", OUTCOME_FAILED, "exit status 3", "any other status is failed"},
	    {"exit 137", OUTCOME_FAILED, "exit status 137", "137 is a status like others"},
	    {"kill -9 $$", OUTCOME_SIGNAL, "killed by signal 9 (Killed)", "a signal is not"},
	};
	struct child_spec spec;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		spec = script(cases[i].script);
		ends(&spec, cases[i].kind, cases[i].text, cases[i].name);
	}
}

static void
test_not_started(void)
{
	char path[64], *argv[] = {path, NULL};
	struct child_spec spec = script("");
	int fd;

	spec.argv = argv;
	strcpy(path, "no-such-program-anywhere");
	ends(&spec, OUTCOME_FAILED, "could not start: No such file or directory",
	    "a program that is not in PATH cannot start");
	snprintf(path, sizeof(path), "%s/plain", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ends(&spec, OUTCOME_FAILED, "could not start: Permission denied",
	    "a file without x cannot start");
	fchmod(fd, 0755);
	(void)!write(fd, "echo run by a shell\n", 20);
	close(fd);
	ends(&spec, OUTCOME_FAILED, "could not start: Exec format error",
	    "a script without #! is not given to a shell");
	unlink(path);
	spec = script("exit 0");
	spec.folder = "/nowhere";
	ends(&spec, OUTCOME_FAILED, "could not start: No such file or directory",
	    "nor is one started in a folder that is not there");
}

static void
test_surroundings(void)
{
	struct child_spec spec = script("pwd; cat");
	struct child *c;
	int leak = open("/dev/null", O_RDONLY); /* without close-on-exec, as libraries do */

	spec.folder = "/";
	spec.input = "{\"to\":\"x\"}\n";
	spec.input_len = strlen(spec.input);
	c = run(&spec);
	is_text(out_of(c), "/\n{\"to\":\"x\"}\n", "it starts in its folder and reads its input");
	child_free(c);
	prints("cat", "", "without input it reads nothing");
	prints("ls /proc/self/fd | wc -l | tr -d ' '", "4\n",
	    "it has three descriptors, and ls the folder's");
	close(leak);
	signal(SIGPIPE, SIG_IGN);
	/* 32 and 33 are the C library's own: it ignores them in what it spawns */
	prints("while read -r name value; do case $name in SigBlk:|SigIgn:) "
	       "echo $((0x$value & 0x7fffffff)) ;; esac; done </proc/self/status",
	    "0\n0\n", "no signal is blocked or ignored");
	signal(SIGPIPE, SIG_DFL);
	prints("test $$ = $(ps -o pgid= -p $$ | tr -d ' ') && echo own", "own\n",
	    "its process group is its own");
	prints("echo ${CRATON_KEY%/*}", "t_child\n", "the environment is the one given");
}

static void
test_output(void)
{
	struct child_spec spec =
	    script("head -c 300000 /dev/zero | tr '\\0' x; echo e >&2; exit 3");
	struct child *c = run(&spec);

	is_int(c->outputs[0].text.len, 300000, "output larger than a pipe arrives whole");
	is_text(c->outputs[1].text.text, "e\n", "stderr is apart");
	is_int(c->outcome.status, 3, "with the exit status");
	child_free(c);
	spec = script("head -c 300000 /dev/zero | tr '\\0' x; exit 3");
	spec.limits.cap = 1000;
	c = run(&spec);
	is_int(c->outputs[0].text.len, 1000, "past the cap the head is kept");
	is_int(c->outcome.flags, OUTCOME_TRUNCATED, "and marked truncated");
	is_int(c->outcome.status, 3, "and the program comes to its own end");
	child_free(c);
}

static void
test_output_to_a_file(void)
{
	struct child_spec spec = script("head -c 5000 /dev/zero; sleep 1.3; echo more; exit 0");
	char path[64];
	struct child *c;
	struct stat st;

	snprintf(path, sizeof(path), "%s/out", folder);
	spec.out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	spec.limits.cap = 1000;
	c = run(&spec);
	fstat(spec.out, &st);
	is_int(st.st_size, 1000, "a file is cut back to the cap");
	is_int(c->outcome.flags, OUTCOME_TRUNCATED, "and marked");
	is_int(c->outcome.status, 0, "and its writer is left alone");
	child_free(c);
	close(spec.out);
	unlink(path);
}

/* Whether anything with our key lives; a daemon that was left may take a moment to appear. */
static int
is_anything_left(void)
{
	char key[64];

	snprintf(key, sizeof(key), "t_child/%d", (int)getpid());
	return proc_sweep(key, 0);
}

static void
test_deadline(void)
{
	struct child_spec spec = script("sleep 30");
	int64_t began = when_boot();
	struct child *c;

	spec.limits.deadline = began + 100;
	ends(&spec, OUTCOME_TIMEOUT, "timed out", "a child is ended at its deadline");
	ok(when_boot() - began < 3000, "at once if it heeds TERM");

	began = when_boot();
	spec = script("trap '' TERM; while :; do sleep 1; done");
	spec.limits.deadline = began + 100;
	spec.limits.grace = 200;
	ends(&spec, OUTCOME_TIMEOUT, "timed out", "one that ignores TERM");
	ok(when_boot() - began >= 300 && when_boot() - began < 3000, "is killed after the grace");

	spec = script("setsid sh -c 'trap \"\" TERM; exec sleep 30' & sleep 30");
	spec.limits.deadline = when_boot() + 200;
	c = run(&spec);
	is_int(c->outcome.flags & OUTCOME_LEFT_BEHIND, 0, "what fled its group is swept away");
	is_int(is_anything_left(), 0, "so nothing with its key lives");
	child_free(c);

	spec = script("echo a; sleep 0.2; echo b; sleep 30");
	spec.limits.stall = 400;
	ends(&spec, OUTCOME_TIMEOUT, "timed out: no output for too long",
	    "one that stalls is ended before its deadline");
}

static void
test_left_behind(void)
{
	struct child_spec spec = script("sleep 30 & echo started");
	int64_t began = when_boot();
	struct child *c = run(&spec);
	char key[64];

	is_text(out_of(c), "started\n", "a child's output ends with it");
	ok(when_boot() - began < 3000, "even if a daemon keeps the pipe open");
	is_int(c->outcome.flags, OUTCOME_LEFT_BEHIND, "that is marked as left behind");
	is_int(is_anything_left(), 1, "and lives on");
	child_free(c);
	snprintf(key, sizeof(key), "t_child/%d", (int)getpid());
	proc_sweep(key, SIGKILL);
}

/* ---- many at once, and the loop's turns ---- */

struct crowd {
	struct loop loop;
	int ended, good, turns, max_in_turn, in_turn;
};

enum { CROWD = 300 };

static void
one_of_crowd(struct child *c)
{
	struct crowd *crowd = c->arg;

	crowd->ended++;
	crowd->in_turn++;
	crowd->good += c->outcome.status == 7 && !c->outcome.flags && !strcmp(out_of(c), "out\n");
	child_free(c);
}

static void
turn(void *arg)
{
	struct crowd *crowd = arg;

	crowd->turns++;
	if (crowd->in_turn > crowd->max_in_turn)
		crowd->max_in_turn = crowd->in_turn;
	crowd->in_turn = 0;
	if (crowd->ended == CROWD)
		loop_stop(&crowd->loop);
}

static void
test_many(void)
{
	struct crowd crowd = {0};
	struct child_spec spec;
	struct fault f;

	is_int(spawn_room(CROWD * 2, &f), 0, "there is room for their descriptors");
	is_int(loop_open(&crowd.loop, &f), 0, "a loop opens");
	crowd.loop.turn = turn;
	crowd.loop.arg = &crowd;
	spec = script("echo out; exit 7");
	for (int i = 0; i < CROWD; i++)
		child_start(&crowd.loop, &spec, one_of_crowd, &crowd);
	is_int(crowd.ended, 0, "none is reported within the call that starts it");
	is_int(loop_run(&crowd.loop, &f), 0, "the loop runs until it is stopped");
	is_int(crowd.good, CROWD, "all of 300 at once end as they should");
	is_int(crowd.in_turn, 0, "no end comes after the last turn");
	ok(crowd.max_in_turn > 1, "several that end together share a turn");
	loop_close(&crowd.loop);
	is_int(spawn_room((size_t)1 << 40, &f), -1, "more than the system allows is refused");
	is_int(f.kind, FAULT_REFUSED, "by name");
}

/* ---- timers, signals, stopping ---- */

struct order {
	struct loop loop;
	char text[16];
	struct timer timers[4];
	struct loop_watch user;
	struct child *child;
};

static struct order order;

static void
note(const char *word)
{
	strcat(order.text, word);
}

static void
on_a(void *arg)
{
	(void)arg;
	note("a");
	timer_stop(&order.loop.timers, &order.timers[3]);
	timer_set(&order.loop.timers, &order.timers[2], 0);
}

static void
on_b(void *arg)
{
	(void)arg;
	note("b");
	kill(getpid(), SIGUSR1);
}

static void
on_c(void *arg)
{
	(void)arg;
	note("c");
}

static void
on_user(void *arg)
{
	(void)arg;
	note("u");
	child_stop(order.child);
}

static void
on_stopped(struct child *c)
{
	is_int(outcome_kind(&c->outcome), OUTCOME_STOP, "a stopped child says that it was stopped");
	child_free(c);
	loop_stop(&order.loop);
}

static void
test_timers_and_signals(void)
{
	struct child_spec spec = script("sleep 30");
	int64_t now = when_boot();
	struct fault f;

	loop_open(&order.loop, &f);
	order.timers[0].fn = on_a;
	order.timers[1].fn = on_b;
	order.timers[2].fn = on_c;
	order.timers[3].fn = on_c;
	timer_set(&order.loop.timers, &order.timers[3], now + 20);
	timer_set(&order.loop.timers, &order.timers[1], now + 40);
	timer_set(&order.loop.timers, &order.timers[0], now + 10);
	order.user.fn = on_user;
	loop_signal(&order.loop, &order.user, SIGUSR1, &f);
	order.child = child_start(&order.loop, &spec, on_stopped, NULL);
	loop_run(&order.loop, &f);
	is_text(order.text, "acbu", "timers come in order, stopped ones not, signals in the loop");
	loop_unwatch(&order.user);
	loop_close(&order.loop);
}

int
main(void)
{
	struct child_spec last;

	if (!mkdtemp(folder))
		return 1;
	test_outcomes();
	test_not_started();
	test_surroundings();
	test_output();
	test_output_to_a_file();
	test_deadline();
	test_left_behind();
	test_many();
	test_timers_and_signals();
	is_int(is_anything_left(), 0, "nothing of these tests is left");
	last = script("");
	for (char **e = (char **)(uintptr_t)last.env; *e; e++)
		free(*e);
	free((void *)(uintptr_t)last.env);
	rmdir(folder);
	return tap_end();
}
