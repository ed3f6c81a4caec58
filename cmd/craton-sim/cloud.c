/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud.h"

#include <inttypes.h>
#include <stdio.h>

int64_t
cloud_key(const char *key)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (; key && *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
	return (int64_t)hash;
}

const char *
cloud_vm_name(const struct sim_vm *vm, char name[CLOUD_VM_NAME])
{
	snprintf(name, CLOUD_VM_NAME, "vm-%06" PRId64, vm->number);
	return name;
}

static void
say_vm(struct str *line, const struct sim_vm *vm)
{
	char name[CLOUD_VM_NAME];

	jtext_text(line, "vm", cloud_vm_name(vm, name));
}

/* Room that a VM takes on a host (1) or leaves (-1). */
static void
use(struct world *w, int64_t host, const struct sim_vm *vm, int sign)
{
	struct sim_host *h = &w->hosts[host];

	world_put(w, &h->used_vcpus, h->used_vcpus + sign * vm->vcpus);
	world_put(w, &h->used_memory, h->used_memory + sign * vm->memory);
}

static int
has_room(const struct sim_host *h, int64_t vcpus, int64_t memory)
{
	return h->used_vcpus + vcpus <= h->vcpus && h->used_memory + memory <= h->memory;
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

static int
end_move(struct world *w, struct sim_vm *vm, const char *result, struct fault *f)
{
	struct str *line = world_line(w, "move.end");
	int is_ok = !strcmp(result, "ok");

	say_vm(line, vm);
	jtext_text(line, "from", w->hosts[vm->host].name);
	jtext_text(line, "to", w->hosts[vm->to].name);
	jtext_text(line, "result", result);
	use(w, is_ok ? vm->host : vm->to, vm, -1);
	if (is_ok)
		world_put(w, &vm->host, vm->to);
	world_put(w, &vm->to, -1);
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
			status = end_move(w, &vms[i], vms[i].fate == FATE_OK ? "ok" : "failed", f);
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
	for (int i = 0; i < CABINET_VMS; i++) {
		if (!vms[i].number || vms[i].host != host)
			continue;
		say_vm(world_line(w, "vm.lost"), &vms[i]);
		use(w, host, &vms[i], -1);
		if (vms[i].to >= 0)
			use(w, vms[i].to, &vms[i], -1);
		world_put(w, &vms[i].number, 0);
		if (world_commit(w, f) < 0)
			return -1;
	}
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

/* ---- VMs ---- */

static enum fate
fate_of_move(const struct world *w, const struct sim_vm *vm)
{
	return w->hosts[vm->host].mended ? FATE_OK
					 : fate_of(w, ACT_MIGRATE, vm->number, vm->tries + 1);
}

int
cloud_move(struct world *w, struct sim_vm *vm, int64_t to, const char *key, struct fault *f)
{
	const struct sim_host *h = &w->hosts[to];
	int64_t time = fate_time(w, ACT_MIGRATE, vm->number, vm->tries + 1) * vm->memory;
	struct str *line;

	if ((h->state != HOST_FRESH && h->state != HOST_OPEN) ||
	    !has_room(h, vm->vcpus, vm->memory))
		return 0;
	line = world_line(w, "move.start");
	say_vm(line, vm);
	jtext_text(line, "from", w->hosts[vm->host].name);
	jtext_text(line, "to", h->name);
	jtext_text(line, "key", key);
	use(w, to, vm, 1);
	world_put(w, &vm->to, to);
	world_put(w, &vm->fate, fate_of_move(w, vm));
	world_put(w, &vm->until, world_now(w) + time);
	world_put(w, &vm->tries, vm->tries + 1);
	return world_commit(w, f) < 0 ? -1 : 1;
}

int
cloud_move_abort(struct world *w, struct sim_vm *vm, struct fault *f)
{
	return end_move(w, vm, "aborted", f);
}

static struct sim_vm *
find_place(const struct world *w, int64_t cabinet)
{
	struct sim_vm *vms = world_vms(w, cabinet);

	for (int i = 0; i < CABINET_VMS; i++)
		if (!vms[i].number)
			return &vms[i];
	return NULL;
}

/* The emptiest open host that has room. */
static int64_t
schedule(const struct world *w, int64_t cabinet, int64_t vcpus, int64_t memory)
{
	int64_t best = -1;

	for (int64_t i = cabinet * CABINET_MACHINES; i < (cabinet + 1) * CABINET_MACHINES; i++)
		if (w->hosts[i].state == HOST_OPEN && has_room(&w->hosts[i], vcpus, memory) &&
		    (best < 0 || w->hosts[i].used_memory < w->hosts[best].used_memory))
			best = i;
	return best;
}

int
cloud_boot(struct world *w, int64_t cabinet, int64_t vcpus, int64_t memory, struct fault *f)
{
	struct sim_vm *place = find_place(w, cabinet);
	struct sim_vm vm = {.number = w->head->vms + 1, .vcpus = vcpus, .memory = memory};
	int64_t host = schedule(w, cabinet, vcpus, memory);
	struct str *line;

	if (host < 0 || !place)
		return 0;
	line = world_line(w, "boot");
	say_vm(line, &vm);
	jtext_text(line, "host", w->hosts[host].name);
	jtext_int(line, "vcpus", vcpus);
	jtext_int(line, "memory", memory);
	use(w, host, &vm, 1);
	world_put(w, &w->head->vms, vm.number);
	world_put(w, &place->number, vm.number);
	world_put(w, &place->vcpus, vcpus);
	world_put(w, &place->memory, memory);
	world_put(w, &place->host, host);
	world_put(w, &place->to, -1);
	world_put(w, &place->tries, 0);
	return world_commit(w, f) < 0 ? -1 : 1;
}

int
cloud_delete(struct world *w, struct sim_vm *vm, struct fault *f)
{
	say_vm(world_line(w, "delete"), vm);
	use(w, vm->host, vm, -1);
	world_put(w, &vm->number, 0);
	return world_commit(w, f);
}
