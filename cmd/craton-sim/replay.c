/* SPDX-License-Identifier: Apache-2.0 */
#include "replay.h"

#include "base/num.h"
#include "base/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TOLD = 20 };

void
replay_done(struct replay *r)
{
	for (size_t i = 0; i < r->hosts.n; i++) {
		free(r->hosts.v[i].name);
		free(r->hosts.v[i].build_key);
		free(r->hosts.v[i].wipe_key);
	}
	vec_done(&r->hosts);
	vec_done(&r->vms);
	vec_done(&r->groups);
	vec_done(&r->starts);
	map_done(&r->host_names);
	map_done(&r->vm_names);
	map_done(&r->group_names);
}

void
replay_break(struct replay *r, enum rule rule, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	r->broken[rule]++;
	if (r->told++ >= TOLD)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	report_warn("log:%" PRId64 ": %s", r->line, text);
}

static int64_t
find(const struct map *m, const char *name)
{
	const union map_value *v = name ? map_get(m, name) : NULL;

	return v ? v->i : -1;
}

int64_t
replay_host(const struct replay *r, const char *name)
{
	return find(&r->host_names, name);
}

int64_t
replay_vm(const struct replay *r, const char *name)
{
	return find(&r->vm_names, name);
}

/* ---- the words of a line ---- */

struct words_of {
	struct replay_host *host, *of, *from, *to; /* of: "for" */
	struct replay_vm *vm;
	char *name, *vm_name, *key, *result, *cabinet, *region;
	int64_t vcpus, memory;
	int is_spare;
};

static int64_t
number(struct jtext o, const char *key)
{
	char *text = jtext_plain_dup(jtext_member(o, key));
	int64_t n = -1;

	if (text)
		(void)num_int(text, 0, INT64_MAX, &n, &(struct fault){0});
	free(text);
	return n;
}

static struct replay_host *
host_of(struct replay *r, struct jtext o, const char *key)
{
	char *name = jtext_plain_dup(jtext_member(o, key));
	int64_t host = replay_host(r, name);

	free(name);
	return host < 0 ? NULL : &r->hosts.v[host];
}

static void
read_words(struct replay *r, struct jtext o, struct words_of *w)
{
	int64_t vm;

	w->name = jtext_plain_dup(jtext_member(o, "host"));
	w->vm_name = jtext_plain_dup(jtext_member(o, "vm"));
	w->key = jtext_plain_dup(jtext_member(o, "key"));
	w->result = jtext_plain_dup(jtext_member(o, "result"));
	w->cabinet = jtext_plain_dup(jtext_member(o, "cabinet"));
	w->region = jtext_plain_dup(jtext_member(o, "region"));
	w->host = host_of(r, o, "host");
	w->of = host_of(r, o, "for");
	w->from = host_of(r, o, "from");
	w->to = host_of(r, o, "to");
	vm = replay_vm(r, w->vm_name);
	w->vm = vm < 0 ? NULL : &r->vms.v[vm];
	w->vcpus = number(o, "vcpus");
	w->memory = number(o, "memory");
	w->is_spare =
	    jtext_member(o, "spare").text && jtext_type(jtext_member(o, "spare")) == JTEXT_TRUE;
}

static void
words_of_done(struct words_of *w)
{
	free(w->name);
	free(w->vm_name);
	free(w->key);
	free(w->result);
	free(w->cabinet);
	free(w->region);
}

static int64_t
place(struct replay *r, const struct replay_host *h)
{
	return h - r->hosts.v;
}

/* ---- hosts ---- */

static int64_t
group(struct replay *r, const char *name)
{
	int added;
	union map_value *v = map_put(&r->group_names, name ? name : "", &added);

	if (added) {
		v->i = (int64_t)r->groups.n;
		vec_add(&r->groups);
	}
	return v->i;
}

static void
on_host(struct replay *r, struct words_of *w)
{
	struct replay_host *h;

	if (w->host) {
		replay_break(r, RULE_LOG, "%s: twice", w->host->name);
		return;
	}
	map_put(&r->host_names, w->name, NULL)->i = (int64_t)r->hosts.n;
	h = vec_add(&r->hosts);
	*h = (struct replay_host){.name = mem_dup(w->name),
	    .vcpus = w->vcpus,
	    .memory = w->memory,
	    .cabinet = group(r, w->cabinet),
	    .region = group(r, w->region),
	    .built_for = -1,
	    .target = -1,
	    .stand = w->is_spare ? STAND_BARE : STAND_OPEN};
}

static void
on_close(struct replay *r, struct words_of *w)
{
	w->host->stand = STAND_CLOSED;
	replay_begin(r, w->host);
}

static void
on_open(struct replay *r, struct words_of *w)
{
	(void)r;
	w->host->stand = STAND_OPEN;
}

/* A key that has been used for one that ended well is used for a second one. */
static int
is_second(char **last, const char *key)
{
	int same = *last && key && !strcmp(*last, key);

	free(*last);
	*last = mem_dup(key);
	return same;
}

static void
on_build(struct replay *r, struct words_of *w)
{
	replay_begin(r, w->of);
	r->builds++;
	if (w->host->stand != STAND_BARE)
		replay_break(r, RULE_CLOSED, "%s: built, and it is no bare machine", w->host->name);
	if (w->of->target >= 0)
		replay_break(r, RULE_TWICE, "%s: a second host is built for it", w->of->name);
	w->of->target = place(r, w->host);
	w->host->built_for = place(r, w->of);
	w->host->stand = STAND_BUILDING;
}

static void
on_build_end(struct replay *r, struct words_of *w)
{
	int is_ok = w->result && !strcmp(w->result, "ok");

	if (w->host->stand != STAND_BUILDING)
		replay_break(r, RULE_LOG, "%s: no build of it was begun", w->host->name);
	w->host->stand = is_ok ? STAND_FRESH : STAND_BARE;
	if (!is_ok)
		w->of->target = -1;
}

static void
on_release(struct replay *r, struct words_of *w)
{
	if (w->host->vms)
		replay_break(r, RULE_LOST, "%s: released with %" PRId64 " VMs on it", w->host->name,
		    w->host->vms);
	w->host->stand = STAND_BARE;
	w->of->target = -1;
}

static void
on_wipe(struct replay *r, struct words_of *w)
{
	r->wipes++;
	if (w->host->vms)
		replay_break(r, RULE_LOST, "%s: wiped with %" PRId64 " VMs on it", w->host->name,
		    w->host->vms);
	if (w->host->stand != STAND_CLOSED || is_second(&w->host->wipe_key, w->key))
		replay_break(r, RULE_TWICE, "%s: wiped, though it is not a host that was quiesced",
		    w->host->name);
	w->host->stand = STAND_WIPING;
	w->host->target = -1;
}

static void
on_wipe_end(struct replay *r, struct words_of *w)
{
	if (w->host->stand != STAND_WIPING)
		replay_break(r, RULE_LOG, "%s: no wipe of it was begun", w->host->name);
	w->host->stand = STAND_BARE;
}

static void
on_note(struct replay *r, struct words_of *w)
{
	replay_note(r, w->host, w->result ? w->result : "");
}

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

static void
on_boot(struct replay *r, struct words_of *w)
{
	struct replay_vm *vm;

	if (w->vm) {
		replay_break(r, RULE_TWO_PLACES, "%s: booted twice", w->vm_name);
		return;
	}
	map_put(&r->vm_names, w->vm_name, NULL)->i = (int64_t)r->vms.n;
	vm = vec_add(&r->vms);
	*vm = (struct replay_vm){w->vcpus, w->memory, place(r, w->host), -1};
	r->boots++;
	if (w->host->stand != STAND_OPEN)
		replay_break(r, RULE_CLOSED, "%s: placed on %s, which is not open", w->vm_name,
		    w->host->name);
	take(r, w->host, vm);
}

static void
on_delete(struct replay *r, struct words_of *w)
{
	if (w->vm->host < 0) {
		replay_break(r, RULE_LOST, "%s: deleted, and it is nowhere", w->vm_name);
		return;
	}
	leave(&r->hosts.v[w->vm->host], w->vm);
	w->vm->host = -1;
	r->deletes++;
}

static void
on_lost(struct replay *r, struct words_of *w)
{
	replay_break(r, RULE_LOST, "%s: lost", w->vm_name);
	if (w->vm->host >= 0)
		leave(&r->hosts.v[w->vm->host], w->vm);
	if (w->vm->to >= 0)
		leave(&r->hosts.v[w->vm->to], w->vm);
	w->vm->host = w->vm->to = -1;
}

static void
on_move(struct replay *r, struct words_of *w)
{
	if (w->vm->to >= 0 || w->vm->host != place(r, w->from)) {
		replay_break(r, RULE_TWO_PLACES,
		    "%s: moved from where it is not, or while it moves", w->vm_name);
		return;
	}
	replay_begin(r, w->from);
	if (w->to->stand != STAND_FRESH && w->to->stand != STAND_OPEN)
		replay_break(
		    r, RULE_CLOSED, "%s: moved to %s, which takes none", w->vm_name, w->to->name);
	w->vm->to = place(r, w->to);
	r->moves++;
	take(r, w->to, w->vm);
}

static void
on_move_end(struct replay *r, struct words_of *w)
{
	int is_ok = w->result && !strcmp(w->result, "ok");

	if (w->vm->to != place(r, w->to) || w->vm->host != place(r, w->from)) {
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

static void
on_nothing(struct replay *r, struct words_of *w)
{
	(void)r;
	(void)w;
}

/* ---- lines ---- */

enum { HAS_NAME = 1, HAS_HOST = 2, HAS_FOR = 4, HAS_VM_NAME = 8, HAS_VM = 16, HAS_MOVE = 32 };

static const struct {
	const char *what;
	int has;
	void (*on)(struct replay *r, struct words_of *w);
} whats[] = {
    {"boot", HAS_HOST | HAS_VM_NAME, on_boot},
    {"build.end", HAS_HOST | HAS_FOR, on_build_end},
    {"build.start", HAS_HOST | HAS_FOR, on_build},
    {"check", HAS_HOST, on_nothing},
    {"close", HAS_HOST, on_close},
    {"close.failed", HAS_HOST, on_nothing},
    {"delete", HAS_VM, on_delete},
    {"host", HAS_NAME, on_host},
    {"mend", HAS_HOST, on_nothing},
    {"move.end", HAS_VM | HAS_MOVE, on_move_end},
    {"move.start", HAS_VM | HAS_MOVE, on_move},
    {"note", HAS_HOST, on_note},
    {"open", HAS_HOST, on_open},
    {"release", HAS_HOST | HAS_FOR, on_release},
    {"vm.lost", HAS_VM, on_lost},
    {"wipe.end", HAS_HOST, on_wipe_end},
    {"wipe.start", HAS_HOST, on_wipe},
};

static int
is_whole(const struct words_of *w, int has)
{
	return (!(has & HAS_NAME) || w->name) && (!(has & HAS_HOST) || w->host) &&
	       (!(has & HAS_FOR) || w->of) && (!(has & HAS_VM_NAME) || w->vm_name) &&
	       (!(has & HAS_VM) || w->vm) && (!(has & HAS_MOVE) || (w->from && w->to));
}

static void
follow(struct replay *r, struct jtext o)
{
	int64_t seq = number(o, "seq"), at = number(o, "at");

	if (seq != r->seq + 1)
		replay_break(
		    r, RULE_LOG, "line %" PRId64 " of the world comes after %" PRId64, seq, r->seq);
	if (at < r->at)
		replay_break(r, RULE_LOG, "its time is before that of the line above");
	r->seq = seq;
	r->at = at;
}

void
replay_line(struct replay *r, const char *text, size_t len)
{
	struct jtext o = {text, len}, what = jtext_member(o, "what");
	struct words_of w = {0};
	size_t i = 0, n = sizeof(whats) / sizeof(*whats);

	r->line++;
	follow(r, o);
	while (i < n && !jtext_is(what, whats[i].what))
		i++;
	read_words(r, o, &w);
	if (i == n)
		replay_break(r, RULE_LOG, "a line of no known kind");
	else if (!is_whole(&w, whats[i].has))
		replay_break(r, RULE_LOG, "%s: of something that is not there", whats[i].what);
	else
		whats[i].on(r, &w);
	words_of_done(&w);
}
