/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_inside.h"

int64_t
cloud_key(const char *key)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (; key && *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
	return (int64_t)hash;
}

/* ---- what ends by itself ---- */

static int
end_build(struct world *w, struct sim_host *h, struct fault *f)
{
	struct sim_host *source = &w->hosts[h->built_for];
	struct str *line = world_line(w, "build.end");
	int is_ok = h->fate == FATE_OK;

	jtext_text(line, "host", h->name);
	jtext_text(line, "for", source->name);
	jtext_text(line, "result", is_ok ? "ok" : "failed");
	world_put(w, &h->state, is_ok ? HOST_FRESH : HOST_BARE);
	world_put(w, &source->target, is_ok ? h - w->hosts : -1);
	return world_commit(w, f);
}

static int
end_wipe(struct world *w, struct sim_host *h, struct fault *f)
{
	struct str *line = world_line(w, "wipe.end");

	jtext_text(line, "host", h->name);
	world_put(w, &h->state, HOST_BARE);
	world_put(w, &h->generation, h->generation + 1);
	return world_commit(w, f);
}

int
cloud_settle(struct world *w, int64_t cabinet, struct fault *f)
{
	struct sim_host *hosts = w->hosts + cabinet * CABINET_MACHINES;
	struct sim_vm *vms = world_vms(w, cabinet);
	int64_t now = world_now(w);
	int status = 0;

	for (int i = 0; i < CABINET_MACHINES && status == 0; i++) {
		if (hosts[i].until > now)
			continue;
		if (hosts[i].state == HOST_BUILDING)
			status = end_build(w, &hosts[i], f);
		else if (hosts[i].state == HOST_WIPING)
			status = end_wipe(w, &hosts[i], f);
	}
	for (int i = 0; i < CABINET_VMS && status == 0; i++)
		if (vms[i].number && vms[i].to >= 0 && vms[i].fate != FATE_STALL &&
		    vms[i].until <= now)
			status =
			    cloud_move_end(w, &vms[i], vms[i].fate == FATE_OK ? "ok" : "failed", f);
	return status;
}

/* ---- hosts ---- */

static int
set_state(struct world *w, int64_t host, enum host_state state, const char *what, const char *key,
    struct fault *f)
{
	struct sim_host *h = &w->hosts[host];
	struct str *line = world_line(w, what);

	jtext_text(line, "host", h->name);
	jtext_text(line, "key", key);
	world_put(w, &h->state, state);
	return world_commit(w, f);
}

int
cloud_close_host(struct world *w, int64_t host, const char *key, struct fault *f)
{
	const struct sim_host *h = &w->hosts[host];

	if (h->state == HOST_CLOSED)
		return 0;
	if (h->state != HOST_OPEN)
		return fault_set(f, FAULT_BAD, "%s: it is not in service", h->name);
	return set_state(w, host, HOST_CLOSED, "close", key, f);
}

int
cloud_open_host(struct world *w, int64_t host, const char *key, struct fault *f)
{
	const struct sim_host *h = &w->hosts[host];

	if (h->state == HOST_OPEN)
		return 0;
	if (h->state != HOST_CLOSED && h->state != HOST_FRESH)
		return fault_set(f, FAULT_BAD, "%s: there is no system on it", h->name);
	return set_state(w, host, HOST_OPEN, "open", key, f);
}

static int64_t
find_spare(const struct world *w, int64_t cabinet)
{
	for (int64_t i = cabinet * CABINET_MACHINES; i < (cabinet + 1) * CABINET_MACHINES; i++)
		if (w->hosts[i].state == HOST_BARE)
			return i;
	return -1;
}

int
cloud_build(struct world *w, int64_t source, const char *key, int64_t *target, struct fault *f)
{
	struct sim_host *s = &w->hosts[source], *h;
	int64_t try = s->builds + 1;
	struct str *line;

	*target = find_spare(w, world_cabinet(source));
	if (*target < 0)
		return 0;
	h = &w->hosts[*target];
	line = world_line(w, "build.start");
	jtext_text(line, "host", h->name);
	jtext_text(line, "for", s->name);
	jtext_text(line, "key", key);
	world_put(w, &h->state, HOST_BUILDING);
	world_put(w, &h->until, world_now(w) + fate_time(w, ACT_BUILD, source, try));
	world_put(w, &h->fate, s->mended ? FATE_OK : fate_of(w, ACT_BUILD, source, try));
	world_put(w, &h->built_for, source);
	world_put(w, &s->builds, try);
	world_put(w, &s->build_key, cloud_key(key));
	return world_commit(w, f) < 0 ? -1 : 1;
}

int
cloud_release(struct world *w, int64_t source, const char *key, struct fault *f)
{
	struct sim_host *s = &w->hosts[source], *h;
	struct str *line;

	if (s->target < 0)
		return 0;
	h = &w->hosts[s->target];
	if (h->state != HOST_FRESH || h->used_vcpus)
		return fault_set(f, FAULT_BAD, "%s: it is in use", h->name);
	line = world_line(w, "release");
	jtext_text(line, "host", h->name);
	jtext_text(line, "for", s->name);
	jtext_text(line, "key", key);
	world_put(w, &h->state, HOST_BARE);
	world_put(w, &s->target, -1);
	return world_commit(w, f);
}

int
cloud_check(struct world *w, int64_t source, int64_t target, const char *key, enum fate *fate,
    struct fault *f)
{
	struct sim_host *s = &w->hosts[source], *h = &w->hosts[target];
	struct str *line = world_line(w, "check");

	*fate = h->state != HOST_FRESH && h->state != HOST_OPEN ? FATE_PERMANENT
		: s->mended                                     ? FATE_OK
			    : fate_of(w, ACT_CHECK, source, s->checks + 1);
	jtext_text(line, "host", h->name);
	jtext_text(line, "for", s->name);
	jtext_text(line, "result", *fate == FATE_OK ? "ok" : "failed");
	jtext_text(line, "key", key);
	world_put(w, &s->checks, s->checks + 1);
	return world_commit(w, f);
}

int
cloud_wipe(struct world *w, int64_t host, const char *key, struct fault *f)
{
	struct sim_vm *vms = world_vms(w, world_cabinet(host));
	struct sim_host *h = &w->hosts[host];
	struct str *line = world_line(w, "wipe.start");

	jtext_text(line, "host", h->name);
	jtext_text(line, "key", key);
	world_put(w, &h->state, HOST_WIPING);
	world_put(w, &h->until, world_now(w) + fate_time(w, ACT_WIPE, host, h->generation));
	world_put(w, &h->wipe_key, cloud_key(key));
	if (world_commit(w, f) < 0)
		return -1;
	for (int i = 0; i < CABINET_VMS; i++)
		if (vms[i].number && vms[i].host == host && cloud_vm_lost(w, &vms[i], f) < 0)
			return -1;
	return 0;
}

int
cloud_note(struct world *w, int64_t host, const char *result, struct fault *f)
{
	struct str *line = world_line(w, "note");

	jtext_text(line, "host", w->hosts[host].name);
	jtext_text(line, "result", result);
	return world_commit(w, f);
}

int
cloud_mend(struct world *w, int64_t host, struct fault *f)
{
	jtext_text(world_line(w, "mend"), "host", w->hosts[host].name);
	world_put(w, &w->hosts[host].mended, 1);
	return world_commit(w, f);
}
