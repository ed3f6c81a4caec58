/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_inside.h"

#include <inttypes.h>
/* ---- VMs ---- */

static void
take(struct replay *r, struct replay_host *h, const struct replay_vm *vm)
{
	h->vms++;
	h->used_vcpus += vm->vcpus;
	h->used_memory += vm->memory;
	if (h->used_vcpus > h->vcpus || h->used_memory > h->memory)
		replay_break(r, RULE_CAPACITY,
		    "%s: %" PRId64 " of %" PRId64 " vcpus, %" PRId64 " of %" PRId64 " GiB", h->name,
		    h->used_vcpus, h->vcpus, h->used_memory, h->memory);
}

static void
leave(struct replay_host *h, const struct replay_vm *vm)
{
	h->vms--;
	h->used_vcpus -= vm->vcpus;
	h->used_memory -= vm->memory;
}

void
replay_on_boot(struct replay *r, struct words_of *w)
{
	struct replay_vm *vm;

	if (w->vm) {
		replay_break(r, RULE_TWO_PLACES, "%s: booted twice", w->vm_name);
		return;
	}
	map_put(&r->vm_names, w->vm_name, NULL)->i = (int64_t)r->vms.n;
	vm = vec_add(&r->vms);
	*vm = (struct replay_vm){w->vcpus, w->memory, replay_place(r, w->host), -1};
	r->boots++;
	if (w->host->stand != STAND_OPEN)
		replay_break(r, RULE_CLOSED, "%s: placed on %s, which is not open", w->vm_name,
		    w->host->name);
	take(r, w->host, vm);
}

void
replay_on_delete(struct replay *r, struct words_of *w)
{
	if (w->vm->host < 0) {
		replay_break(r, RULE_LOST, "%s: deleted, and it is nowhere", w->vm_name);
		return;
	}
	leave(&r->hosts.v[w->vm->host], w->vm);
	w->vm->host = -1;
	r->deletes++;
}

void
replay_on_lost(struct replay *r, struct words_of *w)
{
	replay_break(r, RULE_LOST, "%s: lost", w->vm_name);
	if (w->vm->host >= 0)
		leave(&r->hosts.v[w->vm->host], w->vm);
	if (w->vm->to >= 0)
		leave(&r->hosts.v[w->vm->to], w->vm);
	w->vm->host = w->vm->to = -1;
}

void
replay_on_move(struct replay *r, struct words_of *w)
{
	if (w->vm->to >= 0 || w->vm->host != replay_place(r, w->from)) {
		replay_break(r, RULE_TWO_PLACES,
		    "%s: moved from where it is not, or while it moves", w->vm_name);
		return;
	}
	replay_begin(r, w->from);
	if (w->to->stand != STAND_FRESH && w->to->stand != STAND_OPEN)
		replay_break(
		    r, RULE_CLOSED, "%s: moved to %s, which takes none", w->vm_name, w->to->name);
	w->vm->to = replay_place(r, w->to);
	r->moves++;
	take(r, w->to, w->vm);
}

void
replay_on_move_end(struct replay *r, struct words_of *w)
{
	int is_ok = w->result && !strcmp(w->result, "ok");

	if (w->vm->to != replay_place(r, w->to) || w->vm->host != replay_place(r, w->from)) {
		replay_break(
		    r, RULE_TWO_PLACES, "%s: the end of a move that was not begun", w->vm_name);
		return;
	}
	leave(is_ok ? w->from : w->to, w->vm);
	if (is_ok)
		w->vm->host = w->vm->to;
	else
		r->failed_moves++;
	w->vm->to = -1;
}
