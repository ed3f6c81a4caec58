/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/report.h"
#include "exec/plugin.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define HOST_PARAMETER "{\"host\":\"the host; the item itself, if it is left out\"}"

static const struct {
	const char *name, *purpose;
	int idempotent;
	const char *parameters;
	int (*run)(const struct request *r, struct fault *f);
} actions[] = {
    {"cloud-quiesce", "tell the scheduler to place no more VMs on a host", 1, HOST_PARAMETER,
	act_quiesce},
    {"cloud-open", "let the scheduler place VMs on a host", 1, HOST_PARAMETER, act_open},
    {"cloud-build", "build a fresh host in place of one, on a spare machine of its cabinet", 0,
	HOST_PARAMETER, act_build},
    {"cloud-check", "boot a VM on a host, to see whether it can run one", 1, HOST_PARAMETER,
	act_check},
    {"cloud-list", "list the VMs on a host, in batches", 1,
	"{\"batch\":\"how many VMs make a batch, 4\",\"host\":\"the host; the item itself\"}",
	act_list},
    {"cloud-move", "live-migrate VMs", 1,
	"{\"from\":\"the host they leave\",\"to\":\"the host they go to\",\"vms\":\"their names, "
	"with commas between\"}",
	act_move},
    {"cloud-empty", "see whether there is no VM on a host", 1, HOST_PARAMETER, act_empty},
    {"cloud-wipe", "wipe a host, whatever is on it, and leave a bare machine", 0, HOST_PARAMETER,
	act_wipe},
};

void
sim_sleep(int64_t ms)
{
	const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

int
wait_while(struct world *w, int64_t host, enum host_state state, struct fault *f)
{
	const struct sim_host *h = &w->hosts[host];
	int64_t left;

	for (;;) {
		if (cloud_settle(w, world_cabinet(host), f) < 0)
			return -1;
		if (h->state != (int64_t)state)
			return 0;
		left = h->until - world_now(w);
		world_unlock(w);
		sim_sleep(left > 0 ? left : 1);
		if (world_lock(w, f) < 0)
			return -1;
	}
}

int
request_host(const struct request *r, const char *name, int64_t *host, struct fault *f)
{
	char *text = jtext_plain_dup(jtext_member(r->with, name));
	int status;

	if (!text)
		return fault_set(f, FAULT_BAD, "with.%s is wanted: a host", name);
	status = world_host(r->world, text, host, f);
	free(text);
	return status;
}

static int
read_request(struct request *r, struct str *json, struct fault *f)
{
	struct jtext o;
	char *item;
	int status;

	if (plugin_request(json, f) < 0)
		return -1;
	o = (struct jtext){json->text, json->len};
	r->item = jtext_member(o, "item");
	r->with = jtext_member(o, "with");
	r->key = getenv("CRATON_KEY");
	if (jtext_member(r->with, "host").text)
		return request_host(r, "host", &r->host, f);
	item = jtext_plain_dup(r->item);
	status = item ? world_host(r->world, item, &r->host, f)
		      : fault_set(f, FAULT_BAD, "stdin: an object with item and with is wanted");
	free(item);
	return status;
}

static void
describe(size_t i)
{
	struct str line = STR_INIT;

	jtext_open(&line);
	jtext_text(&line, "name", actions[i].name);
	jtext_text(&line, "purpose", actions[i].purpose);
	jtext_bool(&line, "idempotent", actions[i].idempotent);
	jtext_raw(&line, "parameters", actions[i].parameters);
	jtext_close(&line);
	puts(line.text);
	str_done(&line);
}

static int
run(size_t i, struct fault *f)
{
	struct world w;
	struct str json = STR_INIT;
	struct request r = {.world = &w};
	int status;

	if (world_open(&w, f) < 0)
		return -1;
	status = read_request(&r, &json, f);
	r.cabinet = status == 0 ? world_cabinet(r.host) : 0;
	if (status == 0)
		status = world_lock(&w, f);
	if (status == 0)
		status = cloud_settle(&w, r.cabinet, f);
	if (status == 0)
		status = actions[i].run(&r, f);
	world_close(&w);
	str_done(&json);
	return status;
}

int
action_main(const char *name, int argc, char **argv)
{
	struct fault f = {0};
	size_t i = 0, n = sizeof(actions) / sizeof(*actions);
	int status = 0;

	while (i < n && strcmp(actions[i].name, name) != 0)
		i++;
	if (i == n)
		return -1;
	report_tool(name);
	if (argc == 2 && !strcmp(argv[1], "--describe"))
		describe(i);
	else
		status = run(i, &f);
	if (status >= 0 && file_end_output(&f) < 0)
		status = -1;
	if (status < 0)
		report_fault(&f);
	/* The world may be mended; what was asked for will not get better by itself. */
	return status >= 0 ? status : f.kind == FAULT_SYSTEM ? SIM_TEMPORARY : SIM_PERMANENT;
}
