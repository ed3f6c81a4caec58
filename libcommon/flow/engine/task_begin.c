/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/task_inside.h"

#include "fleet/expr/expr.h"

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
		task_try(t, t->step == STEP_FINALLY ? PURPOSE_ACT : PURPOSE_PROOF);
		return;
	}
	if (t->work->engine->whens[t->step] && judge_when(t, &truth, &f) < 0)
		task_unready(t, &f);
	else if (truth != EXPR_TRUE)
		skip(t);
	else
		task_try(t, PURPOSE_ACT);
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
	struct fault f;

	t->work->busy++;
	t->purpose = PURPOSE_UNDO;
	if (call_make(t, PURPOSE_UNDO, &t->call, &f) < 0) {
		task_undo_over(t, TASK_UNDO_FAILED, f.text);
		return;
	}
	task_intend(t, TASK_UNDOING);
	task_say_start(t, "undo.start");
}

void
task_cancel(struct task *t)
{
	timer_stop(&t->work->engine->loop.timers, &t->timer);
	task_over(t, TASK_CANCELLED);
}
