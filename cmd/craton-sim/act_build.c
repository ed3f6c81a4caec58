/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/report.h"

#include <stdio.h>

static void
print_target(const struct sim_host *h)
{
	struct str line = STR_INIT;

	jtext_open(&line);
	jtext_text(&line, "kind", "result");
	jtext_text(&line, "target", h->name);
	jtext_close(&line);
	puts(line.text);
	str_done(&line);
}

int
act_build(const struct request *r, struct fault *f)
{
	struct sim_host *source = &r->world->hosts[r->host], *h;
	int64_t target;
	int status = cloud_build(r->world, r->host, r->key, &target, f);

	if (status < 0)
		return -1;
	if (!status) {
		report_warn("%s: no spare machine in its cabinet", source->name);
		return SIM_TEMPORARY;
	}
	h = &r->world->hosts[target];
	if (wait_while(r->world, target, HOST_BUILDING, f) < 0)
		return -1;
	if (h->state == HOST_FRESH) {
		print_target(h);
		return 0;
	}
	report_warn("%s: the build on %s failed", source->name, h->name);
	return h->fate == FATE_PERMANENT ? SIM_PERMANENT : SIM_TEMPORARY;
}

int
act_check(const struct request *r, struct fault *f)
{
	const struct sim_host *h = &r->world->hosts[r->host];
	int64_t source = h->built_for < 0 ? r->host : h->built_for;
	int64_t time = fate_time(r->world, ACT_CHECK, source, r->world->hosts[source].checks + 1);
	enum fate fate;

	world_unlock(r->world);
	sim_sleep(time);
	if (world_lock(r->world, f) < 0 ||
	    cloud_check(r->world, source, r->host, r->key, &fate, f) < 0)
		return -1;
	if (fate == FATE_OK)
		return 0;
	report_warn("%s: a VM does not boot on it", h->name);
	return SIM_NO;
}

int
act_wipe(const struct request *r, struct fault *f)
{
	if (cloud_wipe(r->world, r->host, r->key, f) < 0)
		return -1;
	return wait_while(r->world, r->host, HOST_WIPING, f);
}
