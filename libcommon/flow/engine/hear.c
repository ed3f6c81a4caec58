/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/hear.h"

#include "base/when.h"
#include "flow/engine/engine.h"
#include "flow/engine/task_inside.h"

#include <string.h>

#define HEAR_MS 1000
#define HEAR_MOST ((size_t)64 << 10) /* so much of what is new is looked at, its end */

static const char *const members[] = {"done", "total", "message", NULL};

/* A line that is a progress record: its text in canonical form. */
static int
is_progress(const char *line, size_t len, struct str *canonical)
{
	struct fault ignored;

	str_reset(canonical);
	return len > 1 && jtext_canonical(line, len, canonical, &ignored) == 0 &&
	       jtext_type(JTEXT(canonical->text)) == JTEXT_OBJECT &&
	       jtext_is(jtext_member(JTEXT(canonical->text), "kind"), "progress");
}

static void
say(const struct task *t, struct jtext progress)
{
	struct str body = work_event(t->work, t);

	for (size_t i = 0; members[i]; i++) {
		struct jtext value = jtext_member(progress, members[i]);

		if (value.text && jtext_type(value) < JTEXT_ARRAY)
			jtext_rawn(&body, members[i], value.text, value.len);
	}
	task_say(t, "step.progress", &body);
}

/* The last whole line of progress in it. */
static void
look(const struct task *t, const struct str *text)
{
	struct str canonical = STR_INIT;
	size_t end = text->len;

	while (end) {
		const char *start = memrchr(text->text, '\n', end - 1);
		size_t at = start ? (size_t)(start - text->text) + 1 : 0;

		if (is_progress(text->text + at, end - 1 - at, &canonical)) {
			say(t, JTEXT(canonical.text));
			break;
		}
		end = at;
	}
	str_done(&canonical);
}

static void
hear(struct task *t)
{
	struct str text = STR_INIT;

	t->told += call_read(t, t->told, HEAR_MOST, &text);
	while (text.len && text.text[text.len - 1] != '\n') { /* a line that is not whole yet */
		str_cut(&text, text.len - 1);
		t->told--;
	}
	if (text.len)
		look(t, &text);
	str_done(&text);
}

static void
on_hear(void *arg)
{
	struct engine *e = arg;

	for (struct attempt *a = e->attempts.first; a; a = a->next) {
		struct task *t = a->owner;
		const struct step *s = task_step(t);

		if (s && s->action && t->purpose == PURPOSE_ACT && t->state == TASK_RUNNING &&
		    !task_is_none(t, PURPOSE_ACT))
			hear(t);
	}
	timer_set(&e->loop.timers, &e->hear, when_boot() + HEAR_MS);
}

void
hear_open(struct engine *e)
{
	e->hear = (struct timer){.fn = on_hear, .arg = e};
	for (size_t i = 0; i < e->workflow.steps.n; i++)
		if (e->workflow.steps.v[i].action && !e->hear.place) {
			timer_set(&e->loop.timers, &e->hear, when_boot() + HEAR_MS);
			break;
		}
}

void
hear_close(struct engine *e)
{
	timer_stop(&e->loop.timers, &e->hear);
}
