/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_inside.h"

#include <inttypes.h>
#include <stdio.h>

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

/* ---- moves ---- */

int
cloud_move_end(struct world *w, struct sim_vm *vm, const char *result, struct fault *f)
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
	return cloud_move_end(w, vm, "aborted", f);
}

/* ---- customers ---- */

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

int
cloud_vm_lost(struct world *w, struct sim_vm *vm, struct fault *f)
{
	say_vm(world_line(w, "vm.lost"), vm);
	use(w, vm->host, vm, -1);
	if (vm->to >= 0)
		use(w, vm->to, vm, -1);
	world_put(w, &vm->number, 0);
	return world_commit(w, f);
}
