/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/report.h"
#include "io/file.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const states[] = {[HOST_OPEN] = "open",
    [HOST_CLOSED] = "closed",
    [HOST_BARE] = "bare",
    [HOST_BUILDING] = "building",
    [HOST_FRESH] = "fresh",
    [HOST_WIPING] = "wiping"};

static void
print(struct str *line)
{
	jtext_close(line);
	puts(line->text);
	str_reset(line);
}

static struct str *
begin(struct str *line, const char *kind, const char *name)
{
	jtext_open(line);
	jtext_text(line, "kind", kind);
	jtext_text(line, "name", name);
	return line;
}

/* A host's name begins with its region, and goes on with its cabinet. */
static void
put_region(const struct sim_host *h, char region[NAME_ROOM])
{
	snprintf(region, NAME_ROOM, "%.*s", (int)strcspn(h->name, "-"), h->name);
}

static void
export_places(const struct world *w, int64_t cabinet, struct str *line)
{
	char region[NAME_ROOM], cell[NAME_ROOM];

	put_region(&w->hosts[cabinet * CABINET_MACHINES], region);
	if (cabinet % REGION_CABINETS == 0) {
		jtext_text(begin(line, "region", region), "cloud", "sim");
		print(line);
	}
	if (cabinet % CELL_CABINETS == 0) {
		snprintf(cell, sizeof(cell), "cell-%03" PRId64, cabinet / CELL_CABINETS + 1);
		jtext_text(begin(line, "cell", cell), "region", region);
		print(line);
	}
}

static void
export_host(const struct world *w, int64_t host, struct str *line)
{
	const struct sim_host *h = &w->hosts[host];
	int64_t cabinet = world_cabinet(host);
	const char *service = host % CABINET_MACHINES < CABINET_HOSTS ? "compute" : "spare";
	struct str labels = STR_INIT, variables = STR_INIT;
	char region[NAME_ROOM], cell[NAME_ROOM], serial[WORLD_SERIAL];

	put_region(h, region);
	snprintf(cell, sizeof(cell), "cell-%03" PRId64, cabinet / CELL_CABINETS + 1);
	str_addf(&labels, "[\"cabinet=c%04" PRId64 "\",\"service=%s\"]", cabinet + 1, service);
	jtext_open(&variables);
	jtext_int(&variables, "vcpus", h->vcpus);
	jtext_int(&variables, "ram_gb", h->memory);
	jtext_int(&variables, "generation", h->generation);
	jtext_text(&variables, "scheduler", states[h->state]);
	jtext_text(&variables, "serial", world_serial(w, host, serial));
	jtext_close(&variables);
	begin(line, "host", h->name);
	jtext_text(line, "region", region);
	jtext_text(line, "cell", cell);
	jtext_raw(line, "labels", labels.text);
	jtext_raw(line, "variables", variables.text);
	print(line);
	str_done(&labels);
	str_done(&variables);
}

static void
export_vm(const struct world *w, const struct sim_vm *vm, struct str *line)
{
	struct str relations = STR_INIT, variables = STR_INIT;
	char name[CLOUD_VM_NAME], region[NAME_ROOM];

	put_region(&w->hosts[vm->host], region);
	str_addf(&relations, "[{\"type\":\"runs-on\",\"to\":\"host:%s/%s\"}]", region,
	    w->hosts[vm->host].name);
	jtext_open(&variables);
	jtext_int(&variables, "vcpus", vm->vcpus);
	jtext_int(&variables, "ram_gb", vm->memory);
	jtext_close(&variables);
	begin(line, "vm", cloud_vm_name(vm, name));
	jtext_text(line, "key", name);
	jtext_raw(line, "variables", variables.text);
	jtext_raw(line, "relations", relations.text);
	print(line);
	str_done(&relations);
	str_done(&variables);
}

static void
export_all(const struct world *w, int with_vms)
{
	struct str line = STR_INIT;

	begin(&line, "cloud", "sim");
	print(&line);
	for (int64_t c = 0; c < w->head->cabinets; c++) {
		export_places(w, c, &line);
		for (int i = 0; i < CABINET_MACHINES; i++)
			export_host(w, c * CABINET_MACHINES + i, &line);
		for (int i = 0; i < CABINET_VMS && with_vms; i++)
			if (world_vms(w, c)[i].number)
				export_vm(w, world_vms(w, c) + i, &line);
	}
	str_done(&line);
}

int
sim_export(int argc, char **argv)
{
	int hosts = 0;
	const struct args_opt own[] = {
	    {0, "no-vms", NULL, ARGS_FLAG, &hosts, "leave out the VMs"}, {0}};
	const struct args args = {"export [--no-vms]",
	    "Print what there is as records: regions, cells, hosts with their cabinets, VMs and "
	    "the hosts that they run on.",
	    "craton-sim export | craton-inv import --source sim", own, NULL, NULL};
	struct world w = {.fd = -1, .log = -1};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n)
		status = fault_set(&f, FAULT_USAGE, "export: \"%.80s\" is not expected", argv[1]);
	if (status == 0)
		status = world_open(&w, &f);
	if (status == 0)
		status = world_lock(&w, &f);
	if (status == 0) {
		export_all(&w, !hosts);
		status = file_end_output(&f);
	}
	world_close(&w);
	return status < 0 ? report_fault(&f) : 0;
}
