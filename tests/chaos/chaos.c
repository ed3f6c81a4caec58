/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 of engines, guards and actions at random instants, then resume until the run is
 * over, then the comparison of what the database says with what the witnesses saw:
 *
 *	repeated    a step that is not idempotent was started again after it had ended well, or
 *	            after a start whose end nobody saw (verify, which asks, may allow the latter)
 *	forgotten   a witness saw the end, and the database has neither the result nor a doubt
 *	overlap     two attempts on one item at once
 *	invented    the database has a result that no witness saw
 *	unreported  a doubt without an event, or an item given up without its row
 *
 *	chaos FOLDER WITNESS KILLS [SEED]
 *	chaos FOLDER WITNESS points TOOL GUARD
 *
 * With points, no kills at random instants: TOOL and GUARD, built with crash points, die at
 * each of them in turn, engines the first and the sixth time that they come by.
 *
 * FOLDER holds template.db with the fleet and open.policy for it. Only processes that carry this
 *trial's database in their environment are killed. Prints the seed, which repeats the choices
 *though not the instants, and exits 1 on any violation.
 */
#include "base/when.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "exec/spawn.h"
#include "fleet/session.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRIAL_MS = 120000 };

struct chaos {
	char *folder, *witness, *trial, *db, *plan;
	char *tool, *guard, *crash; /* with points: crash is where the next engine dies */
	uint64_t random;
	int wanted, trials;
	int engines, guards, actions, both, stops; /* killed */
	int steps, unknown, violations;
};

static uint64_t
draw(struct chaos *c, uint64_t below)
{
	c->random ^= c->random << 13; /* xorshift64, Marsaglia 2003 */
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return c->random % below;
}

static void
sleep_ms(int64_t ms)
{
	const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

_Noreturn static void
give_up(const char *what)
{
	fprintf(stderr, "chaos: %s: %s\n", what, strerror(errno));
	exit(2);
}

static char *
in_trial(const struct chaos *c, const char *name)
{
	return mem_printf("%s/%s", c->trial, name);
}

/* ---- programs ---- */

static pid_t
start(const struct chaos *c, const char *out, char *const *argv)
{
	int log = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), error;
	char *messages = in_trial(c, "stderr");
	int talk = open(messages, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	struct words env;
	struct spawn s;
	pid_t pid = 0;

	env_init(&env);
	env_put(&env, "CRATON_DB", c->db);
	env_put(&env, "CRATON_CRASH", c->crash);
	env_put(&env, "CRATON_GUARD", c->guard);
	s = (struct spawn){.path = spawn_find(argv[0], env.v),
	    .argv = argv,
	    .env = env.v,
	    .way = SPAWN_GROUP,
	    .fds = {{null, 0}, {log, 1}, {talk, 2}},
	    .nfds = 3};
	error = s.path ? spawn(&s, &pid) : errno;
	if (error) {
		errno = error;
		give_up(argv[0]);
	}
	close(log);
	close(null);
	close(talk);
	free(messages);
	free((char *)(uintptr_t)s.path);
	words_done(&env);
	return pid;
}

static pid_t
start_engine(const struct chaos *c, int is_first)
{
	char tool[] = "craton-remediate", run[] = "run", resume[] = "resume", jsonl[] = "-ojsonl";
	char quiet[] = "-q";
	char *argv[] = {c->crash ? c->tool : tool, is_first ? run : resume, jsonl, quiet,
	    is_first ? c->plan : NULL, NULL};
	char *out = in_trial(c, "events");
	pid_t pid = start(c, out, argv);

	free(out);
	return pid;
}

/* ---- victims ---- */

struct hunt {
	const struct chaos *c;
	const char *name; /* of the program, as in /proc/PID/comm */
	VEC(pid_t) found;
};

static int
is_ours(const struct chaos *c, pid_t pid)
{
	char *path = mem_printf("/proc/%d/environ", (int)pid), *want, buf[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC), found = 0;
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	want = mem_printf("CRATON_DB=%s", c->db);
	for (ssize_t at = 0; at < n; at += (ssize_t)strnlen(buf + at, (size_t)(n - at)) + 1)
		found |= !strncmp(buf + at, want, (size_t)(n - at));
	if (fd >= 0)
		close(fd);
	free(want);
	free(path);
	return found;
}

static void
look_at(pid_t pid, void *arg)
{
	struct hunt *h = arg;
	char *path = mem_printf("/proc/%d/comm", (int)pid), name[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct proc p;

	if (fd >= 0 && read(fd, name, sizeof(name) - 1) > 0)
		name[strcspn(name, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
	free(path);
	if (!strcmp(name, h->name) && proc_read(pid, &p) && p.state != 'Z' && is_ours(h->c, pid))
		vec_push(&h->found, pid);
}

/* Kills one process of this trial with that name; 0 if there is none. */
static int
kill_one(struct chaos *c, const char *name)
{
	struct hunt h = {.c = c, .name = name};
	int killed = 0;

	proc_each(look_at, &h);
	if (h.found.n)
		killed = kill(h.found.v[draw(c, h.found.n)], SIGKILL) == 0;
	vec_done(&h.found);
	return killed;
}

static int
count_alive(struct chaos *c, const char *name)
{
	struct hunt h = {.c = c, .name = name};
	int n;

	proc_each(look_at, &h);
	n = (int)h.found.n;
	vec_done(&h.found);
	return n;
}

static int
strike(struct chaos *c, pid_t engine)
{
	uint64_t what = draw(c, 100);

	if (what < 60) {
		c->engines += kill(engine, SIGKILL) == 0;
	} else if (what < 75) {
		c->guards += kill_one(c, "craton-guard");
	} else if (what < 80) {
		int got = kill_one(c, "craton-guard");

		kill(engine, SIGKILL);
		c->both += got;
		c->engines += !got;
	} else if (what < 90) {
		c->actions += kill_one(c, "witness");
	} else {
		/* Stopped, passed over; then killed, or as if nothing had been. */
		kill(engine, SIGSTOP);
		sleep_ms((int64_t)draw(c, 20));
		c->stops += kill(engine, what < 95 ? SIGKILL : SIGCONT) == 0;
	}
	return c->engines + c->guards + c->both + c->actions + c->stops;
}

/* ---- a trial ---- */

static void
write_file(const char *path, const char *text)
{
	struct fault f;

	if (file_replace(path, text, strlen(text), &f) < 0)
		give_up(f.text);
}

static void
write_workflow(struct chaos *c, const char *path)
{
	char *text = mem_printf(
	    "workflow: chaos\nproof: none\n"
	    "batch: {canary: 1, size: [5], in_flight: 4, spread: {cabinet: 3}, max_fail: 100%%}\n"
	    "defaults: {timeout: 20s, grace: 1s}\n"
	    "steps:\n"
	    "  plain: {run: [%1$s, act, %2$s, '{item}', plain, '%3$d', '0'],\n"
	    "          undo: [%1$s, act, %2$s, '{item}', undo, '3', '0']}\n"
	    "  retried: {run: [%1$s, act, %2$s, '{item}', retried, '%4$d', '75', '1'],\n"
	    "            retry: {times: 2, wait: 5ms, max: 20ms}}\n"
	    "  verified: {run: [%1$s, act, %2$s, '{item}', verified, '%3$d', '0'],\n"
	    "             verify: [%1$s, verify, %2$s, '{item}', verified]}\n"
	    "  harmless: {run: [%1$s, act, %2$s, '{item}', harmless, '%4$d', '0'],\n"
	    "             idempotent: true}\n"
	    "  fails: {run: [%1$s, act, %2$s, '{item}', fails, '2', '3'],\n"
	    "          when: \"ram_gb = 256\", else: undo}\n"
	    "finally: [%1$s, act, %2$s, '{item}', finally, '2', '0']\n",
	    c->witness, c->trial, (int)draw(c, 25) + 1, (int)draw(c, 12) + 1);

	write_file(path, text);
	free(text);
}

static void
copy(const char *from, const char *to)
{
	struct str text = STR_INIT;
	struct fault f;

	if (file_read(from, 0, &text, &f) < 0 || file_replace(to, text.text, text.len, &f) < 0) {
		fprintf(stderr, "chaos: %s\n", f.text);
		exit(2);
	}
	str_done(&text);
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			give_up("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void
prepare(struct chaos *c)
{
	char tool[] = "craton-remediate", verb[] = "plan", all[] = "-lcompute", *argv[5], *from;
	char *workflow, *log, *open_policy, *policy;

	c->trials++;
	c->trial = mem_printf("%s/%d", c->folder, c->trials);
	if (mkdir(c->trial, 0700) < 0)
		give_up(c->trial);
	c->db = in_trial(c, "craton.db");
	c->plan = in_trial(c, "plan");
	workflow = in_trial(c, "chaos.yaml");
	from = mem_printf("%s/template.db", c->folder);
	copy(from, c->db);
	open_policy = mem_printf("%s/open.policy", c->folder);
	policy = in_trial(c, "craton.db.policy");
	copy(open_policy, policy);
	free(open_policy);
	free(policy);
	write_workflow(c, workflow);
	memcpy(argv, ((char *[]){tool, verb, workflow, all, NULL}), sizeof(argv));
	if (wait_for(start(c, c->plan, argv)) != 0)
		give_up("craton-remediate plan");
	log = in_trial(c, "strikes");
	free(log);
	free(workflow);
	free(from);
}

/* Whether the pid, which may be a zombie that we have not waited for, has ended. */
static int
has_ended(pid_t pid, int *status)
{
	int wstatus;

	if (waitpid(pid, &wstatus, WNOHANG) != pid)
		return 0;
	*status = WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 128 + WTERMSIG(wstatus);
	return 1;
}

static int
is_final(int status)
{
	return status == 0 || status == 1;
}

/* Strikes until enough or over, then lets the last engine come to the end. */
static int
run_trial(struct chaos *c, int strikes)
{
	int is_first = 1;
	pid_t engine = start_engine(c, is_first);
	int64_t until = when_boot() + TRIAL_MS, next = when_boot() + (int64_t)draw(c, 40) + 8;
	int status = -1;

	for (;;) {
		if (has_ended(engine, &status)) {
			if (is_final(status) || when_boot() > until)
				return status;
			/* Killed before it had made its run: there is nothing to resume. */
			is_first = status == 2;
			engine = start_engine(c, is_first);
			next = when_boot() + (int64_t)draw(c, 60) + 5;
		}
		if (strikes > 0 && when_boot() >= next) {
			strike(c, engine);
			strikes--;
			next = when_boot() + (int64_t)draw(c, 60) + 2;
		}
		if (when_boot() > until)
			kill(engine, SIGKILL);
		sleep_ms(1);
	}
}

/* ---- the comparison ---- */

static void
violation(struct chaos *c, const char *what, const char *item, const char *step)
{
	c->violations++;
	printf("VIOLATION %s: %s %s (see %s)\n", what, item, step, c->trial);
}

struct seen {
	int started, ended, well, open, repeated, repeated_open, overlap;
};

static struct seen
read_witness(const struct chaos *c, const char *item, const char *step)
{
	char *path = mem_printf("%s/%s.%s", c->trial, item, step), line[512];
	FILE *in = fopen(path, "r");
	struct seen s = {0};

	while (in && fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "overlap", 7)) {
			s.overlap++;
		} else if (!strncmp(line, "started", 7)) {
			s.repeated += s.well > 0;
			s.repeated_open += s.open;
			s.started++;
			s.open = 1;
		} else {
			s.ended++;
			s.well += !strncmp(line, "ended 0", 7);
			s.open = 0;
		}
	}
	if (in)
		fclose(in);
	free(path);
	return s;
}

struct row {
	char state[16];
	int64_t doubts; /* attempts that ended unknown */
	int64_t killed; /* attempts that a signal ended */
};

static void
read_row(struct db *db, const char *item, int step, struct row *row)
{
	static const char sql[] =
	    "SELECT s.state, (SELECT count(*) FROM attempt AS a WHERE a.run = s.run AND"
	    " a.pos = s.pos AND a.step = s.step AND a.state = 'unknown' AND a.purpose <> 'verify'),"
	    " (SELECT count(*) FROM attempt AS a WHERE a.run = s.run AND a.pos = s.pos AND"
	    " a.step = s.step AND a.outcome = 'killed')"
	    " FROM step AS s JOIN run_item AS i ON i.run = s.run AND i.pos = s.pos"
	    " WHERE s.run = 1 AND i.name = $1 AND s.step = $2";
	struct db_rows rows;
	struct fault f;

	*row = (struct row){.state = "none"};
	if (db_query(db, &rows, &f, sql, "si", item, (int64_t)step) == 0 &&
	    db_next(&rows, &f) == 1) {
		snprintf(row->state, sizeof(row->state), "%s", db_text(&rows, 0));
		row->doubts = db_int(&rows, 1);
		row->killed = db_int(&rows, 2);
	}
	db_end(&rows);
}

static int64_t
count_rows(struct db *db, const char *sql, const char *item)
{
	struct fault f;
	int64_t n = -1;

	if (db_get_int(db, &n, &f, sql, "s", item) < 0)
		give_up(f.text);
	return n;
}

enum step_kind { PLAIN, ASKS, HARMLESS };

static const struct {
	const char *name;
	int number;
	enum step_kind kind;
} steps[] = {{"plain", 0, PLAIN}, {"retried", 1, PLAIN}, {"verified", 2, ASKS},
    {"harmless", 3, HARMLESS}, {"fails", 4, PLAIN}, {"finally", 1001, PLAIN}};

static void
check_step(struct chaos *c, struct db *db, const char *item, size_t n)
{
	struct seen s = read_witness(c, item, steps[n].name);
	struct row row;
	int is_done;

	read_row(db, item, steps[n].number, &row);
	is_done = !strcmp(row.state, "done") || !strncmp(row.state, "und", 3);
	c->steps += s.started > 0;
	c->unknown += row.doubts > 0;
	if (s.overlap)
		violation(c, "overlap", item, steps[n].name);
	if (steps[n].kind != HARMLESS && s.repeated)
		violation(c, "repeated", item, steps[n].name);
	if (steps[n].kind == PLAIN && s.repeated_open && !row.killed)
		violation(c, "repeated after doubt", item, steps[n].name);
	if (s.well && !is_done && !row.doubts && !row.killed)
		violation(c, "forgotten", item, steps[n].name);
	if (is_done && !s.well)
		violation(c, "invented", item, steps[n].name);
	if (s.started && !strcmp(row.state, "none"))
		violation(c, "unreported start", item, steps[n].name);
	if (!strcmp(row.state, "running") || !strcmp(row.state, "backoff"))
		violation(c, "left open", item, steps[n].name);
}

/* Each undo at most once, and only of what is not done any more. */
static void
check_undo(struct chaos *c, const char *item)
{
	struct seen s = read_witness(c, item, "undo");

	if (s.started > 1)
		violation(c, "repeated", item, "undo");
	if (s.overlap)
		violation(c, "overlap", item, "undo");
}

static void
check_item(struct chaos *c, struct db *db, const char *item)
{
	static const char doubts[] =
	    "SELECT count(*) FROM attempt AS a JOIN run_item AS i ON i.run = a.run AND"
	    " i.pos = a.pos WHERE i.name = $1 AND a.state = 'unknown'";
	static const char told[] = "SELECT count(*) FROM event WHERE (event = 'step.unknown' OR"
				   " (event = 'undo.fail' AND body GLOB '*unknown*')) AND body GLOB"
				   " '*/' || $1 || '\"*'";
	static const char given_up[] =
	    "SELECT count(*) FROM run_item AS i LEFT JOIN kicked AS k ON k.run = i.run AND"
	    " k.pos = i.pos WHERE i.name = $1 AND (k.run IS NULL) = (i.state IN ('kicked',"
	    " 'undone'))";
	static const char open_item[] =
	    "SELECT count(*) FROM run_item WHERE name = $1 AND state IN ('queued', 'active')";

	for (size_t n = 0; n < sizeof(steps) / sizeof(*steps); n++)
		check_step(c, db, item, n);
	check_undo(c, item);
	if (count_rows(db, doubts, item) > count_rows(db, told, item))
		violation(c, "unreported doubt", item, "");
	if (count_rows(db, given_up, item))
		violation(c, "unreported kick", item, "");
	if (count_rows(db, open_item, item))
		violation(c, "left open", item, "");
}

static void
check_trial(struct chaos *c, int status)
{
	static const char sql[] = "SELECT name FROM run_item ORDER BY pos";
	struct words items = {0};
	struct db_rows rows;
	struct fault f;
	struct db *db;

	if (!is_final(status))
		violation(c, "no end", "run", "1");
	if (db_open(&db, c->db, DB_READ, &f) < 0)
		give_up(f.text);
	if (db_query(db, &rows, &f, sql, "") < 0)
		give_up(f.text);
	while (db_next(&rows, &f) == 1)
		words_add(&items, db_text(&rows, 0));
	db_end(&rows);
	for (size_t i = 0; i < items.n; i++)
		check_item(c, db, items.v[i]);
	if (count_rows(db, "SELECT count(*) FROM item_lock WHERE 'x' <> $1", ""))
		violation(c, "locks left", "run", "1");
	words_done(&items);
	db_close(db);
}

/* What a dead guard left must end by itself before the folder can go. */
static void
finish(struct chaos *c)
{
	for (int tries = 0; tries < 2000 && count_alive(c, "witness"); tries++)
		sleep_ms(5);
	free(c->trial);
	free(c->db);
	free(c->plan);
	c->trial = c->db = c->plan = NULL;
}

/* ---- at named points ---- */

static const char *const points[] = {"engine.epoch", "engine.before-begin", "engine.in-transaction",
    "engine.before-commit", "engine.committed", "engine.told", "engine.before-start",
    "engine.before-lock", "engine.locked", "engine.spawned", "engine.started", "engine.reaped",
    "action.before-start", "action.started", "guard.before-check", "guard.checked", "guard.running",
    "guard.ended", "guard.before-end"};

/* The engine dies there, or its guard does; engines that come after it do not. */
static int
crash_at(struct chaos *c, const char *point, int time)
{
	pid_t engine;
	int status;

	prepare(c);
	c->crash = mem_printf("%s:%d", point, time);
	engine = start_engine(c, 1);
	status = wait_for(engine);
	free(c->crash);
	c->crash = NULL;
	c->engines += status == 128 + SIGKILL;
	check_trial(c, is_final(status) ? status : run_trial(c, 0));
	finish(c);
	return status == 128 + SIGKILL;
}

static void
crash_everywhere(struct chaos *c)
{
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		int is_engine = !strncmp(points[i], "engine.", 7);

		if (!crash_at(c, points[i], 1) && is_engine)
			violation(c, "never came by", points[i], "");
		if (is_engine)
			crash_at(c, points[i], 6);
	}
}

/* ---- */

static void
kill_at_random(struct chaos *c)
{
	int kills = 0;

	while (kills < c->wanted && c->violations < 20) {
		prepare(c);
		check_trial(c, run_trial(c, 25));
		finish(c);
		kills = c->engines + c->guards + c->both + c->actions + c->stops;
	}
}

int
main(int argc, char **argv)
{
	struct chaos c = {0};
	int kills, is_points = argc == 6 && !strcmp(argv[3], "points");

	if (argc < 4) {
		fprintf(stderr, "usage: chaos FOLDER WITNESS KILLS [SEED]\n");
		return 2;
	}
	c.folder = argv[1];
	c.witness = argv[2];
	c.wanted = atoi(argv[3]);
	c.random = argc > 4 && !is_points ? strtoull(argv[4], NULL, 10) : (uint64_t)when_now();
	c.tool = is_points ? argv[4] : NULL;
	c.guard = is_points ? argv[5] : NULL;
	printf("seed %" PRIu64 "\n", c.random);
	fflush(stdout);
	if (is_points)
		crash_everywhere(&c);
	else
		kill_at_random(&c);
	kills = c.engines + c.guards + c.both + c.actions + c.stops;
	printf("%d trials, %d kills (%d engines, %d guards, %d of both, %d actions, %d stopped "
	       "engines), %d steps, %d unknown, %d violations\n",
	    c.trials, kills, c.engines, c.guards, c.both, c.actions, c.stops, c.steps, c.unknown,
	    c.violations);
	return c.violations ? 1 : 0;
}
