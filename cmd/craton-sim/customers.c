/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/report.h"
#include "base/when.h"

#include <inttypes.h>

/* One of a customer's own; those that were there from the beginning stay, and fail as drawn. */
static int
delete_one(struct world *w, int64_t cabinet, int64_t turn, struct fault *f)
{
	struct sim_vm *vms = world_vms(w, cabinet);
	int64_t from = fate_draw((uint64_t)w->head->seed, DRAW_PLACE, cabinet, turn, CABINET_VMS);

	for (int i = 0; i < CABINET_VMS; i++) {
		struct sim_vm *vm = &vms[(from + i) % CABINET_VMS];

		if (vm->number > w->head->founders && vm->to < 0)
			return cloud_delete(w, vm, f);
	}
	return 0;
}

static int
wish(struct world *w, int64_t turn, struct fault *f)
{
	uint64_t seed = (uint64_t)w->head->seed;
	int64_t cabinet = fate_draw(seed, DRAW_CABINET, 0, turn, w->head->cabinets);
	int64_t drawn = fate_draw(seed, DRAW_WISH, 0, turn, 6);

	if (cloud_settle(w, cabinet, f) < 0)
		return -1;
	if (drawn >= 3)
		return delete_one(w, cabinet, turn, f);
	return cloud_boot(w, cabinet, (int64_t)1 << drawn, (int64_t)4 << drawn, f) < 0 ? -1 : 0;
}

static int
live(struct world *w, int64_t every, int64_t length, struct fault *f)
{
	int64_t end = when_boot() + length, turn = w->head->seq;
	int status = 0;

	while (status == 0 && when_boot() < end) {
		status = world_lock(w, f);
		if (status == 0)
			status = wish(w, turn++, f);
		world_unlock(w);
		sim_sleep(every);
	}
	return status;
}

int
sim_customers(int argc, char **argv)
{
	int64_t every = 100, length = 0;
	const struct args_opt own[] = {
	    {0, "every", "TIME", ARGS_DURATION, &every, "how often one wants something; 100ms"},
	    {0, "for", "TIME", ARGS_DURATION, &length, "for so long"}, {0}};
	const struct args args = {"customers [--every TIME] --for TIME",
	    "Boot VMs, which the scheduler places where it may, and delete some of these.",
	    "craton-sim customers --every 20ms --for 10m &", own, NULL, NULL};
	struct world w = {.fd = -1, .log = -1};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && (n || !length))
		status = fault_set(&f, FAULT_USAGE, "customers: --for TIME is wanted");
	if (status == 0)
		status = world_open(&w, &f);
	if (status == 0)
		status = live(&w, every, length, &f);
	world_close(&w);
	return status < 0 ? report_fault(&f) : 0;
}
