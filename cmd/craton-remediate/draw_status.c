/* SPDX-License-Identifier: Apache-2.0 */
/* How a run stands, in lines for people: what status prints and watch draws. */
#include "flow/engine/status.h"

#include "remediate.h"

#include "base/when.h"

#include <inttypes.h>

static void
add_count(struct str *out, int64_t n, const char *what)
{
	if (n)
		str_addf(out, ", %" PRId64 " %s", n, what);
}

static void
add_head(const struct status *st, struct str *out)
{
	const struct run *r = &st->run;

	str_addf(out, "run %-5" PRId64 " %s, %s%s%s%s\n", r->id, r->workflow, run_words[r->state],
	    r->why ? ": " : "", r->why ? r->why : "",
	    r->state == RUN_RUNNING && !st->engine_lives ? ", but its engine is gone" : "");
	str_addf(out, "items     %" PRId64 ": %" PRId64 " ok", r->items, r->ok);
	add_count(out, st->active, "in work");
	add_count(out, st->queued, "queued");
	add_count(out, r->kicked, "kicked out");
	add_count(out, r->skipped, "skipped");
	add_count(out, r->cancelled, "cancelled");
	str_addf(out, "\nwave      %" PRId64 " of %" PRId64 "%s\n", r->wave, r->limits.waves,
	    r->wave == 0 && r->limits.canary ? ", the canary" : "");
	str_addf(out, "failures  %" PRId64 " of %" PRId64 " allowed (%.1f %% of %" PRId64 ")\n",
	    r->kicked, r->limits.max_fail,
	    r->items ? 100.0 * (double)r->kicked / (double)r->items : 0.0, r->items);
}

/* "2h 5m", "3m 10s", "8s": the two largest units say enough. */
static void
add_span(struct str *out, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s >= 3600)
		str_addf(out, "%" PRId64 "h %" PRId64 "m", s / 3600, s / 60 % 60);
	else if (s >= 60)
		str_addf(out, "%" PRId64 "m %" PRId64 "s", s / 60, s % 60);
	else
		str_addf(out, "%" PRId64 "s", s);
}

static void
add_rate(const struct status *st, struct str *out)
{
	if (!st->per_hour)
		return;
	str_addf(out, "rate      %" PRId64 " an hour", st->per_hour);
	if (st->eta) {
		str_add(out, ", the rest in about ");
		add_span(out, st->eta);
	}
	str_addc(out, '\n');
}

static void
add_remedy(const struct status *st, struct str *out)
{
	if (!st->remedy.items)
		return;
	str_add(out, "remedy    ");
	remedy_text(&st->remedy, out);
	str_addc(out, '\n');
}

static void
add_steps(const struct status *st, size_t most, struct str *out)
{
	int64_t now = when_now();

	for (size_t i = 0; i < st->steps.n && i < most; i++) {
		const struct status_step *s = &st->steps.v[i];

		str_addf(out, "%-9s %s %s, attempt %" PRId64, s->state, s->ref, s->step, s->tries);
		if (s->due) {
			str_add(out, ", again in ");
			add_span(out, s->due > now ? s->due - now : 0);
		} else if (s->started && now > s->started) {
			str_add(out, ", since ");
			add_span(out, now - s->started);
		}
		str_addc(out, '\n');
	}
	if (st->steps.n > most)
		str_addf(out, "          and %zu more\n", st->steps.n - most);
}

static void
add_waits(const struct status *st, size_t most, struct str *out)
{
	if (st->waits)
		str_addf(out, "waits     %s\n", st->waits);
	for (size_t i = 0; i < st->blocks.n && i < most; i++)
		str_addf(out, "waits     %s: %s\n", st->blocks.v[i].ref, st->blocks.v[i].why);
	for (size_t i = 0; i < st->rivals.n; i++)
		str_addf(out,
		    "blocks    run %" PRId64 ", which waits for %" PRId64 " of its items\n",
		    st->rivals.v[i].run, st->rivals.v[i].items);
	for (size_t i = 0; i < st->words.n; i++) {
		const struct status_word *w = &st->words.v[i];

		str_addf(out, "said      %s, by %s%s%s\n", w->word, w->actor, w->reason ? ": " : "",
		    w->reason ? w->reason : "");
	}
	if (st->next)
		str_addf(out, "next      %s\n", st->next);
}

void
draw_status(const struct status *st, size_t steps, size_t blocks, struct str *out)
{
	add_head(st, out);
	add_rate(st, out);
	add_remedy(st, out);
	add_steps(st, steps, out);
	add_waits(st, blocks, out);
}
