/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include "base/num.h"
#include "base/report.h"
#include "io/file.h"
#include "io/jsonl.h"
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const rules[RULES] = {
    [RULE_LOG] = "the log is whole",
    [RULE_LOST] = "no VM is lost",
    [RULE_TWO_PLACES] = "no VM is in two places",
    [RULE_CAPACITY] = "no host is over capacity",
    [RULE_CLOSED] = "no VM comes to a host that takes none",
    [RULE_TWICE] = "no build and no wipe is done twice",
    [RULE_AT_ONCE] = "hosts in work at once",
    [RULE_CABINET] = "hosts of a cabinet in work or broken",
    [RULE_REGIONS] = "regions in work at once",
    [RULE_STARTS] = "hosts begun within a time",
    [RULE_GAP] = "time between two starts",
    [RULE_WORLD] = "world and log agree",
};

static int
read_log(struct replay *r, const char *path, struct fault *f)
{
	struct jsonl in;
	const char *object;
	size_t len;
	int more;

	if (jsonl_open(&in, path, f) < 0)
		return -1;
	while ((more = jsonl_next(&in, &object, &len, f)) != 0) {
		if (more < 0 && f->kind != FAULT_BAD)
			break;
		if (more < 0) {
			r->line++;
			replay_break(r, RULE_LOG, "%s", f->text);
		} else {
			replay_line(r, object, len);
		}
	}
	jsonl_close(&in);
	return more;
}

/* ---- against the world ---- */

static void
compare_vms(struct replay *r, const struct world *w)
{
	size_t alive = 0;

	for (int64_t i = 0; i < w->head->cabinets * CABINET_VMS; i++) {
		const struct sim_vm *vm = &w->vms[i];
		char name[CLOUD_VM_NAME];
		int64_t told = vm->number ? replay_vm(r, cloud_vm_name(vm, name)) : -1;

		if (!vm->number)
			continue;
		alive++;
		if (told < 0 || r->vms.v[told].host != replay_host(r, w->hosts[vm->host].name))
			replay_break(r, RULE_WORLD, "%s: is on %s, not so by the log", name,
			    w->hosts[vm->host].name);
	}
	for (size_t i = 0; i < r->vms.n; i++)
		alive -= r->vms.v[i].host >= 0;
	if (alive)
		replay_break(r, RULE_WORLD, "the world has not as many VMs as the log");
}

static void
compare_hosts(struct replay *r, const struct world *w)
{
	static const enum stand stands[] = {[HOST_OPEN] = STAND_OPEN,
	    [HOST_CLOSED] = STAND_CLOSED,
	    [HOST_BARE] = STAND_BARE,
	    [HOST_BUILDING] = STAND_BUILDING,
	    [HOST_FRESH] = STAND_FRESH,
	    [HOST_WIPING] = STAND_WIPING};

	for (int64_t i = 0; i < world_hosts(w); i++) {
		const struct sim_host *h = &w->hosts[i];
		int64_t told = replay_host(r, h->name);

		if (told < 0 || r->hosts.v[told].stand != stands[h->state] ||
		    r->hosts.v[told].used_memory != h->used_memory)
			replay_break(r, RULE_WORLD, "%s: is not as by the log", h->name);
	}
}

/* ---- what it comes to ---- */

static int64_t
most_of_cabinets(const struct replay *r)
{
	int64_t most = 0;

	for (size_t i = 0; i < r->groups.n; i++)
		if (r->groups.v[i].most > most)
			most = r->groups.v[i].most;
	return most;
}

static void
print_rule(const struct replay *r, enum rule rule, const char *figure)
{
	char verdict[32] = "holds";

	if (r->broken[rule])
		snprintf(verdict, sizeof(verdict), "BROKEN %" PRId64 " times", r->broken[rule]);
	printf("%-38s %-*s%s\n", rules[rule], *figure ? 19 : 0, verdict, figure);
}

static void
print_limits(const struct replay *r)
{
	const struct limits *l = &r->limits;
	char text[64], length[24];

	snprintf(
	    text, sizeof(text), "%" PRId64 " of %" PRId64 " at most", r->most_running, l->at_once);
	if (l->at_once)
		print_rule(r, RULE_AT_ONCE, text);
	snprintf(text, sizeof(text), "%" PRId64 " of %" PRId64 " at most", most_of_cabinets(r),
	    l->per_cabinet);
	if (l->per_cabinet)
		print_rule(r, RULE_CABINET, text);
	snprintf(
	    text, sizeof(text), "%" PRId64 " of %" PRId64 " at most", r->most_regions, l->regions);
	if (l->regions)
		print_rule(r, RULE_REGIONS, text);
	snprintf(text, sizeof(text), "%" PRId64 " in %s allowed", l->starts,
	    num_duration_text(l->within, length));
	if (l->starts)
		print_rule(r, RULE_STARTS, text);
	snprintf(text, sizeof(text), "%s at least", num_duration_text(l->gap, length));
	if (l->gap)
		print_rule(r, RULE_GAP, text);
}

static int
conclude(const struct replay *r)
{
	int64_t broken = 0;

	for (enum rule i = RULE_LOG; i <= RULE_TWICE; i++)
		print_rule(r, i, "");
	print_limits(r);
	print_rule(r, RULE_WORLD, "");
	for (enum rule i = 0; i < RULES; i++)
		broken += r->broken[i];
	printf("%" PRId64 " lines: %zu hosts begun, %" PRId64 " ok, %" PRId64 " given up; %" PRId64
	       " builds, %" PRId64 " wipes,\n%" PRId64 " moves, of which %" PRId64
	       " failed; %" PRId64 " VMs booted, %" PRId64 " deleted\n",
	    r->line, r->starts.n, r->ok, r->kicked, r->builds, r->wipes, r->moves, r->failed_moves,
	    r->boots, r->deletes);
	return broken ? SIM_NO : 0;
}

/* ---- the verb ---- */

/* "20/1h" */
static int
read_starts(const char *text, struct limits *l, struct fault *f)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	char *count;
	int status = 0;

	if (!text)
		return 0;
	if (!slash)
		return fault_set(f, FAULT_USAGE, "--starts \"%.40s\": as in 20/1h", text);
	count = mem_dupn(text, (size_t)(slash - text));
	if (num_int(count, 1, INT64_MAX, &l->starts, f) < 0 ||
	    num_duration(slash + 1, &l->within, f) < 0)
		status = fault_within(f, "--starts");
	free(count);
	return status;
}

/* Nobody changes anything meanwhile. */
static int
check(struct replay *r, struct world *w, const char *path, struct fault *f)
{
	char *own = mem_printf("%s/log", w->folder);
	int status = world_lock(w, f);

	if (status == 0)
		status = read_log(r, path ? path : own, f);
	if (status == 0) {
		replay_starts(r);
		compare_vms(r, w);
		compare_hosts(r, w);
		status = conclude(r);
	}
	free(own);
	return status;
}

int
sim_check(int argc, char **argv)
{
	struct replay r = {0};
	struct limits *l = &r.limits;
	const char *starts = NULL;
	const struct args_opt own[] = {
	    {0, "at-once", "N", ARGS_INT, &l->at_once, "no more hosts in work at once"},
	    {0, "per-cabinet", "N", ARGS_INT, &l->per_cabinet, "nor in a cabinet, broken ones too"},
	    {0, "regions", "N", ARGS_INT, &l->regions, "nor in more regions at once"},
	    {0, "starts", "N/TIME", ARGS_TEXT, &starts, "no more hosts begun within a time"},
	    {0, "gap", "TIME", ARGS_DURATION, &l->gap, "the shortest time between two starts"},
	    {0, "slack", "TIME", ARGS_DURATION, &l->slack, "how late a start may be seen; 0"}, {0}};
	const struct args args = {"check [options] [LOG]",
	    "Tell the log of the simulated cloud once more, and hold it against what must always "
	    "be so, and against the limits named. Exit status 1: it is not so.",
	    "craton-sim check --at-once 20 --per-cabinet 2", own, NULL, NULL};
	struct world w = {.fd = -1, .log = -1};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && n > 1)
		status = fault_set(&f, FAULT_USAGE, "check: one LOG at most is wanted");
	if (status == 0)
		status = read_starts(starts, l, &f);
	if (status == 0)
		status = world_open(&w, &f);
	if (status == 0)
		status = check(&r, &w, n ? argv[1] : NULL, &f);
	if (status >= 0 && file_end_output(&f) < 0)
		status = -1;
	world_close(&w);
	replay_done(&r);
	return status < 0 ? report_fault(&f) : status;
}
