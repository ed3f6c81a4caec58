/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which group's variable a host has: in Ansible by depth, then ansible_group_priority, then
 * name, the last one winning; in Craton by level, then the label's name, the first winning.
 */
#include "fleet/formats/ansible/ansible.h"

#include "base/mem.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

/* Deeper trees of groups are circles. */
#define DEEPEST 64

static int64_t
depth_of(struct ansible *a, size_t group, int above)
{
	struct ansible_group *g = &a->groups.v[group];
	int64_t most = 0;

	if (g->depth || above > DEEPEST)
		return g->depth;
	for (size_t i = 0; i < g->parents.n; i++) {
		int64_t depth = depth_of(a, g->parents.v[i], above + 1);

		if (depth > most)
			most = depth;
	}
	return g->depth = most + (strcmp(g->name, "all") != 0);
}

static int64_t
priority_of(const struct ansible_group *g)
{
	char *text = jtext_plain_dup(jtext_member(g->vars, "ansible_group_priority"));
	int64_t priority = 1;
	struct fault why;

	if (text && num_int(text, INT32_MIN, INT32_MAX, &priority, &why) < 0)
		priority = 1;
	free(text);
	return priority;
}

/* What a group of our own stands for; any other is the label group=NAME. */
static void
settle(struct ansible_group *g)
{
	static const char *const levels[] = {"label", "cell", "region", "cloud", "project"};
	struct jtext name;

	g->priority = priority_of(g);
	g->item = jtext_member(g->vars, "craton_item");
	name = jtext_member(g->item, "name");
	for (int i = 0; name.text && jtext_type(name) == JTEXT_STRING && i < 5; i++)
		if (jtext_is(jtext_member(g->item, "kind"), levels[i])) {
			g->level = i;
			*(i ? &g->name_there : &g->label) = jtext_plain_dup(name);
			g->place = i ? mem_dup(levels[i]) : NULL;
			return;
		}
	g->item = (struct jtext){0};
	g->label = mem_printf("group=%s", g->name);
}

void
ansible_settle(struct ansible *a)
{
	for (size_t i = 0; i < a->groups.n; i++) {
		settle(&a->groups.v[i]);
		depth_of(a, i, 0);
	}
}

static void
add_above(struct ansible *a, size_t group, struct ansible_places *out)
{
	struct ansible_group *g = &a->groups.v[group];

	if (g->is_seen)
		return;
	g->is_seen = 1;
	vec_push(out, group);
	for (size_t i = 0; i < g->parents.n; i++)
		add_above(a, g->parents.v[i], out);
}

static int
by_ansible(const void *x, const void *y, void *context)
{
	const struct ansible *a = context;
	const struct ansible_group *g = &a->groups.v[*(const size_t *)x];
	const struct ansible_group *h = &a->groups.v[*(const size_t *)y];

	if (g->depth != h->depth)
		return g->depth < h->depth ? -1 : 1;
	if (g->priority != h->priority)
		return g->priority < h->priority ? -1 : 1;
	return strcmp(g->name, h->name);
}

void
ansible_groups_of(struct ansible *a, const struct ansible_host *h, struct ansible_places *out)
{
	const union map_value *all = map_get(&a->group_index, "all");

	out->n = 0;
	for (size_t i = 0; i < h->groups.n; i++)
		add_above(a, h->groups.v[i], out);
	if (all)
		add_above(a, (size_t)all->i, out);
	for (size_t i = 0; i < out->n; i++)
		a->groups.v[out->v[i]].is_seen = 0;
	if (out->n > 1)
		qsort_r(out->v, out->n, sizeof(*out->v), by_ansible, a);
}

/* Whether Craton prefers g's variable to h's. */
static int
is_nearer(const struct ansible_group *g, const struct ansible_group *h)
{
	if (g->level != h->level)
		return g->level < h->level;
	return g->level == 0 && strcmp(g->label, h->label) < 0;
}

static int
is_told(struct jtext object, struct jtext escaped_key)
{
	struct jtext key, value;
	size_t at = 0;

	if (!object.text)
		return 0;
	while (jtext_each(object, &at, &key, &value))
		if (jtext_same(key, escaped_key))
			return 1;
	return 0;
}

/* One variable of one group: if it is Ansible's winner and not Craton's, it goes into vars. */
static unsigned long
win_one(struct ansible *a, const struct ansible_places *groups, size_t nth, struct jtext key,
    const char *plain, struct str *vars)
{
	const struct ansible_group *nearest = &a->groups.v[groups->v[nth]];
	struct jtext wanted = jtext_member(nearest->vars, plain);
	struct str with = STR_INIT;

	for (size_t i = 0; i < groups->n; i++) {
		const struct ansible_group *g = &a->groups.v[groups->v[i]];

		if (!g->vars.text || i == nth || !is_told(g->vars, key))
			continue;
		if (i > nth)
			return 0; /* Ansible has it from there */
		if (is_nearer(g, nearest))
			nearest = g;
	}
	if (jtext_same(jtext_member(nearest->vars, plain), wanted))
		return 0;
	jtext_with((struct jtext){vars->text, vars->len}, plain, wanted, &with);
	str_done(vars);
	*vars = with;
	return 1;
}

unsigned long
ansible_win(
    struct ansible *a, const struct ansible_places *groups, struct jtext own, struct str *vars)
{
	struct str plain = STR_INIT;
	struct jtext key, value;
	unsigned long n = 0;

	for (size_t i = 1; i < groups->n; i++) {
		const struct ansible_group *g = &a->groups.v[groups->v[i]];
		size_t at = 0;

		if (!g->vars.text)
			continue;
		while (jtext_each(g->vars, &at, &key, &value)) {
			str_reset(&plain);
			jtext_plain(key, &plain);
			if (strcmp(plain.text, "craton_item") != 0 &&
			    strcmp(plain.text, "ansible_group_priority") != 0 && !is_told(own, key))
				n += win_one(a, groups, i, key, plain.text, vars);
		}
	}
	str_done(&plain);
	return n;
}
