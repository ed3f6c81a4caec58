/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/report.h"
#include "base/vec.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* Often enough to tell how far it is, seldom enough to be no load. */
enum { LOOK_MS = 250 };

struct move {
	const struct request *request;
	int64_t from, to;
	struct words names;
	struct ids vms; /* places in the cabinet; -1: it is there already, or gone */
	int done, temporary, permanent;
};

static volatile sig_atomic_t is_stopped;

static void
on_term(int signo)
{
	(void)signo;
	is_stopped = 1;
}

static struct sim_vm *
vm_at(const struct move *m, size_t i)
{
	return world_vms(m->request->world, m->request->cabinet) + m->vms.v[i];
}

static int64_t
find_vm(const struct move *m, const char *name)
{
	const struct sim_vm *vms = world_vms(m->request->world, m->request->cabinet);
	char own[CLOUD_VM_NAME];

	for (int i = 0; i < CABINET_VMS; i++)
		if (vms[i].number && !strcmp(cloud_vm_name(&vms[i], own), name))
			return i;
	return -1;
}

/* What has left the host is done; what is on its way, an earlier try began. */
static int
begin(struct move *m, size_t i, struct fault *f)
{
	struct sim_vm *vm;
	int status;

	vec_push(&m->vms, find_vm(m, m->names.v[i]));
	vm = m->vms.v[i] < 0 ? NULL : vm_at(m, i);
	if (!vm || vm->host != m->from) {
		m->vms.v[i] = -1;
		m->done++;
		return 0;
	}
	if (vm->to >= 0)
		return 0;
	status = cloud_move(m->request->world, vm, m->to, m->request->key, f);
	if (status == 0) {
		report_warn(
		    "%s: no room on %s", m->names.v[i], m->request->world->hosts[m->to].name);
		m->vms.v[i] = -1;
		m->permanent++;
	}
	return status < 0 ? -1 : 0;
}

static void
settle(struct move *m, size_t i)
{
	const struct sim_vm *vm = vm_at(m, i);

	if (vm->host == m->to) {
		m->done++;
	} else if (vm->fate == FATE_PERMANENT) {
		m->permanent++;
		report_warn("%s: it has a device that cannot be moved", m->names.v[i]);
	} else {
		m->temporary++;
		report_warn("%s: its move failed", m->names.v[i]);
	}
	m->vms.v[i] = -1;
}

/* How many are still on their way, and when to look at them again. */
static int
look(struct move *m, int64_t *wait)
{
	int64_t now = world_now(m->request->world);
	int left = 0;

	*wait = LOOK_MS;
	for (size_t i = 0; i < m->vms.n; i++) {
		const struct sim_vm *vm = m->vms.v[i] < 0 ? NULL : vm_at(m, i);

		if (vm && vm->to < 0) {
			settle(m, i);
		} else if (vm) {
			left++;
			if (vm->fate != FATE_STALL && vm->until - now < *wait)
				*wait = vm->until > now ? vm->until - now : 1;
		}
	}
	return left;
}

/* A move that stands still says nothing: that is how it is told from a slow one. */
static void
tell(const struct move *m)
{
	static int told = -1;
	struct str line = STR_INIT;

	if (told != m->done) {
		jtext_open(&line);
		jtext_text(&line, "kind", "progress");
		jtext_int(&line, "done", m->done);
		jtext_int(&line, "total", (int64_t)m->names.n);
		jtext_close(&line);
		puts(line.text);
		fflush(stdout);
		str_done(&line);
	}
	told = m->done;
}

static int
follow(struct move *m, struct fault *f)
{
	struct world *w = m->request->world;
	int64_t wait;

	while (look(m, &wait) && !is_stopped) {
		world_unlock(w);
		tell(m);
		sim_sleep(wait);
		if (world_lock(w, f) < 0 || cloud_settle(w, m->request->cabinet, f) < 0)
			return -1;
	}
	tell(m);
	return 0;
}

/* Nobody waits for them any more. */
static int
give_up(struct move *m, struct fault *f)
{
	for (size_t i = 0; i < m->vms.n; i++)
		if (m->vms.v[i] >= 0 && cloud_move_abort(m->request->world, vm_at(m, i), f) < 0)
			return -1;
	world_unlock(m->request->world);
	signal(SIGTERM, SIG_DFL);
	raise(SIGTERM);
	return SIM_TEMPORARY;
}

static int
move(struct move *m, struct fault *f)
{
	const struct sigaction act = {.sa_handler = on_term};

	sigaction(SIGTERM, &act, NULL);
	for (size_t i = 0; i < m->names.n; i++)
		if (begin(m, i, f) < 0)
			return -1;
	if (follow(m, f) < 0)
		return -1;
	if (is_stopped)
		return give_up(m, f);
	return m->permanent ? SIM_PERMANENT : m->temporary ? SIM_TEMPORARY : 0;
}

static void
split(const char *text, struct words *names)
{
	while (*text) {
		size_t len = strcspn(text, ",");

		vec_push(names, mem_dupn(text, len));
		text += len + (text[len] == ',');
	}
}

int
act_move(const struct request *r, struct fault *f)
{
	struct move m = {.request = r};
	char *vms = jtext_plain_dup(jtext_member(r->with, "vms"));
	int status = -1;

	if (!vms) {
		fault_set(f, FAULT_BAD, "with.vms is wanted: names with commas between");
	} else if (request_host(r, "from", &m.from, f) == 0 &&
		   request_host(r, "to", &m.to, f) == 0) {
		split(vms, &m.names);
		status = move(&m, f);
	}
	free(vms);
	words_done(&m.names);
	vec_done(&m.vms);
	return status;
}
