/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task_inside.h"

#include "base/when.h"
#include "flow/engine/rewind.h"

#include <string.h>
#include <sys/random.h>

/* The last object on stdout is looked for in so much of its end. */
#define RESULT_MOST ((size_t)64 << 10)

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
	if (t->purpose == PURPOSE_UNDO && outcome_kind(o) == OUTCOME_TEMPORARY)
		return RESULT_TEMPORARY;
	if (t->purpose == PURPOSE_UNDO && outcome_kind(o) == OUTCOME_PERMANENT)
		return RESULT_PERMANENT;
	return o->status ? RESULT_FAILED : RESULT_DONE;
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

void
task_finish(struct task *t)
{
	take_output(t);
	task_say_end(t, "step.done");
	task_over(t, TASK_DONE);
}

/* ---- retry ---- */

int64_t
task_draw(const struct retry *r, int64_t k)
{
	int64_t most = retry_delay(r, k);
	uint64_t random = 0;

	if (!r->full_jitter)
		return most;

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
	if (t->state == TASK_UNDOING)
		task_try_undo(t);
	else if (task_step(t)->retry.from)
		rewind_want(t);
	else
		task_try(t, PURPOSE_ACT);
}

void
task_wait(struct task *t, int64_t delay)
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

	/* An item that is given up begins nothing new. */
	if (t->work->failing || t->work->is_cancelled)
		return 0;
	if (!s || task_out_of_time(t, 0) || !retry_again(&s->retry, t->result, t->tries - t->base))
		return 0;
	*delay = task_draw(&s->retry, t->tries - t->base);
	if (s->retry.within && now + *delay - t->started > s->retry.within)
		return 0;
	return !task_out_of_time(t, *delay);
}

void
task_fail(struct task *t)
{
	int64_t delay = 0;

	if (!is_retried(t, &delay)) {
		task_say_end(t, t->purpose == PURPOSE_PROOF ? "proof.fail" : "step.fail");
		task_over(t, TASK_FAILED);
		return;
	}
	t->due = when_now() + delay;
	task_say_end(t, "step.fail");
	task_enter(t, TASK_BACKOFF);
	task_wait(t, delay);
}

/* ---- verdicts ---- */

static void
say_proof(const struct task *t, int is_wrong)
{
	struct str body = work_event(t->work, t);

	jtext_int(&body, "slot", t->slot);
	jtext_bool(&body, "wrong", is_wrong);
	task_say(t, "proof.done", &body);
}

static void
answered(struct task *t)
{
	int is_wrong = t->result != RESULT_DONE;

	if (!task_is_answer(&t->outcome, t->result) || (is_wrong && t->step == STEP_PROOF_AFTER)) {
		task_fail(t);
		return;
	}
	say_proof(t, is_wrong);
	task_over(t, TASK_DONE);
}

static void
acted(struct task *t)
{
	if (t->result == RESULT_DONE) {
		task_finish(t);
	} else if (task_asks_verify(t) && t->work->engine->will != ENGINE_DRAIN) {
		task_verify_first(t);
		return;
	} else {
		task_fail(t);
	}
}

static void
stopped(struct task *t)
{
	int is_harmless = task_can_settle(t) && !task_is_guarded(t, t->purpose);

	task_store_end(t, is_harmless ? "failed" : "unknown", "stopped", &t->outcome);
	if (t->purpose == PURPOSE_UNDO) {
		task_undo_over(t, TASK_UNDO_FAILED, "stopped");
	} else if (t->purpose != PURPOSE_VERIFY && is_harmless) {
		task_enter(t, TASK_PENDING); /* the next engine runs it again */
		work_task_over(t->work, t);
	} else if (t->purpose != PURPOSE_VERIFY) {
		task_doubt(t, "stopped by the operator");
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
	task_store_end(t, result == RESULT_DONE ? "done" : "failed",
	    result == RESULT_DONE ? NULL : result_word(result), &o);
	switch (t->purpose) {
	case PURPOSE_ACT: acted(t); break;
	case PURPOSE_PROOF: answered(t); break;
	case PURPOSE_VERIFY: task_verified(t, &o, result); break;
	case PURPOSE_UNDO:
		if (result == RESULT_DONE)
			task_undo_over(t, TASK_UNDONE, NULL);
		else
			task_undo_failed(t);
		break;
	}
}

static void
unknown(struct task *t)
{
	t->outcome = t->attempt->outcome;
	task_store_end(t, "unknown", NULL, &t->outcome);
	if (t->purpose == PURPOSE_UNDO)
		task_undo_over(t, TASK_UNDO_FAILED, "unknown: started, and its end is not known");
	else if (t->purpose == PURPOSE_VERIFY)
		task_doubt(t, "verify was interrupted");
	else
		task_doubt(t, "started, and its end is not known");
}

static void
never_started(struct task *t)
{
	struct engine *e = t->work->engine;
	struct fault f;

	int is_too_late = e->will >= ENGINE_DRAIN ||
			  (e->will == ENGINE_CANCEL && task_step(t) && t->purpose == PURPOSE_ACT);

	if (is_too_late || call_make(t, t->purpose, &t->call, &f) < 0) {
		if (attempt_dispose(t->attempt, &f) < 0)
			engine_fail(e, &f);
		task_withdraw(t);
		return;
	}
	task_store_restart(t);
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
	case ATTEMPT_CLEARED: task_cleared(t); return;
	case ATTEMPT_ALIVE: break;
	}
	/* Doubt keeps the attempt until nothing of it is left. */
	if (t->attempt == a && a->verdict != ATTEMPT_ALIVE)
		task_drop_attempt(t);
}
