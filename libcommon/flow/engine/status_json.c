/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/status.h"
#include "io/jtext.h"

/* A member that is a list: then each object after begin_object, and ']'. */
static void
begin_list(struct str *out, const char *key)
{
	jtext_key(out, key);
	str_addc(out, '[');
}

static void
begin_object(struct str *out, size_t i)
{
	str_add(out, i ? "," : "");
	jtext_open(out);
}

static void
add_steps(const struct status *st, struct str *out)
{
	begin_list(out, "steps");
	for (size_t i = 0; i < st->steps.n; i++) {
		const struct status_step *s = &st->steps.v[i];

		begin_object(out, i);
		jtext_text(out, "item", s->ref);
		jtext_text(out, "step", s->step);
		jtext_text(out, "state", s->state);
		jtext_int(out, "attempts", s->tries);
		jtext_time(out, "started", s->started);
		jtext_time(out, "due", s->due);
		jtext_close(out);
	}
	str_addc(out, ']');
}

static void
add_blocks(const struct status *st, struct str *out)
{
	begin_list(out, "blocked");
	for (size_t i = 0; i < st->blocks.n; i++) {
		begin_object(out, i);
		jtext_text(out, "item", st->blocks.v[i].ref);
		jtext_text(out, "why", st->blocks.v[i].why);
		jtext_close(out);
	}
	str_addc(out, ']');
}

static void
add_words(const struct status *st, struct str *out)
{
	begin_list(out, "words");
	for (size_t i = 0; i < st->words.n; i++) {
		const struct status_word *w = &st->words.v[i];

		begin_object(out, i);
		jtext_text(out, "word", w->word);
		jtext_time(out, "at", w->at);
		jtext_text(out, "actor", w->actor);
		jtext_text(out, "reason", w->reason);
		jtext_close(out);
	}
	str_addc(out, ']');
}

static void
add_rivals(const struct status *st, struct str *out)
{
	begin_list(out, "waited_for_by");
	for (size_t i = 0; i < st->rivals.n; i++) {
		begin_object(out, i);
		jtext_int(out, "run", st->rivals.v[i].run);
		jtext_int(out, "items", st->rivals.v[i].items);
		jtext_close(out);
	}
	str_addc(out, ']');
}

void
status_json(const struct status *st, struct str *out)
{
	const struct run *r = &st->run;

	jtext_open(out);
	jtext_text(out, "kind", "run");
	jtext_int(out, "run", r->id);
	jtext_text(out, "workflow", r->workflow);
	jtext_text(out, "state", run_words[r->state]);
	jtext_text(out, "why", r->why);
	jtext_int(out, "items", r->items);
	jtext_int(out, "ok", r->ok);
	jtext_int(out, "kicked", r->kicked);
	jtext_int(out, "skipped", r->skipped);
	jtext_int(out, "cancelled", r->cancelled);
	jtext_int(out, "active", st->active);
	jtext_int(out, "queued", st->queued);
	jtext_int(out, "wave", r->wave);
	jtext_int(out, "waves", r->limits.waves);
	jtext_int(out, "max_fail", r->limits.max_fail);
	jtext_bool(out, "engine", st->engine_lives);
	if (st->per_hour)
		jtext_int(out, "per_hour", st->per_hour);
	if (st->eta)
		jtext_int(out, "eta_seconds", st->eta / 1000);
	jtext_text(out, "actor", r->actor);
	jtext_text(out, "reason", r->reason);
	jtext_time(out, "created", r->created);
	jtext_time(out, "started", r->started);
	jtext_time(out, "ended", r->ended);
	if (st->remedy.items) {
		jtext_key(out, "remedy");
		remedy_to_json(&st->remedy, out);
	}
	jtext_text(out, "waits", st->waits);
	jtext_text(out, "next", st->next);
	add_steps(st, out);
	add_blocks(st, out);
	add_words(st, out);
	add_rivals(st, out);
	jtext_close(out);
}
