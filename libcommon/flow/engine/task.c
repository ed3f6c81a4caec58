/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task.h"

#include "base/when.h"
#include "exec/crash.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "fleet/expr.h"
#include "flow/engine/call.h"
#include "flow/engine/engine.h"
#include "flow/engine/work.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* The last object on stdout is looked for in so much of its end. */
#define RESULT_MOST ((size_t)64 << 10)

const char *const task_words[TASK_STATES + 1] = {
    [TASK_PENDING] = "pending",
    [TASK_RUNNING] = "running",
    [TASK_DONE] = "done",
    [TASK_FAILED] = "failed",
    [TASK_BACKOFF] = "backoff",
    [TASK_UNKNOWN] = "unknown",
    [TASK_SKIPPED] = "skipped",
    [TASK_CANCELLED] = "cancelled",
    [TASK_UNDOING] = "undoing",
    [TASK_UNDONE] = "undone",
    [TASK_UNDO_FAILED] = "undo_failed",
};

const char *const purpose_words[] = {
    [PURPOSE_ACT] = "act",
    [PURPOSE_VERIFY] = "verify",
    [PURPOSE_UNDO] = "undo",
    [PURPOSE_PROOF] = "proof",
};

void
task_init(struct task *t, struct work *w, int step)
{
	*t = (struct task){.work = w, .step = step};
}

static void
drop_attempt(struct task *t)
{
	attempt_free(t->attempt);
	t->attempt = NULL;
}

void
task_done(struct task *t)
{
	drop_attempt(t);
	plugin_call_done(&t->call);
	timer_stop(&t->work->engine->loop.timers, &t->timer);
	free(t->output);
	free(t->reason);
}

const struct step *
task_step(const struct task *t)
{
	const struct steps *steps = &t->work->engine->workflow.steps;

	return t->step >= 0 && (size_t)t->step < steps->n ? &steps->v[t->step] : NULL;
}

const char *
task_name(const struct task *t)
{
	const struct step *s = task_step(t);

	if (s)
		return s->name;
	return t->step == STEP_FINALLY ? "finally" : t->step < 0 ? "proof-before" : "proof-after";
}

int
task_is_over(const struct task *t)
{
	switch (t->state) {
	case TASK_DONE:
	case TASK_FAILED:
	case TASK_SKIPPED:
	case TASK_CANCELLED:
	case TASK_UNDONE:
	case TASK_UNDO_FAILED: return 1;
	case TASK_UNKNOWN: return !t->is_settling;
	default: return 0;
	}
}

/* What is unknown is never passed over, whatever else: says of failures. */
int
task_is_fatal(const struct task *t)
{
	const struct step *s = task_step(t);

	if (t->state == TASK_UNKNOWN)
		return !t->is_settling && t->step != STEP_FINALLY;
	if (t->state != TASK_FAILED || t->step == STEP_FINALLY)
		return 0;
	return !s || s->otherwise != ELSE_CONTINUE || t->result == RESULT_UNKNOWN;
}

static int
is_guarded(const struct task *t, enum purpose purpose)
{
	const struct step *s = task_step(t);

	if (purpose == PURPOSE_PROOF || purpose == PURPOSE_VERIFY)
		return 0;
	return purpose == PURPOSE_UNDO || !s || !s->idempotent;
}

/* ---- rows ---- */

static struct journal *
journal_of(const struct task *t)
{
	return &t->work->engine->journal;
}

/* The one place where a state changes: the row must be in the state that is left. */
static void
enter(struct task *t, enum task_state state)
{
	static const char insert[] =
	    "INSERT INTO step (run, pos, step, state, attempt, tries, due, boot, epoch, output,"
	    " started, ended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	static const char update[] =
	    "UPDATE step SET state = $4, attempt = $5, tries = $6, due = $7, boot = $8,"
	    " epoch = $9, output = $10, ended = $11 WHERE run = $1 AND pos = $2 AND step = $3"
	    " AND state = $12";
	struct journal *j = journal_of(t);
	int64_t pos = t->work->pos;

	if (!t->started)
		t->started = when_now();
	t->due = state == TASK_BACKOFF ? t->due : 0;
	if (state == TASK_DONE || state == TASK_FAILED || state == TASK_SKIPPED)
		t->ended = when_now();
	if (t->is_stored)
		journal_write(j, pos, update, "iiisiirsisrs", j->run, pos, (int64_t)t->step,
		    task_words[state], t->slot, t->tries, t->due, when_boot_id(), j->epoch,
		    t->output, t->ended, task_words[t->state]);
	else
		journal_write(j, pos, insert, "iiisiirsisir", j->run, pos, (int64_t)t->step,
		    task_words[state], t->slot, t->tries, t->due, when_boot_id(), j->epoch,
		    t->output, t->started, t->ended);
	t->is_stored = 1;
	t->state = state;
}

static void
say(const struct task *t, const char *word, struct str *body)
{
	jtext_close(body);
	journal_event(journal_of(t), t->work->pos, word, str_take(body));
}

static void
over(struct task *t, enum task_state state)
{
	enter(t, state);
	work_task_over(t->work, t);
}

/* ---- one try: intended, started, ended ---- */

static int64_t
deadline_of(const struct task *t)
{
	return when_boot() + call_command(t, t->purpose)->timeout;
}

static void
store_attempt(struct task *t)
{
	static const char sql[] =
	    "INSERT INTO attempt (run, slot, pos, step, n, purpose, state, boot, epoch, deadline,"
	    " started) VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, $10)";
	struct journal *j = journal_of(t);

	journal_write(j, t->work->pos, sql, "iiiiissiii", j->run, t->slot, t->work->pos,
	    (int64_t)t->step, t->tries, purpose_words[t->purpose], when_boot_id(), j->epoch,
	    deadline_of(t), when_now());
}

/* It is to be started in its slot after all, or again: by this engine, in this boot. */
static void
store_restart(struct task *t)
{
	static const char sql[] = "UPDATE attempt SET boot = $3, epoch = $4, deadline = $5"
				  " WHERE run = $1 AND slot = $2 AND state = 'running'";
	struct journal *j = journal_of(t);

	journal_write(j, t->work->pos, sql, "iisii", j->run, t->slot, when_boot_id(), j->epoch,
	    deadline_of(t));
}

static void
store_end(struct task *t, const char *state, const char *outcome, const struct outcome *o)
{
	static const char sql[] =
	    "UPDATE attempt SET state = $3, outcome = $4, status = $5, ended = $6, truncated = $7,"
	    " left_behind = $8, output = $9 WHERE run = $1 AND slot = $2 AND state = 'running'";
	const struct engine *e = t->work->engine;
	struct journal *j = journal_of(t);
	char *output = NULL;

	t->printed = call_keep_output(e, t->slot);
	if (t->printed)
		output = mem_printf("%" PRId64 "/%" PRId64, j->run, t->slot);
	journal_write(j, t->work->pos, sql, "iissiiiis", j->run, t->slot, state, outcome,
	    (int64_t)o->status, when_now(), (int64_t)((o->flags & OUTCOME_TRUNCATED) != 0),
	    (int64_t)((o->flags & OUTCOME_LEFT_BEHIND) != 0), output);
	free(output);
}

static void dry_run(struct task *t);

static void
intend(struct task *t, enum task_state state)
{
	struct engine *e = t->work->engine;

	t->slot = ++e->slots;
	if (t->purpose != PURPOSE_VERIFY) {
		t->tries++;
		t->tried = t->slot;
	}
	store_attempt(t);
	enter(t, state);
	vec_push(&e->starts, t);
	if (e->is_dry)
		dry_run(t);
}

static void
say_start(const struct task *t, const char *word)
{
	struct str body = work_event(t->work, t);

	if (t->purpose == PURPOSE_ACT)
		jtext_int(&body, "attempt", t->tries);
	jtext_int(&body, "slot", t->slot);
	say(t, word, &body);
}

void
task_start(struct task *t)
{
	struct engine *e = t->work->engine;
	const struct command *command = call_command(t, t->purpose);
	const struct step *s = task_step(t);
	struct child_spec spec = {.limits = {.deadline = deadline_of(t),
				      .grace = command->grace,
				      .stall = s && t->purpose == PURPOSE_ACT ? s->stall : 0,
				      .cap = CALL_OUTPUT}};

	plugin_call_spec(&t->call, &spec);
	spec.out = call_open_output(e, t->slot, "out");
	spec.err = call_open_output(e, t->slot, "err");
	if (!t->attempt)
		t->attempt = attempt_new(&e->attempts, (uint32_t)t->slot, t);
	e->running++;
	crash_point("engine.before-start");
	attempt_start(t->attempt, &spec, is_guarded(t, t->purpose));
	if (spec.out >= 0)
		close(spec.out);
	if (spec.err >= 0)
		close(spec.err);
	plugin_call_done(&t->call);
	crash_point("engine.started");
}

/* In a dry run everything is well, but what it says of it is only what it knows. */
static void
dry_run(struct task *t)
{
	struct str body = work_event(t->work, t), text = STR_INIT;

	call_text(&t->call, &text);
	jtext_text(&body, "run", text.text);
	jtext_key(&body, "argv");
	for (size_t i = 0; i < t->call.argv.n; i++) {
		str_add(&body, i ? "," : "[");
		jtext_put_string(&body, t->call.argv.v[i]);
	}
	str_addc(&body, ']');
	jtext_close(&body);
	journal_would(journal_of(t), "would.run", str_take(&body));
	str_done(&text);
}

/* What an outcome would have been made of: proof before finds it wrong, all else goes well. */
void
task_pretend(struct task *t)
{
	plugin_call_done(&t->call);
	t->result = t->step == STEP_PROOF_BEFORE ? RESULT_FAILED : RESULT_DONE;
	over(t, t->state == TASK_UNDOING ? TASK_UNDONE : TASK_DONE);
}

void
task_withdraw(struct task *t)
{
	static const struct outcome none;
	enum task_state back = t->purpose == PURPOSE_UNDO     ? TASK_DONE
			       : t->purpose == PURPOSE_VERIFY ? TASK_UNKNOWN
							      : TASK_PENDING;

	store_end(t, "void", NULL, &none);
	drop_attempt(t);
	plugin_call_done(&t->call);
	if (t->purpose != PURPOSE_VERIFY)
		t->tries--;
	enter(t, back);
	work_task_over(t->work, t);
}

/* ---- pending ---- */

static void
prepare_failed(struct task *t, const struct fault *f)
{
	struct str body = work_event(t->work, t);

	free(t->reason);
	t->reason = mem_dup(f->text);
	t->result = RESULT_FAILED;
	t->slot = 0;
	jtext_text(&body, "result", "failed");
	jtext_text(&body, "why", f->text);
	say(t, "step.fail", &body);
	over(t, TASK_FAILED);
}

static void
cannot_tell(struct task *t, const char *why)
{
	struct str body = work_event(t->work, t);

	jtext_text(&body, "why", why);
	jtext_close(&body);
	journal_would(journal_of(t), "cannot.tell", str_take(&body));
	over(t, TASK_DONE);
}

static void
try_it(struct task *t, enum purpose purpose)
{
	struct engine *e = t->work->engine;
	struct fault f;

	t->purpose = purpose;
	if (call_make(t, purpose, &t->call, &f) < 0) {
		/* A dry run has no output of earlier steps. */
		if (e->is_dry)
			cannot_tell(t, f.text);
		else
			prepare_failed(t, &f);
		return;
	}
	intend(t, TASK_RUNNING);
	say_start(t, t->purpose == PURPOSE_PROOF ? "proof.start" : "step.start");
}

static void
skip(struct task *t)
{
	struct str body = work_event(t->work, t);
	char *why = mem_printf("not true: %s", task_step(t)->when);

	jtext_text(&body, "why", why);
	free(why);
	if (t->work->engine->is_dry) {
		jtext_close(&body);
		journal_would(journal_of(t), "would.skip", str_take(&body));
	} else {
		say(t, "step.skip", &body);
	}
	over(t, TASK_SKIPPED);
}

/* "cabinet=a12" of {"cabinet":["a12"]}, "compute" of {"compute":[""]}. */
static void
label_texts(struct jtext labels, struct words *out)
{
	struct jtext key, values, none, value;
	size_t at = 0;

	while (labels.text && jtext_each(labels, &at, &key, &values))
		for (size_t i = 0; jtext_each(values, &i, &none, &value);) {
			struct str text = STR_INIT;

			jtext_plain(key, &text);
			if (!jtext_is(value, "")) {
				str_addc(&text, '=');
				jtext_plain(value, &text);
			}
			vec_push(out, str_take(&text));
		}
}

static char *
section(struct jtext uses, const char *name)
{
	struct jtext v = jtext_member(uses, name);

	return v.text ? mem_dupn(v.text, v.len) : mem_dup("{}");
}

static int
judge_when(struct task *t, enum expr_truth *truth, struct fault *f)
{
	struct engine *e = t->work->engine;
	struct jtext uses = JTEXT(t->work->uses);
	struct expr_subject subject = {
	    .variables = section(uses, "variables"), .attributes = section(uses, "attributes")};
	int rc;

	label_texts(jtext_member(uses, "labels"), &subject.labels);
	rc = judge_truth(e->judge, e->whens[t->step], &subject, truth, f);
	expr_subject_done(&subject);
	return rc;
}

void
task_begin(struct task *t)
{
	enum expr_truth truth = EXPR_TRUE;
	struct fault f;

	t->work->busy++;
	if (!task_step(t)) {
		try_it(t, t->step == STEP_FINALLY ? PURPOSE_ACT : PURPOSE_PROOF);
		return;
	}
	if (t->work->engine->whens[t->step] && judge_when(t, &truth, &f) < 0)
		prepare_failed(t, &f);
	else if (truth != EXPR_TRUE)
		skip(t);
	else
		try_it(t, PURPOSE_ACT);
}

/* ---- undo ---- */

static void
undo_over(struct task *t, enum task_state state, const char *why)
{
	struct str body = work_event(t->work, t);

	jtext_text(&body, "why", why);
	say(t, state == TASK_UNDONE ? "undo.done" : "undo.fail", &body);
	over(t, state);
}

void
task_undo(struct task *t)
{
	struct fault f;

	t->work->busy++;
	t->purpose = PURPOSE_UNDO;
	if (call_make(t, PURPOSE_UNDO, &t->call, &f) < 0) {
		undo_over(t, TASK_UNDO_FAILED, f.text);
		return;
	}
	intend(t, TASK_UNDOING);
	say_start(t, "undo.start");
}

/* ---- the end of a try ---- */

static enum result
result_of(const struct task *t, const struct outcome *o)
{
	const struct step *s = task_step(t);

	if (o->flags & OUTCOME_NEVER_RAN)
		return outcome_kind(o) == OUTCOME_TEMPORARY ? RESULT_TEMPORARY : RESULT_FAILED;
	if (o->flags & OUTCOME_STALLED)
		return RESULT_STALL;
	if (o->flags & OUTCOME_TIMED_OUT)
		return RESULT_TIMEOUT;
	if (o->flags & OUTCOME_SIGNALLED)
		return RESULT_KILLED;
	if (s && t->purpose == PURPOSE_ACT)
		return step_outcome(s, 1, o->status);
	return o->status ? RESULT_FAILED : RESULT_DONE;
}

/* An exit status that answers a question: 0 yes, 1 no; all else cannot tell. */
static int
is_answer(const struct outcome *o, enum result result)
{
	return result == RESULT_DONE || (result == RESULT_FAILED && o->status == 1 && !(o->flags & OUTCOME_NEVER_RAN));
}

static void
say_end(const struct task *t, const char *word)
{
	struct str body = work_event(t->work, t);
	char text[OUTCOME_TEXT];

	jtext_int(&body, "attempt", t->tries);
	jtext_int(&body, "slot", t->slot);
	if (t->result != RESULT_DONE) {
		jtext_text(&body, "result", result_word(t->result));
		jtext_int(&body, "status", t->outcome.status);
		jtext_text(&body, "why", outcome_text(&t->outcome, text));
		if (t->due) {
			jtext_text(&body, "next", "backoff");
			jtext_time(&body, "due", t->due);
		}
	}
	if (t->outcome.flags & OUTCOME_LEFT_BEHIND)
		jtext_bool(&body, "left_behind", 1);
	if (t->outcome.flags & OUTCOME_TRUNCATED)
		jtext_bool(&body, "truncated", 1);
	say(t, word, &body);
}

static void
take_output(struct task *t)
{
	struct str text = STR_INIT, canonical = STR_INIT;
	char *line = NULL;
	struct fault ignored;

	free(t->output);
	t->output = NULL;
	if (t->printed & 1)
		call_tail(t->work->engine, t->slot, "out", RESULT_MOST, &text);
	if (text.len)
		line = plugin_result(text.text, text.len);
	if (line && jtext_canonical(line, strlen(line), &canonical, &ignored) == 0)
		t->output = str_take(&canonical);
	free(line);
	str_done(&text);
	str_done(&canonical);
}

static void
done(struct task *t)
{
	take_output(t);
	say_end(t, "step.done");
	over(t, TASK_DONE);
}

/* ---- retry ---- */

static int64_t
draw(int64_t most)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)when_boot() * 0x9e3779b97f4a7c15u;
	return (int64_t)(random % (uint64_t)(most + 1));
}

static void
on_backoff(void *arg)
{
	struct task *t = arg;

	if (t->work->engine->will == ENGINE_DRAIN)
		return; /* its due time stays in the row */
	engine_move(t->work->engine, t->work);
	try_it(t, PURPOSE_ACT);
}

static void
wait_until(struct task *t, int64_t delay)
{
	t->timer = (struct timer){.fn = on_backoff, .arg = t};
	timer_set(&t->work->engine->loop.timers, &t->timer, when_boot() + delay);
}

/* Whether there will be another try: then its drawn time is set, and stored before the wait. */
static int
is_retried(struct task *t, int64_t *delay)
{
	const struct step *s = task_step(t);
	int64_t now = when_now();

	if (!s || !step_retries(s, t->result, t->tries))
		return 0;
	*delay = retry_delay(&s->retry, t->tries);
	if (s->retry.full_jitter)
		*delay = draw(*delay);
	return !s->retry.within || now + *delay - t->started <= s->retry.within;
}

static void
failed(struct task *t)
{
	int64_t delay = 0;

	if (!is_retried(t, &delay)) {
		say_end(t, t->purpose == PURPOSE_PROOF ? "proof.fail" : "step.fail");
		over(t, TASK_FAILED);
		return;
	}
	t->due = when_now() + delay;
	say_end(t, "step.fail");
	enter(t, TASK_BACKOFF);
	wait_until(t, delay);
}

/* ---- doubt ---- */

static void
verify(struct task *t)
{
	struct fault f;

	t->purpose = PURPOSE_VERIFY;
	if (call_make(t, PURPOSE_VERIFY, &t->call, &f) < 0) {
		t->is_settling = 0;
		t->result = RESULT_UNKNOWN;
		prepare_failed(t, &f);
		return;
	}
	intend(t, TASK_UNKNOWN);
	say_start(t, "verify.start");
}

/* Nothing of the doubtful try lives any more. */
static void
cleared(struct task *t)
{
	const struct step *s = task_step(t);

	drop_attempt(t);
	if (t->work->engine->will == ENGINE_DRAIN)
		return; /* the next engine goes on from "unknown" */
	if (t->purpose == PURPOSE_PROOF || (s && s->idempotent)) {
		t->is_settling = 0;
		try_it(t, t->purpose);
	} else {
		verify(t);
	}
}

int
task_can_settle(const struct task *t)
{
	const struct step *s = task_step(t);

	return t->purpose == PURPOSE_PROOF || (s && (s->idempotent || s->verify.argv.n));
}

static void
say_unknown(const struct task *t, const char *why)
{
	struct str body = work_event(t->work, t);

	jtext_int(&body, "attempt", t->tries);
	jtext_int(&body, "slot", t->slot);
	jtext_text(&body, "why", why);
	say(t, "step.unknown", &body);
}

/*
 * It began, and what became of it cannot be known. Never run again by itself unless that is
 * harmless, or verify says that it has to be.
 */
static void
doubt(struct task *t, const char *why)
{
	struct engine *e = t->work->engine;

	t->result = RESULT_UNKNOWN;
	say_unknown(t, why);
	t->is_settling = task_can_settle(t);
	if (!t->is_settling) {
		drop_attempt(t);
		over(t, TASK_UNKNOWN);
		return;
	}
	enter(t, TASK_UNKNOWN);
	if (e->will == ENGINE_DRAIN) {
		drop_attempt(t);
		return;
	}
	e->running++;
	attempt_clear(t->attempt);
}

static void
verified(struct task *t, const struct outcome *o, enum result result)
{
	const struct step *s = task_step(t);
	int is_ours = t->result != RESULT_UNKNOWN; /* we ended it: it counts as a failure */

	t->is_settling = 0;
	if (result == RESULT_DONE) {
		t->result = RESULT_DONE;
		done(t);
	} else if (!is_answer(o, result)) {
		t->outcome = *o;
		t->result = RESULT_UNKNOWN;
		say_end(t, "verify.fail");
		over(t, TASK_FAILED);
	} else if (is_ours && t->tries > s->retry.times) {
		say_end(t, "step.fail");
		over(t, TASK_FAILED);
	} else {
		try_it(t, PURPOSE_ACT);
	}
}

/* We ended it, or somebody did, and verify can tell whether it had done its work by then. */
static int
goes_to_verify(const struct task *t)
{
	const struct step *s = task_step(t);

	return s && t->purpose == PURPOSE_ACT && s->verify.argv.n && !s->idempotent &&
	       (t->result == RESULT_TIMEOUT || t->result == RESULT_STALL ||
		   t->result == RESULT_KILLED);
}

static void
verify_first(struct task *t)
{
	say_end(t, "step.fail");
	t->is_settling = 1;
	enter(t, TASK_UNKNOWN);
	t->work->engine->running++;
	attempt_clear(t->attempt);
}

/* ---- verdicts ---- */

static void
say_proof(const struct task *t, int is_wrong)
{
	struct str body = work_event(t->work, t);

	jtext_int(&body, "slot", t->slot);
	jtext_bool(&body, "wrong", is_wrong);
	say(t, "proof.done", &body);
}

static void
answered(struct task *t)
{
	int is_wrong = t->result != RESULT_DONE;

	if (!is_answer(&t->outcome, t->result) || (is_wrong && t->step == STEP_PROOF_AFTER)) {
		failed(t);
		return;
	}
	say_proof(t, is_wrong);
	over(t, TASK_DONE);
}

static void
acted(struct task *t)
{
	if (t->result == RESULT_DONE) {
		done(t);
	} else if (goes_to_verify(t) && t->work->engine->will != ENGINE_DRAIN) {
		verify_first(t);
		return;
	} else {
		failed(t);
	}
}

static void
stopped(struct task *t)
{
	int is_harmless = task_can_settle(t) && !is_guarded(t, t->purpose);

	store_end(t, is_harmless ? "failed" : "unknown", "stopped", &t->outcome);
	if (t->purpose == PURPOSE_UNDO) {
		undo_over(t, TASK_UNDO_FAILED, "stopped");
	} else if (t->purpose != PURPOSE_VERIFY && is_harmless) {
		enter(t, TASK_PENDING); /* the next engine runs it again */
		work_task_over(t->work, t);
	} else if (t->purpose != PURPOSE_VERIFY) {
		doubt(t, "stopped by the operator");
	}
}

static void
ended(struct task *t)
{
	enum result result = result_of(t, &t->attempt->outcome);
	struct outcome o = t->attempt->outcome;

	if (t->purpose != PURPOSE_VERIFY) {
		t->outcome = o;
		t->result = result;
	}
	if (o.flags & OUTCOME_STOPPED) {
		stopped(t);
		return;
	}
	store_end(t, result == RESULT_DONE ? "done" : "failed",
	    result == RESULT_DONE ? NULL : result_word(result), &o);
	switch (t->purpose) {
	case PURPOSE_ACT: acted(t); break;
	case PURPOSE_PROOF: answered(t); break;
	case PURPOSE_VERIFY: verified(t, &o, result); break;
	case PURPOSE_UNDO:
		undo_over(t, result == RESULT_DONE ? TASK_UNDONE : TASK_UNDO_FAILED,
		    result == RESULT_DONE ? NULL : result_word(result));
		break;
	}
}

static void
unknown(struct task *t)
{
	t->outcome = t->attempt->outcome;
	store_end(t, "unknown", NULL, &t->outcome);
	if (t->purpose == PURPOSE_UNDO)
		undo_over(t, TASK_UNDO_FAILED, "unknown: started, and its end is not known");
	else if (t->purpose == PURPOSE_VERIFY)
		doubt(t, "verify was interrupted");
	else
		doubt(t, "started, and its end is not known");
}

static void
never_started(struct task *t)
{
	struct engine *e = t->work->engine;
	struct fault f;

	if (e->will >= ENGINE_DRAIN || call_make(t, t->purpose, &t->call, &f) < 0) {
		if (attempt_dispose(t->attempt, &f) < 0)
			engine_fail(e, &f);
		task_withdraw(t);
		return;
	}
	store_restart(t);
	vec_push(&e->starts, t);
}

void
task_settled(struct attempt *a)
{
	struct task *t = a->owner;
	struct engine *e = t->work->engine;
	enum attempt_verdict verdict = a->verdict;

	e->running--;
	engine_move(e, t->work);
	switch (verdict) {
	case ATTEMPT_RESULT: ended(t); break;
	case ATTEMPT_NEVER_STARTED: never_started(t); return;
	case ATTEMPT_UNKNOWN: unknown(t); break;
	case ATTEMPT_VOID: task_withdraw(t); break;
	case ATTEMPT_CLEARED: cleared(t); return;
	case ATTEMPT_ALIVE: break;
	}
	/* Doubt keeps the attempt until nothing of it is left. */
	if (t->attempt == a && a->verdict != ATTEMPT_ALIVE)
		drop_attempt(t);
}

void
task_cancel(struct task *t)
{
	timer_stop(&t->work->engine->loop.timers, &t->timer);
	over(t, TASK_CANCELLED);
}

/* ---- resume ---- */

static void
adopt(struct task *t, const struct task_past *past)
{
	struct engine *e = t->work->engine;
	struct attempt_past a = {.guarded = is_guarded(t, t->purpose),
	    .boot = past->boot ? past->boot : "",
	    .deadline = past->deadline,
	    .grace = call_command(t, t->purpose)->grace};
	struct plugin_call call = {0};
	struct fault f;

	t->attempt = attempt_new(&e->attempts, (uint32_t)t->slot, t);
	if (call_make(t, t->purpose, &call, &f) == 0)
		a.key = env_get(call.env.v, PROC_KEY);
	e->running++;
	if (attempt_adopt(t->attempt, &a) == ATTEMPT_ALIVE)
		say_start(t, "step.adopt");
	else
		task_settled(t->attempt);
	plugin_call_done(&call);
}

/* The last try is settled already; what is left of it is looked for before the next. */
static void
settle_again(struct task *t, const struct task_past *past)
{
	struct engine *e = t->work->engine;
	struct attempt_past a = {.guarded = is_guarded(t, t->purpose),
	    .boot = past->boot ? past->boot : "",
	    .grace = call_command(t, t->purpose)->grace};
	struct plugin_call call = {0};
	struct fault f;

	t->is_settling = 1;
	t->attempt = attempt_new(&e->attempts, (uint32_t)t->slot, t);
	if (call_make(t, t->purpose, &call, &f) == 0)
		a.key = env_get(call.env.v, PROC_KEY);
	e->running++;
	if (attempt_adopt(t->attempt, &a) != ATTEMPT_ALIVE)
		attempt_clear(t->attempt);
	plugin_call_done(&call);
}

static void
wait_again(struct task *t)
{
	const struct step *s = task_step(t);
	int64_t left = t->due - when_now(), most = s ? s->retry.max : 0;

	/* A clock that was set wrong cannot park a host for years. */
	wait_until(t, left < 0 ? 0 : left > most ? most : left);
}

void
task_resume(struct task *t, const struct task_past *past)
{
	t->purpose = past->purpose;
	switch (t->state) {
	case TASK_RUNNING:
	case TASK_UNDOING: adopt(t, past); break;
	case TASK_BACKOFF: wait_again(t); break;
	case TASK_UNKNOWN:
		if (task_can_settle(t))
			settle_again(t, past);
		break;
	default: break;
	}
}

/* ---- words ---- */

static void
add_outcome(const struct task *t, const char *before, struct str *out)
{
	char text[OUTCOME_TEXT];

	str_add(out, before);
	str_add(out, outcome_text(&t->outcome, text));
}

void
task_reason(const struct task *t, struct str *out)
{
	const struct step *s = task_step(t);

	if (t->state == TASK_UNKNOWN || t->result == RESULT_UNKNOWN)
		str_add(out, "unknown: it was started, and its end cannot be known");
	else if (t->reason)
		str_add(out, t->reason);
	else if (!t->slot)
		str_add(out, "could not be made ready");
	else if (!s && is_answer(&t->outcome, t->result))
		str_add(out, "still wrong after all steps");
	else if (!s)
		add_outcome(t, "cannot tell whether it is wrong: ", out);
	else if (s->retry.times && t->tries > s->retry.times)
		add_outcome(t, "retries used up: ", out);
	else
		add_outcome(t, "failed: ", out);
}
