/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task_inside.h"

#include "base/when.h"
#include "flow/engine/each.h"

#include <string.h>

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
	*t = (struct task){.work = w, .step = step, .files = {-1, -1}};
}

void
task_drop_attempt(struct task *t)
{
	attempt_free(t->attempt);
	t->attempt = NULL;
}

void
task_done(struct task *t)
{
	task_drop_attempt(t);
	plugin_call_done(&t->call);
	call_close_output(t->files);
	timer_stop(&t->work->engine->loop.timers, &t->timer);
	free(t->output);
	free(t->reason);
	free(t->name);
	each_free(t->each);
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
	return t->name ? t->name : workflow_step_name(&t->work->engine->workflow, t->step);
}

int
task_is_at_work(const struct task *t)
{
	return t->state == TASK_RUNNING || t->state == TASK_UNDOING ||
	       (t->state == TASK_UNKNOWN && t->is_settling);
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
	return !s || t->work->is_late || s->otherwise != ELSE_CONTINUE ||
	       t->result == RESULT_UNKNOWN;
}

int
task_can_settle(const struct task *t)
{
	const struct step *s = task_step(t);

	return t->purpose == PURPOSE_PROOF || (s && (s->idempotent || s->verify.argv.n));
}

int64_t
task_attempt(const struct task *t)
{
	return t->purpose == PURPOSE_UNDO ? t->base : t->tries;
}

int
task_is_guarded(const struct task *t, enum purpose purpose)
{
	const struct step *s = task_step(t);

	if (purpose == PURPOSE_PROOF || purpose == PURPOSE_VERIFY)
		return 0;
	return purpose == PURPOSE_UNDO || !s || !s->idempotent;
}

int
task_is_none(const struct task *t, enum purpose purpose)
{
	return purpose == PURPOSE_ACT && step_is_none(task_step(t));
}

int
task_is_answer(const struct outcome *o, enum result result)
{
	return result == RESULT_DONE ||
	       (result == RESULT_FAILED && o->status == 1 && !(o->flags & OUTCOME_NEVER_RAN));
}

int
task_found_wrong(const struct task *t)
{
	return t->purpose == PURPOSE_PROOF && t->slot && t->state != TASK_UNKNOWN &&
	       task_is_answer(&t->outcome, t->result);
}

/* ---- rows and events ---- */

struct journal *
task_journal(const struct task *t)
{
	return &t->work->engine->journal;
}

void
task_enter(struct task *t, enum task_state state)
{
	static const char insert[] =
	    "INSERT INTO step (run, pos, step, element, state, attempt, tries, base, pass, due,"
	    " boot, epoch, output, started, ended)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
	static const char update[] =
	    "UPDATE step SET state = $5, attempt = $6, tries = $7, base = $8, pass = $9, due = $10,"
	    " boot = $11, epoch = $12, output = $13, started = $14, ended = $15"
	    " WHERE run = $1 AND pos = $2 AND step = $3 AND element = $4 AND state = $16";
	struct journal *j = task_journal(t);
	int64_t pos = t->work->pos;

	if (!t->started)
		t->started = when_now();
	t->due = state == TASK_BACKOFF || state == TASK_UNDOING ? t->due : 0;
	if (state == TASK_DONE || state == TASK_FAILED || state == TASK_SKIPPED)
		t->ended = when_now();
	journal_write(j, pos, t->is_stored ? update : insert,
	    t->is_stored ? "iiiisiiiirsisirs" : "iiiisiiiirsisir", j->run, pos, (int64_t)t->step,
	    (int64_t)t->element, task_words[state], t->slot, t->tries, t->base, t->pass, t->due,
	    t->work->engine->record.era, j->epoch, t->output, t->started, t->ended,
	    task_words[t->state]);
	t->is_stored = 1;
	t->state = state;
}

void
task_over(struct task *t, enum task_state state)
{
	task_enter(t, state);
	work_task_over(t->work, t);
}

void
task_say(const struct task *t, const char *word, struct str *body)
{
	jtext_close(body);
	journal_event(task_journal(t), t->work->pos, word, str_take(body));
}

void
task_say_start(const struct task *t, const char *word)
{
	struct str body = work_event(t->work, t);

	if (t->purpose == PURPOSE_ACT)
		jtext_int(&body, "attempt", task_attempt(t));
	jtext_int(&body, "slot", t->slot);
	task_say(t, word, &body);
}

void
task_say_end(const struct task *t, const char *word)
{
	struct str body = work_event(t->work, t);
	char text[OUTCOME_TEXT];

	jtext_int(&body, "attempt", task_attempt(t));
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
	task_say(t, word, &body);
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
	else if (task_found_wrong(t))
		str_add(out, "still wrong after all steps");
	else if (t->purpose == PURPOSE_PROOF)
		add_outcome(t, "cannot tell whether it is wrong: ", out);
	else if (s && s->retry.times && t->tries - t->base > s->retry.times)
		add_outcome(t, "retries used up: ", out);
	else
		add_outcome(t, "failed: ", out);
}
