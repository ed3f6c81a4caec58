/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const char *const regions[] = {"dfw", "ord", "iad", "lon", "syd", "hkg"};

enum { VMS_A_HOST = 3 };

static const char *
region_of(int64_t cabinet)
{
	int64_t region = cabinet / REGION_CABINETS;

	return regions[region % (int64_t)(sizeof(regions) / sizeof(*regions))];
}

static int
add_host(struct world *w, int64_t cabinet, int i, struct fault *f)
{
	struct sim_host *h = &w->hosts[cabinet * CABINET_MACHINES + i];
	/* A cabinet's machines are of one size, so that each may take another's place. */
	int big = (int)fate_draw((uint64_t)w->head->seed, DRAW_MACHINE, cabinet, 0, 2);
	char place[NAME_ROOM];
	struct str *line;

	*h = (struct sim_host){.vcpus = big ? 64 : 48,
	    .memory = big ? 256 : 192,
	    .state = i < CABINET_HOSTS ? HOST_OPEN : HOST_BARE,
	    .generation = i >= CABINET_HOSTS,
	    .built_for = -1,
	    .target = -1};
	snprintf(h->name, sizeof(h->name), "%s-c%04" PRId64 "-%02d", region_of(cabinet),
	    cabinet + 1, i + 1);
	snprintf(place, sizeof(place), "c%04" PRId64, cabinet + 1);
	line = world_line(w, "host");
	jtext_text(line, "host", h->name);
	jtext_text(line, "region", region_of(cabinet));
	jtext_text(line, "cabinet", place);
	jtext_int(line, "vcpus", h->vcpus);
	jtext_int(line, "memory", h->memory);
	jtext_bool(line, "spare", i >= CABINET_HOSTS);
	return world_commit(w, f);
}

static int
add_vms(struct world *w, int64_t cabinet, struct fault *f)
{
	for (int i = 0; i < CABINET_HOSTS * VMS_A_HOST; i++) {
		int64_t size = (int64_t)1
			       << fate_draw((uint64_t)w->head->seed, DRAW_SIZE, cabinet, i, 4);

		if (cloud_boot(w, cabinet, size, size * 4, f) < 0)
			return -1;
	}
	return 0;
}

static int
fill(struct world *w, struct fault *f)
{
	int status = 0;

	for (int64_t c = 0; c < w->head->cabinets && status == 0; c++) {
		for (int i = 0; i < CABINET_MACHINES && status == 0; i++)
			status = add_host(w, c, i, f);
		if (status == 0)
			status = add_vms(w, c, f);
	}
	w->head->founders = w->head->vms;
	if (status == 0)
		world_made(w);
	return status;
}

static int
make(const char *folder, int64_t hosts, int64_t seed, int64_t speed, int64_t trouble,
    struct fault *f)
{
	struct world w;
	int status;

	if (world_make(&w, folder, hosts / CABINET_HOSTS, f) < 0)
		return -1;
	w.head->seed = seed;
	w.head->speed = speed;
	w.head->trouble = trouble;
	status = fill(&w, f);
	if (status == 0)
		report_note("%s: %" PRId64 " hosts and %" PRId64 " spare machines in %" PRId64
			    " cabinets, %" PRId64 " VMs",
		    folder, hosts, w.head->cabinets * CABINET_SPARES, w.head->cabinets,
		    w.head->vms);
	world_close(&w);
	return status;
}

int
sim_new(int argc, char **argv)
{
	int64_t hosts = 200, seed = 1, speed = 600, trouble = 100;
	const struct args_opt own[] = {
	    {0, "hosts", "N", ARGS_INT, &hosts, "how many, in twenties; 200"},
	    {0, "seed", "N", ARGS_INT, &seed, "what all that happens is drawn from; 1"},
	    {0, "speed", "N", ARGS_INT, &speed, "how much faster than a real one it goes; 600"},
	    {0, "trouble", "N", ARGS_INT, &trouble, "per cent of the usual failures; 100"}, {0}};
	const struct args args = {"new [options] FOLDER",
	    "Make a simulated cloud in a folder: cabinets of 20 hosts and 2 spare machines, 3 VMs "
	    "a "
	    "host.",
	    "craton-sim new --hosts 60 --seed 7 cloud\nexport CRATON_SIM=$PWD/cloud", own, NULL,
	    NULL};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n != 1)
		status = fault_set(&f, FAULT_USAGE, "new: one FOLDER is wanted");
	if (status == 0 && (hosts < CABINET_HOSTS || hosts % CABINET_HOSTS || hosts > 1000000))
		status = fault_set(&f, FAULT_USAGE,
		    "new: --hosts %" PRId64 ": a multiple of %d is wanted, at most 1000000", hosts,
		    CABINET_HOSTS);
	if (status == 0 && (speed < 1 || speed > 1000000 || trouble > 1000))
		status = fault_set(&f, FAULT_USAGE,
		    "new: --speed from 1 to 1000000 and --trouble up to 1000 are wanted");
	if (status == 0)
		status = make(argv[1], hosts, seed, speed, trouble, &f);
	return status < 0 ? report_fault(&f) : 0;
}
