/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits, as the cloud sees them: a host is in work from its first change until it is noted
 * what became of it; what was given up is broken until people have seen to it.
 */
#include "replay.h"

#include <inttypes.h>

static void
hold_against_limits(struct replay *r, const struct replay_host *h)
{
	const struct limits *l = &r->limits;
	const struct group *cabinet = &r->groups.v[h->cabinet];

	if (l->at_once && r->running > l->at_once)
		replay_break(r, RULE_AT_ONCE, "%s: %" PRId64 " hosts in work > %" PRId64, h->name,
		    r->running, l->at_once);
	if (l->per_cabinet && cabinet->running + cabinet->broken > l->per_cabinet)
		replay_break(r, RULE_CABINET,
		    "%s: %" PRId64 " hosts of its cabinet in work and %" PRId64
		    " broken > %" PRId64,
		    h->name, cabinet->running, cabinet->broken, l->per_cabinet);
	if (l->regions && r->regions > l->regions)
		replay_break(r, RULE_REGIONS, "%s: %" PRId64 " regions in work > %" PRId64, h->name,
		    r->regions, l->regions);
}

static void
most(int64_t *most, int64_t now)
{
	if (now > *most)
		*most = now;
}

void
replay_begin(struct replay *r, struct replay_host *h)
{
	struct group *cabinet = &r->groups.v[h->cabinet], *region = &r->groups.v[h->region];

	if (h->work == WORK_RUNNING)
		return;
	if (h->work == WORK_BROKEN)
		cabinet->broken--;
	else
		vec_push(&r->starts, r->at);
	h->work = WORK_RUNNING;
	r->regions += region->running++ == 0;
	cabinet->running++;
	r->running++;
	most(&cabinet->most, cabinet->running + cabinet->broken);
	most(&r->most_running, r->running);
	most(&r->most_regions, r->regions);
	hold_against_limits(r, h);
}

void
replay_note(struct replay *r, struct replay_host *h, const char *result)
{
	struct group *cabinet = &r->groups.v[h->cabinet], *region = &r->groups.v[h->region];
	int is_broken = !strcmp(result, "kicked") || !strcmp(result, "undone");

	if (h->work == WORK_RUNNING) {
		r->running--;
		cabinet->running--;
		r->regions -= --region->running == 0;
	} else if (h->work == WORK_BROKEN) {
		cabinet->broken--;
	}
	h->work = is_broken ? WORK_BROKEN : WORK_NONE;
	cabinet->broken += is_broken;
	r->ok += !strcmp(result, "ok");
	r->kicked += is_broken;
}

void
replay_starts(struct replay *r)
{
	const struct limits *l = &r->limits;

	for (size_t i = 0; i < r->starts.n; i++) {
		int64_t at = r->starts.v[i];

		if (l->starts && i >= (size_t)l->starts &&
		    at - r->starts.v[i - (size_t)l->starts] < l->within - l->slack)
			replay_break(r, RULE_STARTS,
			    "%" PRId64 " hosts begun within %" PRId64 " ms, until %" PRId64,
			    l->starts + 1, at - r->starts.v[i - (size_t)l->starts], at);
		if (l->gap && i && at - r->starts.v[i - 1] < l->gap - l->slack)
			replay_break(r, RULE_GAP, "%" PRId64 " ms between two starts, at %" PRId64,
			    at - r->starts.v[i - 1], at);
	}
}
