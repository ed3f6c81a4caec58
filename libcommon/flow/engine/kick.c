/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/kick.h"

#include "base/when.h"
#include "flow/engine/call.h"
#include "flow/engine/engine.h"

#include <inttypes.h>

#define TAIL ((size_t)2048) /* of each output: some twenty lines */

static void
add_tail(const struct task *t, const char *suffix, const char *key, struct str *out)
{
	struct str text = STR_INIT;

	if (call_tail(t->work->engine, t->tried, suffix, TAIL, &text) > 0)
		jtext_text(out, key, text.text);
	str_done(&text);
}

static void
add_done(const struct work *w, struct str *out)
{
	size_t n = 0;

	jtext_key(out, "done");
	str_addc(out, '[');
	for (size_t i = 0; i < w->engine->workflow.steps.n; i++) {
		if (w->tasks[i].state != TASK_DONE)
			continue;
		str_add(out, n++ ? "," : "");
		jtext_put_string(out, task_name(&w->tasks[i]));
	}
	str_addc(out, ']');
}

static char *
evidence(const struct work *w)
{
	const struct task *t = w->failing;
	const struct engine *e = w->engine;
	struct str out = STR_INIT;
	char text[OUTCOME_TEXT];

	jtext_open(&out);
	jtext_int(&out, "attempts", t->tries);
	if (t->tried) {
		char *file = mem_printf("%s/%" PRId64, e->folder, t->tried);

		jtext_text(&out, "outcome", result_word(t->result));
		jtext_int(&out, "status", t->outcome.status);
		jtext_text(&out, "ended", outcome_text(&t->outcome, text));
		jtext_text(&out, "output", file);
		add_tail(t, "out", "stdout", &out);
		add_tail(t, "err", "stderr", &out);
		free(file);
	}
	add_done(w, &out);
	if (w->undo_failed)
		jtext_bool(&out, "undo_failed", 1);
	jtext_close(&out);
	return str_take(&out);
}

void
kick(struct work *w, struct str *why)
{
	/* One that was retried, and is given up again: the journal has the time before. */
	static const char sql[] =
	    "INSERT INTO kicked (run, pos, item, step, reason, evidence, at)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (run, pos) DO UPDATE SET"
	    " step = $4, reason = $5, evidence = $6, at = $7, state = 'open', settled = NULL,"
	    " actor = NULL, note = NULL";
	struct journal *j = &w->engine->journal;
	const struct task *t = w->failing;
	char *proof;

	task_reason(t, why);
	if (w->undo_failed)
		str_add(why, "; undo failed");
	proof = evidence(w);
	journal_write(j, w->pos, sql, "iiisssi", j->run, w->pos, w->item,
	    task_step(t) ? task_name(t) : NULL, why->text, proof, when_now());
	free(proof);
}
