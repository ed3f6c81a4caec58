/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random workflows, failures and limits, carried out by the engine on real rows and without
 * programs (action: none), against rules.h. Usage: batch CASES [SEED]. Case N of a pass is
 * the only case of a pass with seed SEED + N, which is how one is done again.
 */
#include "base/mem.h"
#include "base/report.h"
#include "base/str.h"
#include "base/when.h"
#include "flow/engine/engine.h"
#include "flow/plan/freeze.h"

#include "../unit/open_policy.h"
#include "population.h"

#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* What goes wrong beside the point ends the test. */
static void
must(int status, const struct fault *f)
{
	if (status >= 0)
		return;
	printf("Bail out! %s\n", f->text);
	exit(2);
}

/* ---- a case ---- */

static void
draw_share(struct share *s, int count, int percent)
{
	s->is_percent = chance(40);
	s->n = s->is_percent ? between(1, percent) : between(1, count);
}

static void
draw_batch(struct rules_case *c)
{
	c->canary = chance(70) ? between(1, 3) : 0;
	c->in_flight = between(1, 8);
	c->asks = chance(60) ? ASKS_NEVER : (enum asks)between(1, 2);
	if (!c->canary && c->asks == ASKS_AFTER_CANARY)
		c->asks = ASKS_NEVER;
	c->doubling = chance(15);
	c->sizes = c->doubling ? 0 : between(0, SIZES);
	for (int i = 0; i < c->sizes; i++)
		draw_share(&c->size[i], 10, 60);
	c->labels = between(0, LABELS);
	for (int i = 0; i < c->labels; i++)
		draw_share(&c->spread[i], 3, 70);
	draw_share(&c->max_fail, 8, 60);
	if (chance(15))
		c->max_fail = (struct share){0};
	c->max_fail_in_a_row = chance(30) ? between(1, 4) : 0;
	c->strict = chance(30);
	c->bakes = chance(10);
}

static void
draw_steps(struct rules_case *c)
{
	c->steps = between(1, STEPS);
	for (int s = 0; s < c->steps; s++) {
		c->retries[s] = chance(50) ? between(1, 3) : 0;
		c->otherwise[s] = chance(75) ? THEN_KICK : chance(75) ? THEN_CONTINUE : THEN_HALT;
		for (int n = 0; n < s; n++)
			c->needs[s][n] = chance(50);
	}
}

/* Items are those of one segment of the fleet, each once, in some order. */
static void
draw_items(struct rules_case *c, int64_t ids[ITEMS])
{
	int place[SEGMENT], segment = between(0, SEGMENTS - 1);

	c->items = chance(80) ? between(1, ITEMS / 2) : between(0, ITEMS);
	for (int i = 0; i < SEGMENT; i++)
		place[i] = i;
	for (int i = 0; i < c->items; i++) {
		int other = between(i, SEGMENT - 1), picked = place[other];
		const struct host *h = &population[picked * SEGMENTS + segment];

		place[other] = place[i];
		ids[i] = h->id;
		memcpy(c->value[i], h->value, sizeof(h->value));
		memcpy(c->status[i], h->status, sizeof(h->status));
	}
}

/* ---- a case as a workflow ---- */

static void
add_share(const struct share *s, struct str *out)
{
	str_addf(out, "%" PRId64 "%s", s->n, s->is_percent ? "%" : "");
}

static void
add_batch(const struct rules_case *c, struct str *out)
{
	static const char *const asks[] = {"never", "after-canary", "every-wave"};
	static const char *const labels[] = {"rack", "power"};

	str_addf(out,
	    "batch: {canary: %" PRId64 ", in_flight: %" PRId64 ", approve: %s, max_fail: ",
	    c->canary, c->in_flight, asks[c->asks]);
	add_share(&c->max_fail, out);
	if (c->max_fail_in_a_row)
		str_addf(out, ", max_fail_in_a_row: %" PRId64, c->max_fail_in_a_row);
	str_addf(out, ", strict: %s, missing: own", c->strict ? "true" : "false");
	if (c->bakes)
		str_add(out, ", wait: 2ms");
	if (c->doubling)
		str_add(out, ", size: doubling");
	for (int i = 0; i < c->sizes; i++) {
		str_add(out, i ? ", " : ", size: [");
		add_share(&c->size[i], out);
	}
	str_add(out, c->sizes ? "]" : "");
	for (int i = 0; i < c->labels && i < LABELS; i++) {
		str_addf(out, "%s%s: ", i ? ", " : ", spread: {", labels[i]);
		add_share(&c->spread[i], out);
	}
	str_add(out, c->labels ? "}}\n" : "}\n");
}

static void
add_step(const struct rules_case *c, int s, struct str *out)
{
	static const char *const otherwise[] = {"kick", "continue", "halt"};
	int n = 0;

	str_addf(out, "  s%d: {action: none, with: {status: [", s);
	for (int t = 0; t < TRIES; t++)
		str_addf(out, "%s\"{var.s%dt%d}\"", t ? ", " : "", s, t);
	str_addf(out, "]}, else: %s, needs: [", otherwise[c->otherwise[s]]);
	for (int i = 0; i < s; i++)
		if (c->needs[s][i])
			str_addf(out, "%ss%d", n++ ? ", " : "", i);
	str_addc(out, ']');
	if (c->retries[s])
		str_addf(out, ", retry: {times: %" PRId64 ", wait: 1ms, factor: 1, jitter: none}",
		    c->retries[s]);
	str_add(out, "}\n");
}

static void
write_workflow(const struct rules_case *c, struct str *out)
{
	str_add(out, "workflow: w\nproof: none\n");
	add_batch(c, out);
	str_add(out, "steps:\n");
	for (int s = 0; s < c->steps; s++)
		add_step(c, s, out);
}

/* ---- a case, carried out ---- */

/* How runs have stopped, to show that the cases go everywhere. */
static struct tally {
	const char *word;
	int64_t n;
} tallies[] = {{"done", 0}, {"done-with-kicked", 0}, {"tripped", 0}, {"held", 0}, {"paused", 0}};

enum { TALLIES = sizeof(tallies) / sizeof(*tallies) };

struct trial {
	uint64_t seed;
	struct rules_case c;
	struct rules rules;
	struct session *s;
	int64_t run;
	struct map items; /* by ref */
	int interrupts;   /* how many are still to come */
	int64_t events;
};

static int64_t
number(const struct event *e, const char *key)
{
	char *text = jtext_plain_dup(jtext_member(JTEXT(e->body), key));
	int64_t n = text ? strtoll(text, NULL, 10) : -1;

	free(text);
	return n;
}

static int
item_of(const struct trial *t, const struct event *e)
{
	char *ref = jtext_plain_dup(jtext_member(JTEXT(e->body), "item"));
	const union map_value *v = ref ? map_get(&t->items, ref) : NULL;

	free(ref);
	return v ? (int)v->i : -1;
}

/* Steps are called s0, s1, s2. */
static int
step_of(const struct event *e)
{
	struct jtext step = jtext_member(JTEXT(e->body), "step");

	return step.len == 4 ? step.text[2] - '0' : -1;
}

static void
tell_end(struct trial *t, const struct event *e)
{
	char *word = jtext_plain_dup(jtext_member(JTEXT(e->body), "state"));

	rules_end(&t->rules, word);
	for (size_t i = 0; i < TALLIES; i++)
		tallies[i].n += !strcmp(tallies[i].word, word);
	free(word);
}

static void
tell_rules(struct trial *t, const struct event *e)
{
	struct rules *r = &t->rules;
	const char *word = e->word;
	int item = item_of(t, e), step = step_of(e);

	if (!strcmp(word, "wave.start"))
		rules_wave(r, (int)number(e, "wave"));
	else if (!strcmp(word, "item.start"))
		rules_item_start(r, item);
	else if (!strcmp(word, "step.start"))
		rules_step_start(r, item, step, number(e, "attempt"));
	else if (!strcmp(word, "step.void"))
		rules_step_void(r, item, step);
	else if (!strcmp(word, "step.done"))
		rules_step_end(r, item, step, number(e, "attempt"), 0, 0);
	else if (!strcmp(word, "step.fail"))
		rules_step_end(r, item, step, number(e, "attempt"), (int)number(e, "status"),
		    jtext_member(JTEXT(e->body), "next").text != NULL);
	else if (!strcmp(word, "item.ok") || !strcmp(word, "item.kick"))
		rules_item_end(r, item, word[5] == 'k', step);
	else if (!strncmp(word, "run.", 4) && jtext_member(JTEXT(e->body), "state").text)
		tell_end(t, e);
}

static void
told(const struct event *e, void *ctx)
{
	struct trial *t = ctx;

	if (!e) {
		rules_commit(&t->rules);
		return;
	}
	t->events++;
	tell_rules(t, e);
	if (t->interrupts && !t->rules.is_signalled &&
	    chance(3)) { /* as if somebody pressed Ctrl-C */
		t->interrupts--;
		t->rules.is_signalled = 1;
		raise(SIGTERM);
	}
}

static void
make_run(struct trial *t, struct plan *p, const int64_t ids[ITEMS])
{
	struct str text = STR_INIT, file = STR_INIT;
	struct intake in = {0};
	struct fault f = {0};

	write_workflow(&t->c, &text);
	*p = (struct plan){.made = when_now(),
	    .life = PLAN_LIFE,
	    .file = mem_dup("/w.yaml"),
	    .project = mem_dup("default"),
	    .actor = mem_dup("test"),
	    .reason = mem_printf("case %" PRIu64, t->seed)};
	open_policy(&p->policy);
	must(workflow_read(&p->workflow, "w.yaml", text.text, text.len, NULL, NULL, &f), &f);
	for (int i = 0; i < t->c.items; i++)
		intake_add(&in, ids[i]);
	must(freeze_plan(t->s, &in, NULL, p->made, p, &f), &f);
	plan_write(p, &file);
	must(run_create(t->s, p, &t->run, &f), &f);
	for (size_t i = 0; i < p->items.n; i++)
		map_put(&t->items, p->items.v[i].ref, NULL)->i = (int64_t)i;
	intake_done(&in);
	str_done(&text);
	str_done(&file);
}

/* Runs, and goes on after each interruption and each hold for approval, until it is settled. */
static void
carry_out(struct trial *t)
{
	const struct engine_options o = {.max_fail = -1, .told = told, .ctx = t};
	struct fault f = {0};
	int64_t id;
	int status;

	do {
		rules_go_on(&t->rules);
		status = engine_run(t->s, t->run, NULL, &o, &f);
		must(status, &f);
		if (status == 4 && rules_wants_approval(&t->rules)) {
			t->rules.approved = t->rules.open + 1;
			must(run_tell(t->s, t->run, "approve", t->rules.approved, &id, &f), &f);
		} else if (status == 4 && !t->rules.is_signalled) {
			break;
		}
	} while (status == 4 && !*t->rules.wrong);
}

/* What the rows say in the end is what the events have said. */
static void
check_rows(struct trial *t)
{
	static const char sql[] =
	    "SELECT state, count(*) FROM run_item WHERE run = $1 GROUP BY state";
	static const char *const words[] = {"queued", "active", "ok", "kicked"};
	int64_t want[4] = {0}, got[4] = {0};
	struct db_rows rows;
	struct fault f = {0};

	for (int i = 0; i < t->c.items; i++)
		want[t->rules.state[i]]++;
	must(db_query(t->s->db, &rows, &f, sql, "i", t->run), &f);
	while (db_next(&rows, &f) == 1)
		for (int i = 0; i < 4; i++)
			if (!strcmp(words[i], db_text(&rows, 0)))
				got[i] = db_int(&rows, 1);
	db_end(&rows);
	for (int i = 0; i < 4 && !*t->rules.wrong; i++)
		if (want[i] != got[i])
			snprintf(t->rules.wrong, sizeof(t->rules.wrong),
			    "%" PRId64 " items are %s, and %" PRId64 " by the events", got[i],
			    words[i], want[i]);
}

/* Nothing of a case is left for the next, least of all a breaker that it opened. */
static void
forget(struct trial *t)
{
	static const char *const sql[] = {"DELETE FROM run WHERE id = $1",
	    "DELETE FROM event WHERE run = $1", "DELETE FROM breaker WHERE run = $1"};
	struct fault f = {0};

	for (size_t i = 0; i < sizeof(sql) / sizeof(*sql); i++)
		must(db_run(t->s->db, &f, sql[i], "i", t->run) < 0 ? -1 : 0, &f);
}

/* 1: as the rules have it. */
static int
try_case(struct session *s, uint64_t seed, int64_t *events)
{
	struct trial t = {.seed = seed, .s = s};
	int64_t ids[ITEMS];
	struct plan p;

	draw_from(seed);
	draw_batch(&t.c);
	draw_steps(&t.c);
	draw_items(&t.c, ids);
	t.interrupts = chance(30) ? between(1, 4) : 0;
	rules_init(&t.rules, &t.c);
	make_run(&t, &p, ids);
	carry_out(&t);
	check_rows(&t);
	if (*t.rules.wrong) {
		struct str text = STR_INIT;

		write_workflow(&t.c, &text);
		printf("seed %" PRIu64 ": run %" PRId64 ": %s\n%s", seed, t.run, t.rules.wrong,
		    text.text);
		str_done(&text);
	} else {
		forget(&t);
	}
	*events += t.events;
	map_done(&t.items);
	plan_done(&p);
	return !*t.rules.wrong;
}

static int
remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st;
	(void)what;
	(void)at;
	return remove(path);
}

static void
remove_all(const char *folder)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* An interrupt after the engine's last turn is nobody's. */
static void
ignore(int signal)
{
	(void)signal;
}

int
main(int argc, char **argv)
{
	const char *base = getenv("TMPDIR");
	char *folder = mem_printf("%s/craton-property.XXXXXX", base ? base : "/tmp"), *path;
	int64_t cases = argc > 1 ? strtoll(argv[1], NULL, 10) : 300, events = 0, failed = 0;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL) * 1000;
	struct session s;

	if (!mkdtemp(folder))
		return 2;
	path = mem_printf("%s/fleet.db", folder);
	report_level(-1);
	signal(SIGTERM, ignore);
	population_open(&s, path);
	for (int64_t i = 0; i < cases && !failed; i++)
		failed += !try_case(&s, seed + (uint64_t)i, &events);
	session_close(&s);
	for (size_t i = 0; i < TALLIES; i++)
		printf("%s%s %" PRId64, i ? ", " : "stopped: ", tallies[i].word, tallies[i].n);
	printf("\n%" PRId64 " cases from seed %" PRIu64 ", %" PRId64 " events, %" PRId64
	       " differences%s%s\n",
	    cases, seed, events, failed, failed ? "; kept: " : "", failed ? path : "");
	if (!failed)
		remove_all(folder);
	free(folder);
	free(path);
	return failed > 0;
}
