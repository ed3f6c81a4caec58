/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_inside.h"

#include <inttypes.h>
#include <stdlib.h>
/* ---- hosts ---- */

static int64_t
group(struct replay *r, const char *name)
{
	int added;
	union map_value *v = map_put(&r->group_names, name ? name : "", &added);

	if (added) {
		v->i = (int64_t)r->groups.n;
		vec_add(&r->groups);
	}
	return v->i;
}

void
replay_on_host(struct replay *r, struct words_of *w)
{
	struct replay_host *h;

	if (w->host) {
		replay_break(r, RULE_LOG, "%s: twice", w->host->name);
		return;
	}
	map_put(&r->host_names, w->name, NULL)->i = (int64_t)r->hosts.n;
	h = vec_add(&r->hosts);
	*h = (struct replay_host){.name = mem_dup(w->name),
	    .vcpus = w->vcpus,
	    .memory = w->memory,
	    .cabinet = group(r, w->cabinet),
	    .region = group(r, w->region),
	    .built_for = -1,
	    .target = -1,
	    .stand = w->is_spare ? STAND_BARE : STAND_OPEN};
}

void
replay_on_close(struct replay *r, struct words_of *w)
{
	w->host->stand = STAND_CLOSED;
	replay_begin(r, w->host);
}

void
replay_on_open(struct replay *r, struct words_of *w)
{
	(void)r;
	w->host->stand = STAND_OPEN;
}

/* A key that has been used for one that ended well is used for a second one. */
static int
is_second(char **last, const char *key)
{
	int same = *last && key && !strcmp(*last, key);

	free(*last);
	*last = mem_dup(key);
	return same;
}

void
replay_on_build(struct replay *r, struct words_of *w)
{
	replay_begin(r, w->of);
	r->builds++;
	if (w->host->stand != STAND_BARE)
		replay_break(r, RULE_CLOSED, "%s: built, and it is no bare machine", w->host->name);
	if (w->of->target >= 0)
		replay_break(r, RULE_TWICE, "%s: a second host is built for it", w->of->name);
	w->of->target = replay_place(r, w->host);
	w->host->built_for = replay_place(r, w->of);
	w->host->stand = STAND_BUILDING;
}

void
replay_on_build_end(struct replay *r, struct words_of *w)
{
	int is_ok = w->result && !strcmp(w->result, "ok");

	if (w->host->stand != STAND_BUILDING)
		replay_break(r, RULE_LOG, "%s: no build of it was begun", w->host->name);
	w->host->stand = is_ok ? STAND_FRESH : STAND_BARE;
	if (!is_ok)
		w->of->target = -1;
}

void
replay_on_release(struct replay *r, struct words_of *w)
{
	if (w->host->vms)
		replay_break(r, RULE_LOST, "%s: released with %" PRId64 " VMs on it", w->host->name,
		    w->host->vms);
	w->host->stand = STAND_BARE;
	w->of->target = -1;
}

void
replay_on_wipe(struct replay *r, struct words_of *w)
{
	r->wipes++;
	if (w->host->vms)
		replay_break(r, RULE_LOST, "%s: wiped with %" PRId64 " VMs on it", w->host->name,
		    w->host->vms);
	if (w->host->stand != STAND_CLOSED || is_second(&w->host->wipe_key, w->key))
		replay_break(r, RULE_TWICE, "%s: wiped, though it is not a host that was quiesced",
		    w->host->name);
	w->host->stand = STAND_WIPING;
	w->host->target = -1;
}

void
replay_on_wipe_end(struct replay *r, struct words_of *w)
{
	if (w->host->stand != STAND_WIPING)
		replay_break(r, RULE_LOG, "%s: no wipe of it was begun", w->host->name);
	w->host->stand = STAND_BARE;
}

void
replay_on_note(struct replay *r, struct words_of *w)
{
	replay_note(r, w->host, w->result ? w->result : "");
}
