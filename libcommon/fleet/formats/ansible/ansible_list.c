/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `ansible-inventory --list` prints, with --export or without, and scripts of its
 * protocol: {"_meta":{"hostvars":{..}},GROUP:{"hosts":[],"children":[],"vars":{}},...}; a group
 * may also be a bare list of hosts. With --export groups keep their variables; without it
 * Ansible has put them on the hosts. openstack_inventory.json of OpenStack-Ansible is the same
 * with more in the hosts' variables:
 *
 *	physical_host    a container: kind container, its parent, and runs-on it
 *	component        the label component=
 *	container_tech, is_metal, container_types ...   variables, as all others
 */
#include "fleet/formats/ansible/ansible.h"

#include <stdlib.h>
#include <string.h>

/* ---- what it is ---- */

static int
is_list(struct jtext first)
{
	struct jtext meta = jtext_member(first, "_meta");

	return meta.text && jtext_type(meta) == JTEXT_OBJECT && jtext_member(meta, "hostvars").text;
}

static int
is_openstack(struct jtext first)
{
	static const char *const signs[] = {"physical_host_group", "container_types"};
	struct jtext hosts = jtext_member(jtext_member(first, "_meta"), "hostvars"), key, vars;
	size_t at = 0;

	while (hosts.text && jtext_each(hosts, &at, &key, &vars))
		for (size_t i = 0; i < 2; i++)
			if (jtext_member(vars, signs[i]).text)
				return 1;
	return 0;
}

/* ---- reading ---- */

/* Reports what is not what the protocol has there; nothing of it is taken. */
static void
refuse(struct ansible *a, unsigned long line, const char *name, const char *why)
{
	struct fault f;

	fault_set(&f, FAULT_BAD, "%s: %s", name, why);
	format_bad(a->run, line, &f);
}

/* Each text of a list; what is no text is reported. */
static void
each_name(struct ansible *a, struct jtext list, size_t group, unsigned long line,
    void (*take)(struct ansible *a, const char *name, size_t group, unsigned long line))
{
	struct jtext key, value;
	size_t at = 0;

	if (list.text && jtext_type(list) != JTEXT_ARRAY) {
		refuse(a, line, a->groups.v[group].name, "hosts and children are lists of names");
		return;
	}
	while (list.text && jtext_each(list, &at, &key, &value)) {
		char *name = jtext_plain_dup(value);

		if (jtext_type(value) == JTEXT_STRING && *name)
			take(a, name, group, line);
		else
			refuse(a, line, a->groups.v[group].name, "no name of a host or group");
		free(name);
	}
}

static void
take_host(struct ansible *a, const char *name, size_t group, unsigned long line)
{
	ansible_put_in(a, ansible_host(a, name, line), group);
}

static void
take_child(struct ansible *a, const char *name, size_t group, unsigned long line)
{
	(void)line;
	ansible_put_below(a, ansible_group(a, name), group);
}

static void
take_group(struct ansible *a, const char *name, struct jtext value, unsigned long line)
{
	static const char *const parts[] = {"hosts", "children", "vars", NULL};
	struct jtext vars = jtext_member(value, "vars");
	size_t group = ansible_group(a, name);

	if (jtext_type(value) == JTEXT_ARRAY) {
		each_name(a, value, group, line, take_host);
		return;
	}
	each_name(a, jtext_member(value, "hosts"), group, line, take_host);
	each_name(a, jtext_member(value, "children"), group, line, take_child);
	if (vars.text && jtext_type(vars) != JTEXT_OBJECT)
		refuse(a, line, name, "vars is no object");
	else
		ansible_group_vars(a, group, vars);
	format_left_others(a->run, "a group", value, parts);
}

static void
take_host_vars(struct ansible *a, struct jtext hosts, unsigned long line)
{
	struct str name = STR_INIT;
	struct jtext key, vars;
	size_t at = 0;

	while (hosts.text && jtext_each(hosts, &at, &key, &vars)) {
		str_reset(&name);
		jtext_plain(key, &name);
		if (!*name.text || jtext_type(vars) != JTEXT_OBJECT)
			refuse(a, line, name.text, "a host has a name and an object of variables");
		else
			ansible_host_vars(a, ansible_host(a, name.text, line), vars);
	}
	str_done(&name);
}

static int
read_list(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {
	    "hostvars", "profile", NULL}; /* of all hosts, Ansible's */
	struct ansible *a = run->state;
	struct str name = STR_INIT;
	struct jtext meta = jtext_member(record, "_meta"), hosts = jtext_member(meta, "hostvars");
	struct jtext key, value;
	size_t at = 0;

	(void)f;
	while (jtext_each(record, &at, &key, &value)) {
		enum jtext_type type = jtext_type(value);

		str_reset(&name);
		jtext_plain(key, &name);
		if (strcmp(name.text, "_meta") == 0 || !*name.text)
			continue;
		if (type == JTEXT_OBJECT || type == JTEXT_ARRAY)
			take_group(a, name.text, value, line);
		else
			format_note(run, "\"%s\": neither a group nor _meta, left out", name.text);
	}
	if (meta.text && jtext_type(meta) == JTEXT_OBJECT)
		format_left_others(run, "_meta", meta, known);
	if (hosts.text && jtext_type(hosts) == JTEXT_OBJECT)
		take_host_vars(a, hosts, line);
	else
		format_note(run, "no _meta.hostvars: the hosts' variables are not in it; a script "
				 "without it gives them by --host NAME");
	str_done(&name);
	return 0;
}

static void
start(struct format_run *run)
{
	run->state = ansible_new(run);
}

static int
finish(struct format_run *run, struct fault *f)
{
	return ansible_emit(run->state, f);
}

const struct format format_ansible = {
    .name = "ansible",
    .about = "ansible-inventory --list, and what inventory scripts print",
    .detect = is_list,
    .start = start,
    .end = ansible_end,
    .record = read_list,
    .finish = finish,
};

/* ---- OpenStack-Ansible ---- */

static const struct field openstack_rules[] = {
    {"ansible_host", ansible_put_address, NULL, NULL},
    {"component", field_label, NULL, NULL},
    {"physical_host", field_variable, NULL, NULL}, /* and see put_physical */
    {0},
};

static const char *
physical_kind(const struct ansible_host *h)
{
	struct jtext physical = jtext_member(h->vars, "physical_host");

	return !physical.text || jtext_is(physical, h->name) ? "host" : "container";
}

static void
put_physical(struct ansible *a, const struct ansible_host *h)
{
	char *on;

	if (strcmp(physical_kind(h), "host") == 0)
		return;
	on = jtext_plain_dup(jtext_member(h->vars, "physical_host"));
	draft_refer(&a->draft, "parent", a->run->source, on);
	draft_relate(&a->draft, "runs-on", a->run->source, on);
	free(on);
}

static void
start_openstack(struct format_run *run)
{
	struct ansible *a = ansible_new(run);

	a->rules = openstack_rules;
	a->kind_of = physical_kind;
	a->more = put_physical;
	run->state = a;
}

const struct format format_openstack_ansible = {
    .name = "openstack-ansible",
    .about = "openstack_inventory.json of OpenStack-Ansible",
    .detect = is_openstack,
    .start = start_openstack,
    .end = ansible_end,
    .record = read_list,
    .finish = finish,
};
