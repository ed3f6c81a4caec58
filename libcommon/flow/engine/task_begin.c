/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task_inside.h"

#include "base/when.h"
#include "fleet/expr/expr.h"
#include "flow/engine/each.h"

#include <string.h>

/* ---- when ---- */

static void
skip(struct task *t)
{
	struct str body = work_event(t->work, t);
	char *why = mem_printf("not true: %s", task_step(t)->when);

	jtext_text(&body, "why", why);
	free(why);
	if (t->work->engine->is_dry) {
		jtext_close(&body);
		journal_would(task_journal(t), "would.skip", str_take(&body));
	} else {
		task_say(t, "step.skip", &body);
	}
	task_over(t, TASK_SKIPPED);
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

/* The item's variables, and what earlier steps printed under the names of these. */
static char *
variables(struct task *t)
{
	const struct expr *when = t->work->engine->whens[t->step];
	struct jtext held = jtext_member(JTEXT(t->work->uses), "variables"), key, value;
	struct str out = STR_INIT;
	size_t at = 0;

	jtext_open(&out);
	while (held.text && jtext_each(held, &at, &key, &value)) {
		char *name = jtext_plain_dup(key);

		jtext_rawn(&out, name, value.text, value.len);
		free(name);
	}
	for (size_t i = 0; i < expr_variables(when)->n; i++) {
		const char *name = expr_variables(when)->v[i];
		struct jtext printed = work_output(name, t);

		if (printed.text)
			jtext_rawn(&out, name, printed.text, printed.len);
	}
	jtext_close(&out);
	return str_take(&out);
}

static int
judge_when(struct task *t, enum expr_truth *truth, struct fault *f)
{
	struct engine *e = t->work->engine;
	struct jtext uses = JTEXT(t->work->uses);
	struct expr_subject subject = {
	    .variables = variables(t), .attributes = section(uses, "attributes")};
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
		task_try(t, t->step >= STEP_FINALLY ? PURPOSE_ACT : PURPOSE_PROOF);
		return;
	}
	if (t->work->engine->whens[t->step] && judge_when(t, &truth, &f) < 0)
		task_unready(t, &f);
	else if (truth != EXPR_TRUE)
		skip(t);
	else if (t->each)
		each_begin(t);
	else
		task_try(t, PURPOSE_ACT);
}

void
task_again(struct task *t)
{
	if (t->state == TASK_BACKOFF || (t->each && t->state == TASK_RUNNING))
		t->work->busy--;
	timer_stop(&t->work->engine->loop.timers, &t->timer);
	if (!t->is_due) { /* the step that goes back has used up what it has */
		t->base = t->tries;
		t->started = 0;
	}
	t->is_due = 0;
	t->pass++;
	t->ended = 0;
	free(t->output);
	free(t->reason);
	t->output = t->reason = NULL;
	if (t->each && t->state == TASK_RUNNING)
		t->state = TASK_PENDING;
	if (t->is_stored)
		task_enter(t, TASK_PENDING);
}

/* ---- undo ---- */

void
task_undo_over(struct task *t, enum task_state state, const char *why)
{
	struct str body = work_event(t->work, t);

	jtext_text(&body, "why", why);
	task_say(t, state == TASK_UNDONE ? "undo.done" : "undo.fail", &body);
	task_over(t, state);
}

void
task_undo(struct task *t)
{
	t->work->busy++;
	t->base = 0;
	task_try_undo(t);
}

/* Its state stays: undoing, with the time of the next try. */
void
task_undo_failed(struct task *t)
{
	const struct retry *r = &task_step(t)->undo_retry;
	int64_t delay;

	if (!retry_again(r, t->result, t->base)) {
		task_undo_over(t, TASK_UNDO_FAILED, result_word(t->result));
		return;
	}
	delay = task_draw(r, t->base);
	t->due = when_now() + delay;
	task_say_end(t, "undo.fail");
	task_enter(t, TASK_UNDOING);
	task_wait(t, delay);
}

void
task_cancel(struct task *t)
{
	timer_stop(&t->work->engine->loop.timers, &t->timer);
	task_over(t, TASK_CANCELLED);
}
