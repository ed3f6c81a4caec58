/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/ansible/ansible.h"

#include <stdlib.h>
#include <string.h>

void
ansible_put_address(struct draft *d, const struct field *rule, struct jtext value)
{
	char *plain = jtext_plain_dup(value);

	if (field_is_address(plain))
		draft_text(d, "ip_address", plain);
	else
		field_variable(d, rule, value);
	free(plain);
}

const struct field ansible_rules[] = {
    {"ansible_host", ansible_put_address, NULL, NULL},
    {"craton_item", field_nothing, NULL, NULL}, /* see start_host */
    {0},
};

/* The fields of an item as Craton exported them. */
static void
put_item(struct draft *d, struct jtext item)
{
	struct str name = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(item, &at, &key, &value)) {
		str_reset(&name);
		jtext_plain(key, &name);
		jtext_rawn(&d->fields, name.text, value.text, value.len);
	}
	str_done(&name);
}

/* ---- groups ---- */

/* Whether a group says nothing that its hosts would want to know. */
static int
is_plain(const struct ansible_group *g)
{
	if (strcmp(g->name, "ungrouped") == 0)
		return 1;
	return strcmp(g->name, "all") == 0 && !g->vars.text;
}

static const struct field group_rules[] = {
    {"craton_item", field_nothing, NULL, NULL},
    {"ansible_group_priority", field_nothing, NULL, NULL}, /* heeded: ansible_order.c */
    {0},
};

static void
put_parents(struct ansible *a, const struct ansible_group *g)
{
	for (size_t i = 0; i < g->parents.n; i++) {
		const struct ansible_group *parent = &a->groups.v[g->parents.v[i]];
		struct str to = STR_INIT;

		if (strcmp(parent->name, "all") == 0 || !parent->label)
			continue;
		str_addf(&to, "label:%s", parent->label);
		draft_relate_to(&a->draft, "part-of", to.text);
		str_done(&to);
	}
}

static int
emit_group(struct ansible *a, const struct ansible_group *g, struct fault *f)
{
	struct draft *d = &a->draft;

	if (g->item.text) {
		draft_start_open(d);
		put_item(d, g->item);
	} else {
		draft_start(d, "label");
		draft_text(d, "name", g->label);
	}
	if (g->vars.text)
		fields_apply_all(d, group_rules, field_variable, g->vars);
	put_parents(a, g);
	return draft_emit(d, a->run, 1, f);
}

/* ---- hosts ---- */

static void
put_group(struct ansible *a, const struct ansible_group *g)
{
	if (g->label && !is_plain(g))
		draft_label(&a->draft, NULL, g->label);
}

static const char *
kind_of(const struct ansible *a, const struct ansible_host *h)
{
	return a->kind_of ? a->kind_of(h) : "host";
}

/* A host that Craton exported says which item it is. */
static void
start_host(struct ansible *a, const struct ansible_host *h)
{
	struct jtext item = jtext_member(h->vars, "craton_item");

	if (item.text && jtext_type(item) == JTEXT_OBJECT) {
		draft_start_open(&a->draft);
		put_item(&a->draft, item);
		return;
	}
	draft_start(&a->draft, kind_of(a, h));
	draft_text(&a->draft, "key", h->name);
	draft_text(&a->draft, "name", h->name);
}

static const struct field won_rules[] = {{0}};

static int
emit_host(struct ansible *a, const struct ansible_host *h, struct fault *f)
{
	struct ansible_places groups = {0};
	struct str won = STR_INIT;
	int result;

	ansible_groups_of(a, h, &groups);
	start_host(a, h);
	for (size_t i = 0; i < groups.n; i++)
		put_group(a, &a->groups.v[groups.v[i]]);
	if (h->vars.text)
		fields_apply_all(&a->draft, a->rules, field_variable, h->vars);
	if (a->more)
		a->more(a, h);
	str_add(&won, "{}");
	a->moved += ansible_win(a, &groups, h->vars, &won);
	fields_apply_all(&a->draft, won_rules, field_variable, (struct jtext){won.text, won.len});
	result = draft_emit(&a->draft, a->run, h->line, f);
	vec_done(&groups);
	str_done(&won);
	return result;
}

/* ---- all of them ---- */

static int
emit_groups(struct ansible *a, struct fault *f)
{
	for (int level = 4; level >= 0; level--)
		for (size_t i = 0; i < a->groups.n; i++) {
			const struct ansible_group *g = &a->groups.v[i];

			if (g->level == level && !is_plain(g) && emit_group(a, g, f) < 0)
				return -1;
		}
	return 0;
}

/* What runs on a host names it as its parent, which must be there. */
static int
emit_hosts(struct ansible *a, int of_kind_host, struct fault *f)
{
	for (size_t i = 0; i < a->hosts.n; i++) {
		const struct ansible_host *h = &a->hosts.v[i];

		if (of_kind_host == (strcmp(kind_of(a, h), "host") == 0) && emit_host(a, h, f) < 0)
			return -1;
	}
	return 0;
}

int
ansible_emit(struct ansible *a, struct fault *f)
{
	ansible_settle(a);
	if (emit_groups(a, f) < 0 || emit_hosts(a, 1, f) < 0 || emit_hosts(a, 0, f) < 0)
		return -1;
	if (a->moved)
		format_note(a->run,
		    "%lu variables are on the hosts themselves: several of their groups have them, "
		    "and Ansible prefers another one than the order of labels",
		    a->moved);
	return 0;
}
