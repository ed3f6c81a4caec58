/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task_inside.h"

#include "base/when.h"
#include "exec/env.h"
#include "exec/proc.h"

#include <string.h>

static void
verify(struct task *t)
{
	struct fault f;

	t->purpose = PURPOSE_VERIFY;
	if (call_make(t, PURPOSE_VERIFY, &t->call, &f) < 0) {
		t->is_settling = 0;
		t->result = RESULT_UNKNOWN;
		task_unready(t, &f);
		return;
	}
	task_intend(t, TASK_UNKNOWN);
	task_say_start(t, "verify.start");
}

void
task_cleared(struct task *t)
{
	const struct step *s = task_step(t);

	task_drop_attempt(t);
	if (t->work->engine->will == ENGINE_DRAIN)
		return; /* the next engine goes on from "unknown" */
	if (t->purpose == PURPOSE_PROOF || (s && s->idempotent)) {
		t->is_settling = 0;
		task_try(t, t->purpose);
	} else {
		verify(t);
	}
}

static void
say_unknown(const struct task *t, const char *why)
{
	struct str body = work_event(t->work, t);

	jtext_int(&body, "attempt", t->tries);
	jtext_int(&body, "slot", t->slot);
	jtext_text(&body, "why", why);
	task_say(t, "step.unknown", &body);
}

void
task_doubt(struct task *t, const char *why)
{
	struct engine *e = t->work->engine;

	t->result = RESULT_UNKNOWN;
	say_unknown(t, why);
	t->is_settling = task_can_settle(t);
	if (!t->is_settling) {
		task_drop_attempt(t);
		task_over(t, TASK_UNKNOWN);
		return;
	}
	task_enter(t, TASK_UNKNOWN);
	if (e->will == ENGINE_DRAIN) {
		task_drop_attempt(t);
		return;
	}
	e->running++;
	attempt_clear(t->attempt);
}

void
task_verified(struct task *t, const struct outcome *o, enum result result)
{
	const struct step *s = task_step(t);
	int is_ours = t->result != RESULT_UNKNOWN; /* we ended it: it counts as a failure */

	t->is_settling = 0;
	if (result == RESULT_DONE) {
		t->result = RESULT_DONE;
		task_finish(t);
	} else if (!task_is_answer(o, result)) {
		t->outcome = *o;
		t->result = RESULT_UNKNOWN;
		task_say_end(t, "verify.fail");
		task_over(t, TASK_FAILED);
	} else if (is_ours && t->tries - t->base > s->retry.times) {
		task_say_end(t, "step.fail");
		task_over(t, TASK_FAILED);
	} else {
		task_try(t, PURPOSE_ACT);
	}
}

int
task_asks_verify(const struct task *t)
{
	const struct step *s = task_step(t);

	return s && t->purpose == PURPOSE_ACT && s->verify.argv.n && !s->idempotent &&
	       (t->result == RESULT_TIMEOUT || t->result == RESULT_STALL ||
		   t->result == RESULT_KILLED);
}

void
task_verify_first(struct task *t)
{
	task_say_end(t, "step.fail");
	t->is_settling = 1;
	task_enter(t, TASK_UNKNOWN);
	t->work->engine->running++;
	attempt_clear(t->attempt);
}

/* ---- resume ---- */

static void
adopt(struct task *t, const struct task_past *past)
{
	struct engine *e = t->work->engine;
	struct attempt_past a = {.guarded = task_is_guarded(t, t->purpose),
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
		task_say_start(t, "step.adopt");
	else
		task_settled(t->attempt);
	plugin_call_done(&call);
}

/* The last try is settled already; what is left of it is looked for before the next. */
static void
settle_again(struct task *t, const struct task_past *past)
{
	struct engine *e = t->work->engine;
	struct attempt_past a = {.guarded = task_is_guarded(t, t->purpose),
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
	int64_t left = t->due - when_now();
	int64_t most = t->state == TASK_UNDOING ? s->undo_retry.max : s->retry.max;

	/* A clock that was set wrong cannot park a host for years. */
	task_wait(t, left < 0 ? 0 : left > most ? most : left);
}

void
task_resume(struct task *t, const struct task_past *past)
{
	t->purpose = past->purpose;
	switch (t->state) {
	case TASK_UNDOING:
		if (t->due)
			wait_again(t);
		else
			adopt(t, past);
		break;
	case TASK_RUNNING: adopt(t, past); break;
	case TASK_BACKOFF: wait_again(t); break;
	case TASK_UNKNOWN:
		if (task_can_settle(t))
			settle_again(t, past);
		break;
	default: break;
	}
}
