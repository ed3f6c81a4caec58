/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/plan.h"

#include <inttypes.h>

/* ---- waves ---- */

/* Of wave n, from 1. */
static int64_t
wave_size(const struct batch *b, int64_t n, int64_t items)
{
	size_t last = b->size.n ? b->size.n - 1 : 0, i = (size_t)(n - 1);

	if (b->doubling)
		return n < 32 ? (int64_t)1 << (n - 1) : items;
	return b->size.n ? num_share_or_one(&b->size.v[i < last ? i : last], items) : items;
}

static void
arrange_waves(struct plan *p)
{
	const struct batch *b = &p->workflow.batch;
	int64_t items = (int64_t)p->items.n, wave = 0, room = p->limits.canary;

	for (int64_t i = 0; i < items; i++) {
		while (room == 0)
			room = wave_size(b, ++wave, items);
		p->items.v[i].wave = wave;
		room--;
	}
	p->limits.waves = wave;
}

/* ---- limits ---- */

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What lets the whole plan through limits nothing. */
static int64_t
fleet_share(const struct plan *p)
{
	int64_t n = policy_of(&p->policy, LIMIT_AT_ONCE_SHARE, p->fleet);

	return n < (int64_t)p->items.n ? n : INT64_MAX;
}

/* A share of the plan, rounded down: of nine items a tenth is none. */
static int64_t
fail_share(const struct plan *p)
{
	const struct num_share share = policy_share(&p->policy, LIMIT_MAX_FAIL_SHARE);

	return num_share_of(&share, (int64_t)p->items.n);
}

/* Of both, what allows more: a site of ten hosts is to get through its day, too. */
static int64_t
per_hour(const struct plan *p)
{
	return larger(policy_number(&p->policy, LIMIT_PER_HOUR),
	    policy_of(&p->policy, LIMIT_PER_HOUR_SHARE, p->fleet));
}

/* In a plan, no limit is 0: a count that nothing reaches says less. */
static int64_t
or_none(int64_t limit)
{
	return limit < INT64_MAX ? limit : 0;
}

static int64_t
together(const struct plan *p)
{
	return smaller(policy_number(&p->policy, LIMIT_AT_ONCE),
	    policy_of(&p->policy, LIMIT_AT_ONCE_SHARE, p->fleet));
}

void
plan_arrange(struct plan *p)
{
	const struct batch *b = &p->workflow.batch;
	const struct policy *policy = &p->policy;
	int64_t items = (int64_t)p->items.n;

	p->limits = (struct plan_limits){.items = items,
	    .canary = smaller(larger(b->canary, policy_number(policy, LIMIT_CANARY)), items),
	    .in_flight = smaller(
		smaller(b->in_flight, policy_number(policy, LIMIT_AT_ONCE)), fleet_share(p)),
	    .max_fail = smaller(
		smaller(num_share_of(&b->max_fail, items), policy_number(policy, LIMIT_MAX_FAIL)),
		fail_share(p)),
	    .max_fail_in_a_row = b->max_fail_in_a_row,
	    .wait = larger(b->wait, policy_number(policy, LIMIT_SOAK)),
	    .gap = larger(b->gap, policy_number(policy, LIMIT_GAP)),
	    .together = or_none(together(p)),
	    .per_hour = or_none(per_hour(p)),
	    .one_region = policy_number(policy, LIMIT_ONE_REGION) != 0,
	    .strict = b->strict};
	arrange_waves(p);
}

/* ---- for people ---- */

static void
tell_count(const struct plan *p, const char *what, int64_t is, int64_t wanted, enum limit l,
    struct words *out)
{
	if (is == wanted)
		return;
	vec_push(out, mem_printf("%s %" PRId64 ", not %" PRId64 ": %s, %s", what, is, wanted,
			  limit_table[l].name, p->policy.values[l].from));
}

static void
tell_time(const struct plan *p, const char *what, int64_t is, int64_t wanted, enum limit l,
    struct words *out)
{
	char now[24], then[24];

	if (is == wanted)
		return;
	vec_push(out,
	    mem_printf("%s %s, not %s: %s, %s", what, num_duration_text(is, now),
		num_duration_text(wanted, then), limit_table[l].name, p->policy.values[l].from));
}

/* at_once_share says of how many it is: its denominator is the fleet, not the plan. */
static void
tell_in_flight(const struct plan *p, struct words *out)
{
	const struct policy_value *share = &p->policy.values[LIMIT_AT_ONCE_SHARE];
	int64_t wanted = p->workflow.batch.in_flight, is = p->limits.in_flight;
	char text[LIMIT_TEXT];

	if (is == smaller(wanted, policy_number(&p->policy, LIMIT_AT_ONCE)))
		tell_count(p, "in_flight", is, wanted, LIMIT_AT_ONCE, out);
	else
		vec_push(out, mem_printf("in_flight %" PRId64 ", not %" PRId64
					 ": at_once_share, %s of %" PRId64 " active, %s",
				  is, wanted, limit_text(LIMIT_AT_ONCE_SHARE, share->is, text),
				  p->fleet, share->from));
}

void
plan_held(const struct plan *p, struct words *out)
{
	const struct batch *b = &p->workflow.batch;
	const struct plan_limits *l = &p->limits;
	int64_t max_fail = num_share_of(&b->max_fail, l->items);

	if (!l->items)
		return;
	tell_in_flight(p, out);
	tell_count(p, "canary", l->canary, smaller(b->canary, l->items), LIMIT_CANARY, out);
	tell_count(p, "max_fail", l->max_fail, max_fail,
	    l->max_fail == policy_number(&p->policy, LIMIT_MAX_FAIL) ? LIMIT_MAX_FAIL
								     : LIMIT_MAX_FAIL_SHARE,
	    out);
	tell_time(p, "wait", l->wait, b->wait, LIMIT_SOAK, out);
	tell_time(p, "gap", l->gap, b->gap, LIMIT_GAP, out);
}
