/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory itself: made, filled, freed. */
#include "fleet/formats/ansible/ansible.h"

#include "base/mem.h"

#include <stdlib.h>

struct ansible *
ansible_new(struct format_run *run)
{
	struct ansible *a = mem_zero(1, sizeof(*a));

	a->run = run;
	a->rules = ansible_rules;
	return a;
}

void
ansible_free(struct ansible *a)
{
	for (size_t i = 0; i < a->groups.n; i++) {
		free(a->groups.v[i].name);
		free(a->groups.v[i].text);
		free(a->groups.v[i].label);
		free(a->groups.v[i].place);
		free(a->groups.v[i].name_there);
		vec_done(&a->groups.v[i].parents);
	}
	for (size_t i = 0; i < a->hosts.n; i++) {
		free(a->hosts.v[i].name);
		free(a->hosts.v[i].text);
		vec_done(&a->hosts.v[i].groups);
	}
	vec_done(&a->groups);
	vec_done(&a->hosts);
	map_done(&a->group_index);
	map_done(&a->host_index);
	draft_done(&a->draft);
	free(a);
}

void
ansible_end(struct format_run *run)
{
	ansible_free(run->state);
}

size_t
ansible_group(struct ansible *a, const char *name)
{
	int added;
	union map_value *at = map_put(&a->group_index, name, &added);

	if (added) {
		at->i = (int64_t)a->groups.n;
		vec_add(&a->groups)->name = mem_dup(name);
	}
	return (size_t)at->i;
}

size_t
ansible_host(struct ansible *a, const char *name, unsigned long line)
{
	int added;
	union map_value *at = map_put(&a->host_index, name, &added);

	if (added) {
		struct ansible_host *h;

		at->i = (int64_t)a->hosts.n;
		h = vec_add(&a->hosts);
		h->name = mem_dup(name);
		h->line = line;
	}
	return (size_t)at->i;
}

static void
add_place(struct ansible_places *to, size_t place)
{
	for (size_t i = 0; i < to->n; i++)
		if (to->v[i] == place)
			return;
	vec_push(to, place);
}

void
ansible_put_in(struct ansible *a, size_t host, size_t group)
{
	add_place(&a->hosts.v[host].groups, group);
}

void
ansible_put_below(struct ansible *a, size_t child, size_t parent)
{
	add_place(&a->groups.v[child].parents, parent);
}

/* *vars with the members of an object; *text holds it. */
static void
merge(struct jtext *vars, char **text, struct jtext object)
{
	struct str merged = STR_INIT, plain = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	if (!object.text || jtext_type(object) != JTEXT_OBJECT)
		return;
	if (!vars->text) {
		str_addn(&merged, object.text, object.len);
		vars->len = merged.len;
		vars->text = *text = str_take(&merged);
		return;
	}
	while (jtext_each(object, &at, &key, &value)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		jtext_with(*vars, plain.text, value, &merged);
		free(*text);
		vars->len = merged.len;
		vars->text = *text = str_take(&merged);
	}
	str_done(&plain);
}

static void
merge_one(struct jtext *vars, char **text, const char *key, struct jtext value)
{
	struct str object = STR_INIT;

	jtext_open(&object);
	jtext_rawn(&object, key, value.text, value.len);
	jtext_close(&object);
	merge(vars, text, (struct jtext){object.text, object.len});
	str_done(&object);
}

void
ansible_group_vars(struct ansible *a, size_t group, struct jtext object)
{
	merge(&a->groups.v[group].vars, &a->groups.v[group].text, object);
}

void
ansible_host_vars(struct ansible *a, size_t host, struct jtext object)
{
	merge(&a->hosts.v[host].vars, &a->hosts.v[host].text, object);
}

void
ansible_host_var(struct ansible *a, size_t host, const char *key, struct jtext value)
{
	merge_one(&a->hosts.v[host].vars, &a->hosts.v[host].text, key, value);
}

void
ansible_group_var(struct ansible *a, size_t group, const char *key, struct jtext value)
{
	merge_one(&a->groups.v[group].vars, &a->groups.v[group].text, key, value);
}
