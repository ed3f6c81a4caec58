/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/workflow.h"
#include "tap.h"

static int
read_text(struct workflow *w, const char *text, struct fault *f)
{
	*f = (struct fault){0};
	return workflow_read(w, "w.yaml", text, strlen(text), NULL, NULL, f);
}

/* The message of a workflow that is to be refused. */
static void
refuses(const char *text, const char *wanted, const char *sentence)
{
	struct workflow w;
	struct fault f;

	ok(read_text(&w, text, &f) < 0 && f.kind == FAULT_BAD, "%s: it is refused", sentence);
	is_text(f.text, wanted, "%s", sentence);
	workflow_done(&w);
}

/* The same for one step, called a, with these keys. */
static void
refuses_step(const char *keys, const char *wanted, const char *sentence)
{
	char *text = mem_printf("workflow: w\nsteps:\n  a: {%s}\n", keys);
	char *whole = mem_printf("w.yaml:3: steps.a%s", wanted);

	refuses(text, whole, sentence);
	free(text);
	free(whole);
}

static const char upgrade[] =
    "workflow: upgrade-hypervisor\n"
    "title: New hypervisors\n"
    "batch:  {canary: 1, approve: after-canary, size: [5%, 25%], in_flight: 20,\n"
    "         spread: {cabinet: 1, pdu: 25%}, max_fail: 2%, wait: 10m, missing: own}\n"
    "defaults: {timeout: 15m, grace: 30s}\n"
    "steps:\n"
    "  quiesce: {run: [cr-disable, \"{item}\"], idempotent: true, undo: [cr-enable, \"{item}\"]}\n"
    "  build:   {run: [cr-build, \"{item}\"], timeout: 1h, verify: [cr-ok, \"{item}\"]}\n"
    "  check:   {run: [cr-ok, \"{item}\"], idempotent: true,\n"
    "            retry: {times: 5, wait: 10s, factor: 2, max: 2m, jitter: none}}\n"
    "  migrate: {action: nova-live-migrate, with: {to: \"{build.target}\"}, timeout: 2h, stall: "
    "5m,\n"
    "            retry: {times: 3, on: [temporary, timeout]}, else: undo,\n"
    "            outcomes: {done: [3], permanent: [4]}}\n"
    "finally: {run: [cr-note, \"{item}\", \"{result}\"]}\n";

static void
test_batch(const struct batch *b)
{
	is_int(b->canary, 1, "the canary is read");
	is_int(b->approve, APPROVE_AFTER_CANARY, "so is when a person is asked");
	is_int(b->size.n, 2, "sizes are a list");
	is_int(b->size.v[1].value, 25000, "of shares");
	is_int(b->in_flight, 20, "in_flight is read");
	is_text(b->spread.v[0].label, "cabinet", "spread is kept in the order written");
	ok(b->spread.v[1].limit.is_percent, "a spread may be a share");
	ok(b->missing_own, "missing is read");
	is_int(b->max_fail.value, 2000, "max_fail is read");
	is_int(b->wait, 600000, "wait is read");
}

static void
test_steps(const struct workflow *w)
{
	const struct step *build = &w->steps.v[1], *check = &w->steps.v[2],
			  *migrate = &w->steps.v[3];

	is_int(w->steps.n, 4, "there are four steps");
	is_text(build->name, "build", "in the order written");
	is_text(build->needs.v[0], "quiesce", "without needs a step needs the one before");
	is_int(build->run.timeout, 3600000, "a step's timeout wins over the default");
	is_int(w->steps.v[0].run.timeout, 900000, "the default is taken where it says none");
	is_int(w->steps.v[0].undo.timeout, 900000, "undo has the default timeout");
	is_text(migrate->with, "{\"to\":\"{build.target}\"}", "parameters of an action are kept");
	is_int(migrate->otherwise, ELSE_UNDO, "else is read");

	is_int(step_outcome(migrate, 1, 3), RESULT_DONE, "a step may have its own done");
	is_int(step_outcome(migrate, 1, 4), RESULT_PERMANENT, "and its own permanent");
	is_int(step_outcome(migrate, 1, 75), RESULT_TEMPORARY, "75 stays temporary");
	is_int(step_outcome(build, 1, 100), RESULT_PERMANENT, "100 is permanent");
	is_int(step_outcome(build, 1, 1), RESULT_FAILED, "1 says no more than failed");
	is_int(step_outcome(build, 0, 9), RESULT_KILLED, "a signal is killed");

	ok(retry_again(&migrate->retry, RESULT_TIMEOUT, 3),
	    "three retries are three after the first try");
	ok(!retry_again(&migrate->retry, RESULT_TIMEOUT, 4), "and not four");
	ok(!retry_again(&migrate->retry, RESULT_FAILED, 1),
	    "what retry.on leaves out is not retried");
	ok(retry_again(&check->retry, RESULT_TIMEOUT, 1),
	    "an idempotent step retries a timeout unasked");
	ok(!retry_again(&check->retry, RESULT_PERMANENT, 1), "permanent is never retried");
	ok(!retry_again(&build->retry, RESULT_FAILED, 1), "without retry there is none");
	is_int(retry_delay(&check->retry, 1), 10000, "the first delay is wait");
	is_int(retry_delay(&check->retry, 3), 40000, "then it grows by factor");
	is_int(retry_delay(&check->retry, 9), 120000, "up to max");
	is_int(retry_delay(&check->retry, 1000), 120000, "and never overflows");
}

static void
test_canonical(const struct workflow *w)
{
	struct workflow again;
	struct fault f;

	ok(read_text(&again, w->json, &f) == 0, "a workflow is read from its canonical JSON");
	is_text(again.json, w->json, "which gives the same JSON");
	is_text(again.hash, w->hash, "and the same hash");
	is_text(again.steps.v[1].name, "build", "and the same order of steps");
	is_text(again.batch.spread.n ? again.batch.spread.v[0].label : "", "cabinet", "and spread");
	workflow_done(&again);
}

static int
count(const struct template_part *p, void *ctx)
{
	(void)p;
	++*(int *)ctx;
	return 0;
}

static void
test_upgrade(void)
{
	struct workflow w;
	struct fault f;
	int n = 0;

	if (!ok(read_text(&w, upgrade, &f) == 0, "the manual's workflow is read")) {
		printf("# %s\n", f.text);
		workflow_done(&w);
		return;
	}
	is_text(w.name, "upgrade-hypervisor", "it has a name");
	is_int(w.proof_kind, PROOF_CHECK, "the proof is the check, unless it says otherwise");
	test_batch(&w.batch);
	test_steps(&w);
	test_canonical(&w);
	workflow_each_value(&w, count, &n);
	is_int(n, 8, "all values that its templates use are found");
	workflow_done(&w);
}

static void
test_graph(void)
{
	struct workflow w;
	struct fault f;

	ok(read_text(&w,
	       "workflow: w\nsteps:\n  a: {run: [x], needs: [b]}\n  b: {run: [x], needs: []}\n",
	       &f) == 0,
	    "steps may need later ones");
	is_int(w.graph.order[0], 1, "which then come first");
	is_int(w.batch.canary, 1, "there is a canary unless the workflow says otherwise");
	is_int(w.batch.max_fail.value, 10000, "and a limit of failures");
	workflow_done(&w);
	refuses("workflow: w\nsteps:\n  a: {run: [x], needs: [b]}\n  b: {run: [x]}\n",
	    "w.yaml:3: steps: a cycle: a needs b needs a", "a cycle is named with its path");
	refuses("workflow: w\nsteps:\n  build: {run: [x]}\n  b: {run: [x], needs: [biuld]}\n",
	    "w.yaml:4: steps.b.needs: no step biuld; did you mean \"build\"?",
	    "an unknown step gets the near miss");
}

static void
test_whole(void)
{
	refuses("", "w.yaml: empty; a workflow is wanted", "an empty file");
	refuses("[]", "w.yaml:1: a mapping of keys to values, not a list", "a list");
	refuses("workflow: w\n", "w.yaml:1: steps is missing", "no steps");
	refuses("workflow: w\nsteps: {}\n", "w.yaml:2: steps: at least one step is wanted",
	    "an empty mapping of steps");
	refuses("workflow: w\nstep: {}\n", "w.yaml:2: step: unknown key; did you mean \"steps\"?",
	    "an unknown key");
	refuses("workflow: w\nlife: 1d\nsteps: {a: {run: [x]}}\n",
	    "w.yaml:2: life: not in this version, so it would limit nothing; take it out",
	    "a limit that would not limit");
	refuses("workflow: w\nbatch: {in_flight: 0}\nsteps: {a: {run: [x]}}\n",
	    "w.yaml:2: batch.in_flight: 0 is not from 1 to 10000", "an in_flight of 0");
	refuses("workflow: w\nbatch: {spread: {cabinet: 0}}\nsteps: {a: {run: [x]}}\n",
	    "w.yaml:2: batch.spread.cabinet: 0 would let nothing through", "a spread of 0");
	refuses("workflow: w\nbatch: {canary: 0, approve: after-canary}\nsteps: {a: {run: [x]}}\n",
	    "w.yaml:2: batch.approve: there is no canary to approve: canary is 0",
	    "an approval of nothing");
	refuses("workflow: w\ntitle: \"\\x7f\"\nsteps: {a: {run: [x]}}\n",
	    "w.yaml: holds what a plan cannot: w.yaml:1: not text in UTF-8: "
	    "control characters are not allowed",
	    "a control character that YAML reads only as an escape");
	refuses("workflow: w\nsteps: {a: {run: [x]}}\nproof: maybe\n",
	    "w.yaml:3: proof: \"maybe\" is no proof; check, none or a command like "
	    "[is-fine, \"{item}\"] is",
	    "an unknown proof");
}

static void
test_values(void)
{
	refuses("workflow: w\nsteps:\n  a: {run: [x]}\n  b: {run: [x, \"{c.y}\"]}\n",
	    "w.yaml:4: steps.b: {c.y}: no step c", "output of a step that is not there");
	refuses("workflow: w\nsteps:\n  a: {run: [x], needs: []}\n"
		"  b: {run: [x, \"{a.y}\"], needs: []}\n",
	    "w.yaml:4: steps.b: {a.y}: a has not ended when this starts; needs: would say so, in b",
	    "output of a step that may still run");
	refuses("workflow: w\nsteps: {a: {run: [x, \"{result}\"]}}\n",
	    "w.yaml:2: steps.a: {result} is known in finally and after only",
	    "a result before the end");
	refuses("workflow: w\nsteps: {a: {run: [x]}}\nproof: [x, \"{a.y}\"]\n",
	    "w.yaml:3: proof: {a.y}: a has not ended when this starts",
	    "output in a proof, which runs before all steps");
}

static void
test_step_errors(void)
{
	refuses_step("", ": a step has either run or action", "neither run nor action");
	refuses_step("run: [x], action: y", ": a step has either run or action", "both");
	refuses_step("run: reboot now",
	    ".run: a list of words is wanted, as in [reboot, \"{item}\"]; there is no shell",
	    "a command as one text");
	refuses_step("run: []",
	    ".run: a list of words is wanted, as in [reboot, \"{item}\"]; there is no shell",
	    "an empty command");
	refuses_step("run: [\"{var.tool}\"]",
	    ".run[0]: the program must be written out, not taken from a value",
	    "a program from the fleet's data");
	refuses_step("run: [x, {item}]",
	    ".run[1]: a text is wanted; values are to be quoted, as in \"{item}\"",
	    "a value without quotes, which is a mapping");
	refuses_step("run: [x, \"{itme}\"]",
	    ".run[1]: {itme}: no such value; did you mean \"item\"? (variables are {var.NAME}, "
	    "labels {label.KEY}, what a step printed {STEP.MEMBER})",
	    "an unknown value");
	refuses_step("run: [x], with: {a: 1}", ".with: parameters are for an action, not for run",
	    "parameters for a command");
	refuses_step("run: [x], shell: x",
	    ".shell: not in this version, so it would limit nothing; take it out", "a shell");
	refuses_step(
	    "run: [x], timeout: 0", ".timeout: 0 is no time; leave the key out", "no time");
	refuses_step("run: [x], idempotnt: true",
	    ".idempotnt: unknown key; did you mean \"idempotent\"?", "a mistyped key");
	refuses_step("run: [x], else: kik",
	    ".else: \"kik\" is none of kick, undo, continue, halt; did you mean \"kick\"?",
	    "an unknown word");
	refuses_step(
	    "run: [x], retry: {wait: 1s}", ".retry: times is missing", "retry without times");
	refuses_step("run: [x], retry: {times: 1, on: [permanent]}",
	    ".retry.on[0]: \"permanent\" is none of failed, temporary, timeout, stall, killed",
	    "a retry of what is permanent");
	refuses_step("run: [x], retry: {times: 1, from: b}", ".retry.from: no step b", "a rewind");
	refuses_step("run: [x], retry: {times: 1, factor: 0.5}",
	    ".retry.factor: a factor is from 1 to 100", "a factor that shrinks");
	refuses_step("run: [x], outcomes: {failed: [0]}", ".outcomes.failed[0]: 0 is done, always",
	    "0 as a failure");
	refuses_step("run: [x], outcomes: {failed: [3], done: [3]}",
	    ".outcomes.failed[0]: 3 is given twice", "a status with two meanings");
	refuses("workflow: w\nsteps: {item: {run: [x]}}\n",
	    "w.yaml:2: steps.item: \"item\" means something else here; choose another name",
	    "a step named as a value");
	refuses("workflow: w\nsteps: {a: {name: b, run: [x]}}\n",
	    "w.yaml:2: steps.a.name: the step is called a already", "a step with two names");
	refuses("workflow: w\nsteps: [{name: a, run: [x]}, {name: a, run: [x]}]\n",
	    "w.yaml:2: steps[1]: another step is called a", "two steps of a name");
}

int
main(void)
{
	test_upgrade();
	test_graph();
	test_whole();
	test_values();
	test_step_errors();
	return tap_end();
}
