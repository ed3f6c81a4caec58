/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task_inside.h"

#include "base/num.h"
#include "base/when.h"
#include "exec/crash.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* ---- rows ---- */

static int64_t
deadline_of(const struct task *t)
{
	int64_t deadline = when_boot() + call_command(t, t->purpose)->timeout;
	int64_t until = t->work->until;

	/* The item's time is for its work; what cleans up after it has its own. */
	if (t->purpose == PURPOSE_ACT && task_step(t) && until && until < deadline)
		return until;
	return deadline;
}

int
task_out_of_time(struct task *t, int64_t delay)
{
	char limit[24];

	if (!task_step(t) || !work_is_late(t->work, delay))
		return 0;
	t->work->is_late = 1;
	free(t->reason);
	t->reason = mem_printf("the item's time limit of %s has passed",
	    num_duration_text(t->work->engine->workflow.item_limit, limit));
	return 1;
}

static void
store_attempt(struct task *t)
{
	static const char sql[] =
	    "INSERT INTO attempt (run, slot, pos, step, element, n, purpose, state, boot, epoch,"
	    " deadline, started) VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9, $10, $11)";
	struct journal *j = task_journal(t);

	journal_write(j, t->work->pos, sql, "iiiiiissiii", j->run, t->slot, t->work->pos,
	    (int64_t)t->step, (int64_t)t->element, task_attempt(t), purpose_words[t->purpose],
	    t->work->engine->record.era, j->epoch, deadline_of(t), when_now());
}

/* It is to be started in its slot after all, or again: by this engine, in this boot. */
void
task_store_restart(struct task *t)
{
	static const char sql[] = "UPDATE attempt SET boot = $3, epoch = $4, deadline = $5"
				  " WHERE run = $1 AND slot = $2 AND state = 'running'";
	struct journal *j = task_journal(t);

	journal_write(j, t->work->pos, sql, "iisii", j->run, t->slot, t->work->engine->record.era,
	    j->epoch, deadline_of(t));
}

void
task_store_end(struct task *t, const char *state, const char *outcome, const struct outcome *o)
{
	static const char sql[] =
	    "UPDATE attempt SET state = $3, outcome = $4, status = $5, ended = $6, truncated = $7,"
	    " left_behind = $8, output = $9 WHERE run = $1 AND slot = $2 AND state = 'running'";
	const struct engine *e = t->work->engine;
	struct journal *j = task_journal(t);
	char *output = NULL;

	t->printed = call_keep_output(e, t->slot, task_is_guarded(t, t->purpose), t->files);
	if (t->printed)
		output = mem_printf("%" PRId64 "/%" PRId64, j->run, t->slot);
	journal_write(j, t->work->pos, sql, "iissiiiis", j->run, t->slot, state, outcome,
	    (int64_t)o->status, when_now(), (int64_t)((o->flags & OUTCOME_TRUNCATED) != 0),
	    (int64_t)((o->flags & OUTCOME_LEFT_BEHIND) != 0), output);
	free(output);
}

/* ---- a try ---- */

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
	journal_would(task_journal(t), "would.run", str_take(&body));
	str_done(&text);
}

void
task_intend(struct task *t, enum task_state state)
{
	struct engine *e = t->work->engine;

	t->slot = ++e->slots;
	t->told = 0;
	t->due = 0;
	if (t->purpose == PURPOSE_UNDO) {
		t->base++;
	} else if (t->purpose != PURPOSE_VERIFY) {
		t->tries++;
		t->tried = t->slot;
	}
	store_attempt(t);
	task_enter(t, state);
	vec_push(&e->starts, t);
	if (e->is_dry)
		dry_run(t);
}

int
task_ready(struct task *t, struct fault *f)
{
	struct engine *e = t->work->engine;

	if (task_is_none(t, t->purpose))
		return 0;
	if (call_open_output(e, t->slot, task_is_guarded(t, t->purpose), t->files) < 0)
		return fault_errno(f, "%s: output", e->folder);
	return 0;
}

static void
start_program(struct task *t)
{
	const struct command *command = call_command(t, t->purpose);
	const struct step *s = task_step(t);
	struct child_spec spec = {.limits = {.deadline = deadline_of(t),
				      .grace = command->grace,
				      .stall = s && t->purpose == PURPOSE_ACT ? s->stall : 0,
				      .cap = CALL_OUTPUT}};

	plugin_call_spec(&t->call, &spec);
	spec.out = t->files[0];
	spec.err = t->files[1];
	attempt_start(t->attempt, &spec, task_is_guarded(t, t->purpose));
	if (task_is_guarded(t, t->purpose)) /* what is kept in memory is ours to read */
		call_close_output(t->files);
}

void
task_start(struct task *t)
{
	struct engine *e = t->work->engine;

	if (!t->attempt)
		t->attempt = attempt_new(&e->attempts, (uint32_t)t->slot, t);
	e->running++;
	crash_point("engine.before-start");
	if (task_is_none(t, t->purpose))
		attempt_end(t->attempt, (int)strtol(t->call.argv.v[1], NULL, 10));
	else
		start_program(t);
	plugin_call_done(&t->call);
	crash_point("engine.started");
}

/* A dry run has no output of earlier steps. */
static void
cannot_tell(struct task *t, const char *why)
{
	struct str body = work_event(t->work, t);

	jtext_text(&body, "why", why);
	jtext_close(&body);
	journal_would(task_journal(t), "cannot.tell", str_take(&body));
	task_over(t, TASK_DONE);
}

void
task_unready(struct task *t, const struct fault *f)
{
	struct str body;

	if (t->work->engine->is_dry) {
		cannot_tell(t, f->text);
		return;
	}
	body = work_event(t->work, t);
	free(t->reason);
	t->reason = mem_dup(f->text);
	t->result = RESULT_FAILED;
	t->slot = 0;
	jtext_text(&body, "result", "failed");
	jtext_text(&body, "why", f->text);
	task_say(t, "step.fail", &body);
	task_over(t, TASK_FAILED);
}

void
task_try(struct task *t, enum purpose purpose)
{
	struct fault f;

	t->purpose = purpose;
	if (purpose == PURPOSE_ACT && task_out_of_time(t, 0)) {
		fault_set(&f, FAULT_BAD, "%s", t->reason);
		task_unready(t, &f);
		return;
	}
	if (call_make(t, purpose, &t->call, &f) < 0) {
		task_unready(t, &f);
		return;
	}
	task_intend(t, TASK_RUNNING);
	task_say_start(t, t->purpose == PURPOSE_PROOF ? "proof.start" : "step.start");
}

void
task_try_undo(struct task *t)
{
	struct fault f;

	t->purpose = PURPOSE_UNDO;
	if (call_make(t, PURPOSE_UNDO, &t->call, &f) < 0) {
		task_undo_over(t, TASK_UNDO_FAILED, f.text);
		return;
	}
	task_intend(t, TASK_UNDOING);
	task_say_start(t, "undo.start");
}

void
task_withdraw(struct task *t)
{
	static const struct outcome none;
	enum task_state back = t->purpose == PURPOSE_UNDO     ? TASK_DONE
			       : t->purpose == PURPOSE_VERIFY ? TASK_UNKNOWN
							      : TASK_PENDING;

	task_say_start(t, "step.void");
	task_store_end(t, "void", NULL, &none);
	task_drop_attempt(t);
	plugin_call_done(&t->call);
	if (t->purpose == PURPOSE_UNDO)
		t->base--;
	else if (t->purpose != PURPOSE_VERIFY)
		t->tries--;
	task_enter(t, back);
	work_task_over(t->work, t);
}

/* ---- a dry run ---- */

/* What an outcome would have been made of: proof before finds it wrong, all else goes well. */
void
task_pretend(struct task *t)
{
	plugin_call_done(&t->call);
	t->result = t->step == STEP_PROOF_BEFORE ? RESULT_FAILED : RESULT_DONE;
	task_over(t, t->state == TASK_UNDOING ? TASK_UNDONE : TASK_DONE);
}
