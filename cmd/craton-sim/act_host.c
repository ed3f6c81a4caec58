/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/num.h"
#include "base/report.h"

#include <stdio.h>
#include <stdlib.h>

int
act_quiesce(const struct request *r, struct fault *f)
{
	struct sim_host *h = &r->world->hosts[r->host];
	struct str *line;

	if (h->state == HOST_CLOSED)
		return 0;
	if (!h->mended && fate_of(r->world, ACT_CLOSE, r->host, h->closes + 1) != FATE_OK) {
		line = world_line(r->world, "close.failed");
		jtext_text(line, "host", h->name);
		world_put(r->world, &h->closes, h->closes + 1);
		if (world_commit(r->world, f) < 0)
			return -1;
		report_warn("%s: the scheduler does not answer", h->name);
		return SIM_TEMPORARY;
	}
	return cloud_close_host(r->world, r->host, r->key, f);
}

int
act_open(const struct request *r, struct fault *f)
{
	return cloud_open_host(r->world, r->host, r->key, f);
}

int
act_empty(const struct request *r, struct fault *f)
{
	const struct sim_vm *vms = world_vms(r->world, r->cabinet);
	int n = 0;

	(void)f;
	for (int i = 0; i < CABINET_VMS; i++)
		n += vms[i].number && (vms[i].host == r->host || vms[i].to == r->host);
	if (n)
		report_warn("%s: %d VMs are on it", r->world->hosts[r->host].name, n);
	return n ? SIM_NO : 0;
}

/* ---- list ---- */

static int
batch_of(const struct request *r, int64_t *batch, struct fault *f)
{
	char *text = jtext_plain_dup(jtext_member(r->with, "batch"));
	int status = 0;

	*batch = 4;
	if (text && num_int(text, 1, CABINET_VMS, batch, f) < 0)
		status = fault_within(f, "with.batch");
	free(text);
	return status;
}

/* ["vm-000001,vm-000002","vm-000003"]: what a batch is called is text, and may be a word. */
static int
put_batches(const struct request *r, int64_t batch, struct str *out)
{
	const struct sim_vm *vms = world_vms(r->world, r->cabinet);
	char name[CLOUD_VM_NAME];
	int n = 0;

	str_add(out, "[");
	for (int i = 0; i < CABINET_VMS; i++) {
		if (!vms[i].number || vms[i].host != r->host)
			continue;
		str_add(out, n % batch ? "," : n ? "\",\"" : "\"");
		str_add(out, cloud_vm_name(&vms[i], name));
		n++;
	}
	str_add(out, n ? "\"]" : "]");
	return n;
}

int
act_list(const struct request *r, struct fault *f)
{
	struct str batches = STR_INIT, line = STR_INIT;
	int64_t batch;
	int n;

	if (batch_of(r, &batch, f) < 0)
		return -1;
	n = put_batches(r, batch, &batches);
	jtext_open(&line);
	jtext_text(&line, "kind", "result");
	jtext_int(&line, "count", n);
	jtext_raw(&line, "batches", batches.text);
	jtext_close(&line);
	puts(line.text);
	str_done(&batches);
	str_done(&line);
	return 0;
}
