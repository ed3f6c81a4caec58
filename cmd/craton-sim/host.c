/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs about hosts that are named: what verify, undo, proof and finally of a workflow call. */
#include "sim.h"

#include "base/near.h"
#include "base/report.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>

struct host_verb {
	const char *usage, *about, *examples;
	int before, after; /* operands that must be before the host, and may be behind it */
	int (*run)(struct world *w, int64_t host, char **words, struct fault *f);
};

static int
with_host(const struct host_verb *v, const char *name, char **words, struct fault *f)
{
	struct world w;
	int64_t host;
	int status;

	if (world_open(&w, f) < 0)
		return -1;
	status = world_host(&w, name, &host, f);
	if (status == 0)
		status = world_lock(&w, f);
	if (status == 0)
		status = cloud_settle(&w, world_cabinet(host), f);
	if (status == 0)
		status = v->run(&w, host, words, f);
	world_close(&w);
	return status;
}

static int
host_verb(const struct host_verb *v, int argc, char **argv)
{
	const struct args_opt none[] = {{0}};
	const struct args args = {v->usage, v->about, v->examples, none, NULL, NULL};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && (n < v->before + 1 || n > v->before + 1 + v->after))
		status = fault_set(&f, FAULT_USAGE, "%s: usage: craton-sim %s", argv[0], v->usage);
	if (status == 0) {
		argv[1 + n] = NULL; /* no more words than those */
		status = with_host(v, argv[1 + v->before], argv + 1, &f);
	}
	if (status >= 0 && file_end_output(&f) < 0)
		status = -1;
	return status < 0 ? report_fault(&f) : status;
}

/* ---- is ---- */

/* The key of a verify is that of its step with a word behind it. */
static int64_t
key_of(const char *text)
{
	static const char tail[] = "/verify";
	size_t len = text ? strlen(text) : 0, n = sizeof(tail) - 1;
	char *key = mem_dupn(text ? text : "", len);
	int64_t hash;

	if (len >= n && !strcmp(key + len - n, tail))
		key[len - n] = '\0';
	hash = cloud_key(key);
	free(key);
	return hash;
}

static int
is_built(struct world *w, int64_t host, int64_t key, struct fault *f)
{
	const struct sim_host *source = &w->hosts[host];
	int64_t first = world_cabinet(host) * CABINET_MACHINES;

	if (source->build_key != key)
		return SIM_NO;
	for (int64_t i = first; i < first + CABINET_MACHINES; i++)
		if (w->hosts[i].built_for == host && wait_while(w, i, HOST_BUILDING, f) < 0)
			return -1;
	if (source->target < 0)
		return SIM_NO;
	printf("{\"kind\":\"result\",\"target\":\"%s\"}\n", w->hosts[source->target].name);
	return 0;
}

static int
is_wiped(struct world *w, int64_t host, int64_t key, struct fault *f)
{
	if (w->hosts[host].wipe_key != key)
		return SIM_NO;
	return wait_while(w, host, HOST_WIPING, f);
}

static int
is_renewed(struct world *w, int64_t host, int64_t key, struct fault *f)
{
	(void)key;
	(void)f;
	return w->hosts[host].generation ? 0 : SIM_NO;
}

static int
is(struct world *w, int64_t host, char **words, struct fault *f)
{
	static const struct {
		const char *name;
		int (*is)(struct world *w, int64_t host, int64_t key, struct fault *f);
	} states[] = {{"built", is_built}, {"wiped", is_wiped}, {"renewed", is_renewed}};
	struct near near = NEAR_INIT(words[0]);
	char hint[NEAR_HINT];

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (!strcmp(words[0], states[i].name))
			return states[i].is(w, host, key_of(words[2]), f);
		near_offer(&near, states[i].name);
	}
	return fault_set(
	    f, FAULT_USAGE, "\"%.80s\": no state of a host%s", words[0], near_hint(&near, hint));
}

int
sim_is(int argc, char **argv)
{
	static const struct host_verb v = {"is STATE HOST [KEY]",
	    "Whether a host is in a state: exit status 0 or 1. built: the build that KEY began has "
	    "made a host for this one; wiped: the wipe that KEY began is over, both waited for; "
	    "renewed: it has been wiped at all.",
	    "craton-sim is built dfw-c0001-01 \"$CRATON_KEY\"", 1, 1, is};

	return host_verb(&v, argc, argv);
}

/* ---- the others ---- */

static int
open_host(struct world *w, int64_t host, char **words, struct fault *f)
{
	(void)words;
	return cloud_open_host(w, host, getenv("CRATON_KEY"), f);
}

int
sim_open(int argc, char **argv)
{
	static const struct host_verb v = {
	    "open HOST", "Let the scheduler place VMs on a host again.", NULL, 0, 0, open_host};

	return host_verb(&v, argc, argv);
}

static int
print_serial(struct world *w, int64_t host, char **words, struct fault *f)
{
	char serial[WORLD_SERIAL];

	(void)words;
	puts(world_serial(w, host, serial));
	return file_end_output(f);
}

int
sim_serial(int argc, char **argv)
{
	static const struct host_verb v = {"serial HOST",
	    "Print the serial number that the machine of a host says it has.", NULL, 0, 0,
	    print_serial};

	return host_verb(&v, argc, argv);
}

static int
release(struct world *w, int64_t host, char **words, struct fault *f)
{
	(void)words;
	return cloud_release(w, host, getenv("CRATON_KEY"), f);
}

int
sim_release(int argc, char **argv)
{
	static const struct host_verb v = {"release HOST",
	    "Make what was built for a host a bare machine again.", NULL, 0, 0, release};

	return host_verb(&v, argc, argv);
}

static int
note(struct world *w, int64_t host, char **words, struct fault *f)
{
	return cloud_note(w, host, words[1], f);
}

int
sim_note(int argc, char **argv)
{
	static const struct host_verb v = {"note HOST [RESULT]",
	    "Note in the log what became of a host: ok, kicked, undone, cancelled; dropped, when "
	    "people have given it up.",
	    NULL, 0, 1, note};

	return host_verb(&v, argc, argv);
}

static int
mend(struct world *w, int64_t host, char **words, struct fault *f)
{
	(void)words;
	return cloud_mend(w, host, f);
}

int
sim_mend(int argc, char **argv)
{
	static const struct host_verb v = {"mend HOST",
	    "See to a host as people would: nothing fails there any more.", NULL, 0, 0, mend};

	return host_verb(&v, argc, argv);
}
