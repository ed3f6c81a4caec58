/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_inside.h"

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
    {"boot", HAS_HOST | HAS_VM_NAME, replay_on_boot},
    {"build.end", HAS_HOST | HAS_FOR, replay_on_build_end},
    {"build.start", HAS_HOST | HAS_FOR, replay_on_build},
    {"check", HAS_HOST, on_nothing},
    {"close", HAS_HOST, replay_on_close},
    {"close.failed", HAS_HOST, on_nothing},
    {"delete", HAS_VM, replay_on_delete},
    {"host", HAS_NAME, replay_on_host},
    {"mend", HAS_HOST, on_nothing},
    {"move.end", HAS_VM | HAS_MOVE, replay_on_move_end},
    {"move.start", HAS_VM | HAS_MOVE, replay_on_move},
    {"note", HAS_HOST, replay_on_note},
    {"open", HAS_HOST, replay_on_open},
    {"release", HAS_HOST | HAS_FOR, replay_on_release},
    {"vm.lost", HAS_VM, replay_on_lost},
    {"wipe.end", HAS_HOST, replay_on_wipe_end},
    {"wipe.start", HAS_HOST, replay_on_wipe},
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
