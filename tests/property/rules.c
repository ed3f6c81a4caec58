/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void
complain(struct rules *r, const char *fmt, ...)
{
	va_list ap;

	if (*r->wrong)
		return;
	va_start(ap, fmt);
	vsnprintf(r->wrong, sizeof(r->wrong), fmt, ap);
	va_end(ap);
}

/* ---- what is written down, in items ---- */

static int64_t
of(const struct share *s, int64_t whole)
{
	return s->is_percent ? whole * s->n / 100 : s->n;
}

static int64_t
of_at_least_one(const struct share *s, int64_t whole)
{
	return of(s, whole) > 0 ? of(s, whole) : 1;
}

/* "canary first; then waves of size (the last is repeated), or 1, 2, 4" */
static int64_t
wave_size(const struct rules_case *c, int wave)
{
	int last = c->sizes - 1, n = wave - 1;

	if (wave == 0)
		return c->canary;
	if (c->doubling)
		return (int64_t)1 << n;
	if (!c->sizes)
		return c->items;
	return of_at_least_one(&c->size[n < last ? n : last], c->items);
}

void
rules_init(struct rules *r, const struct rules_case *c)
{
	int64_t placed = 0;
	int wave = 0;

	*r = (struct rules){.c = c, .open = -1, .approved = -1};
	r->max_fail = of(&c->max_fail, c->items);
	for (int i = 0; i < c->items; i++) {
		while (placed == wave_size(c, wave)) {
			wave++;
			placed = 0;
		}
		r->wave[i] = wave;
		placed++;
	}
	r->waves = wave;
}

void
rules_go_on(struct rules *r)
{
	r->is_signalled = r->has_ended = 0;
}

/* ---- who may start ---- */

static int
is_in(const struct rules_case *c, int item, int label, int as)
{
	return item == as ||
	       (c->value[as][label] >= 0 && c->value[item][label] == c->value[as][label]);
}

/* "fewer than limit items of its value are in work or kicked; a share is of those with it" */
static int
is_full(const struct rules *r, int label, int item)
{
	const struct rules_case *c = r->c;
	int64_t held = 0, with_value = 0;

	for (int i = 0; i < c->items; i++) {
		if (!is_in(c, i, label, item))
			continue;
		with_value++;
		held += r->state[i] == ACTIVE || r->state[i] == KICKED;
	}
	return held >= of_at_least_one(&c->spread[label], with_value);
}

/* "the run stops when more have failed", one more; what ends well later does not mend that */
static void
check_limits(struct rules *r)
{
	r->has_tripped |= r->failed > r->max_fail;
	r->has_tripped |= r->c->max_fail_in_a_row && r->row > r->c->max_fail_in_a_row;
}

/* What speaks against an item that is queued, or NULL. */
static const char *
why_not(const struct rules *r, int item)
{
	if (r->wave[item] != r->open)
		return "its wave is not open";
	if (r->has_tripped)
		return "the run has tripped";
	if (r->active >= r->c->in_flight)
		return "in_flight";
	if (r->c->strict && r->active >= r->max_fail - r->failed + 1)
		return "strict";
	for (int label = 0; label < r->c->labels; label++)
		if (is_full(r, label, item))
			return "spread";
	return NULL;
}

void
rules_item_start(struct rules *r, int item)
{
	const char *why = why_not(r, item);

	if (r->state[item] != QUEUED)
		complain(r, "item %d starts twice", item);
	else if (why)
		complain(r, "item %d starts against %s", item, why);
	/* With one label at most, those that may start do in the order of the plan. */
	for (int i = 0; i < item && r->c->labels < 2; i++)
		if (r->state[i] == QUEUED && !why_not(r, i))
			complain(r, "item %d starts before %d", item, i);
	r->state[item] = ACTIVE;
	r->active++;
}

/* ---- waves ---- */

static int
left_in(const struct rules *r, int wave)
{
	int n = 0;

	for (int i = 0; i < r->c->items; i++)
		n += r->wave[i] == wave && r->state[i] < FINE;
	return n;
}

/* The next with items, or -1. */
static int
following(const struct rules *r)
{
	for (int w = r->open + 1; w <= r->waves; w++)
		if (left_in(r, w))
			return w;
	return -1;
}

static int
asks_for(const struct rules *r, int wave)
{
	int is_first = r->open < 0;

	if (is_first || wave <= r->approved)
		return 0;
	if (r->c->asks == ASKS_AFTER_CANARY)
		return r->open == 0;
	return r->c->asks == ASKS_EVERY_WAVE;
}

static int
is_between(const struct rules *r)
{
	return (r->open < 0 || !left_in(r, r->open)) && following(r) >= 0;
}

int
rules_wants_approval(const struct rules *r)
{
	return is_between(r) && asks_for(r, following(r)) && !r->has_tripped;
}

void
rules_wave(struct rules *r, int wave)
{
	if (r->open >= 0 && left_in(r, r->open))
		complain(r, "wave %d begins before wave %d is over", wave, r->open);
	else if (wave != following(r))
		complain(r, "wave %d begins, and %d should", wave, following(r));
	else if (asks_for(r, wave))
		complain(r, "wave %d begins without approval", wave);
	else if (r->has_tripped)
		complain(r, "wave %d begins after the run has tripped", wave);
	r->open = wave;
}

/* ---- steps ---- */

static int
status_of(const struct rules *r, int item, int step, int64_t attempt)
{
	return r->c->status[item][step][attempt <= TRIES ? attempt - 1 : TRIES - 1];
}

/* 100 is permanent; all else is tried again while retries are left. */
static int
is_tried_again(const struct rules *r, int item, int step, int64_t attempt)
{
	int status = status_of(r, item, step, attempt);

	return status && status != 100 && attempt <= r->c->retries[step];
}

/* What becomes of a step if it is let to its end. */
static int
fails(const struct rules *r, int item, int step)
{
	int64_t attempt = 1;

	while (is_tried_again(r, item, step, attempt))
		attempt++;
	return status_of(r, item, step, attempt) != 0;
}

static int
is_fatal(const struct rules *r, int item, int step)
{
	return r->c->otherwise[step] != THEN_CONTINUE && fails(r, item, step);
}

static int
is_to_be_kicked(const struct rules *r, int item)
{
	for (int s = 0; s < r->c->steps; s++)
		if (is_fatal(r, item, s))
			return 1;
	return 0;
}

static int
is_given_up(const struct rules *r, int item)
{
	for (int s = 0; s < r->c->steps; s++)
		if (r->step[item][s] == OVER_FAILED && is_fatal(r, item, s))
			return 1;
	return 0;
}

void
rules_step_start(struct rules *r, int item, int step, int64_t attempt)
{
	enum step_state was = r->step[item][step];

	if (r->state[item] != ACTIVE)
		complain(r, "item %d: step %d of an item that is not in work", item, step);
	if (was != UNTOUCHED && was != WAITS)
		complain(r, "item %d: step %d starts again", item, step);
	if (is_given_up(r, item))
		complain(r, "item %d: step %d starts, and the item is given up", item, step);
	if (attempt != r->tries[item][step] + 1)
		complain(r, "item %d: step %d: attempt %" PRId64 " comes after %" PRId64, item,
		    step, attempt, r->tries[item][step]);
	for (int s = 0; s < r->c->steps; s++)
		if (r->c->needs[step][s] && r->step[item][s] != OVER_DONE &&
		    !(r->step[item][s] == OVER_FAILED && !is_fatal(r, item, s)))
			complain(r, "item %d: step %d before step %d is over", item, step, s);
	r->tries[item][step] = attempt;
	r->step[item][step] = AT_WORK;
}

void
rules_step_void(struct rules *r, int item, int step)
{
	if (r->step[item][step] != AT_WORK || !r->is_signalled)
		complain(r, "item %d: step %d is withdrawn", item, step);
	r->step[item][step] = --r->tries[item][step] ? WAITS : UNTOUCHED;
}

void
rules_step_end(struct rules *r, int item, int step, int64_t attempt, int status, int is_retried)
{
	int is_due = is_tried_again(r, item, step, attempt) && !is_given_up(r, item);

	if (r->step[item][step] != AT_WORK || attempt != r->tries[item][step])
		complain(r, "item %d: step %d ends, and was not at work", item, step);
	if (status != status_of(r, item, step, attempt))
		complain(r, "item %d: step %d: status %d", item, step, status);
	if (is_retried != is_due)
		complain(r, "item %d: step %d: attempt %" PRId64 " of %" PRId64 " retries is %s",
		    item, step, attempt, r->c->retries[step],
		    is_retried ? "tried again" : "the last");
	r->step[item][step] = is_retried ? WAITS : status ? OVER_FAILED : OVER_DONE;
}

/* ---- the end ---- */

void
rules_item_end(struct rules *r, int item, int is_kicked, int step)
{
	if (r->state[item] != ACTIVE)
		complain(r, "item %d ends, and was not in work", item);
	if (is_kicked != is_to_be_kicked(r, item))
		complain(r, "item %d is %s", item, is_kicked ? "kicked out" : "ok");
	if (is_kicked && (step < 0 || !is_fatal(r, item, step)))
		complain(r, "item %d is kicked out at step %d", item, step);
	for (int s = 0; s < r->c->steps; s++) {
		if (r->step[item][s] == AT_WORK)
			complain(r, "item %d ends while step %d is at work", item, s);
		if (!is_kicked && r->step[item][s] < OVER_DONE)
			complain(r, "item %d is ok without step %d", item, s);
	}
	r->has_tripped |= is_kicked && step >= 0 && r->c->otherwise[step] == THEN_HALT;
	r->state[item] = is_kicked ? KICKED : FINE;
	r->active--;
	r->failed += is_kicked;
	r->row = is_kicked ? r->row + 1 : 0;
	check_limits(r);
	if (r->c->strict && r->failed > r->max_fail + 1)
		complain(r, "strict: %" PRId64 " have failed of %" PRId64, r->failed, r->max_fail);
}

/* All that are left of the open wave wait for domains that broken items fill. */
static int
is_stuck(const struct rules *r)
{
	int n = 0;

	for (int i = 0; i < r->c->items; i++) {
		const char *why = r->state[i] == QUEUED ? why_not(r, i) : NULL;

		n += why && !strcmp(why, "spread");
	}
	return r->active == 0 && r->open >= 0 && n > 0 && n == left_in(r, r->open);
}

static const char *
expected(const struct rules *r)
{
	if (r->has_tripped)
		return r->active ? "running" : "tripped";
	if (rules_wants_approval(r) || is_stuck(r))
		return "held";
	if (is_between(r) || (r->open >= 0 && left_in(r, r->open)))
		return "running";
	return r->failed ? "done-with-kicked" : "done";
}

void
rules_end(struct rules *r, const char *state)
{
	r->has_ended = 1;
	/* Who stopped it may have come before all else could be noticed. */
	if (r->is_signalled && !strcmp(state, r->has_tripped ? "tripped" : "paused"))
		return;
	if (strcmp(state, expected(r)) != 0)
		complain(r, "the run is %s, and should be %s", state, expected(r));
}

void
rules_commit(struct rules *r)
{
	if (r->is_signalled || r->has_ended)
		return;
	if (strcmp(expected(r), "running") != 0)
		complain(r, "the run goes on, and should be %s", expected(r));
	for (int i = 0; i < r->c->items; i++)
		if (r->state[i] == QUEUED && !why_not(r, i))
			complain(r, "item %d could start, and does not", i);
	if (is_between(r) && !r->has_tripped && !r->c->bakes)
		complain(r, "wave %d could begin, and does not", following(r));
	if (!r->active && !r->c->bakes)
		complain(r, "nothing is in work, and the run goes on");
}
