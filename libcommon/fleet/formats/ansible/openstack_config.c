/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openstack_user_config.yml of OpenStack-Ansible, what a deployment is made of:
 *
 *	*_hosts                        a group; hosts with the label group=NAME
 *	ip (management_ip)             ip_address
 *	host_vars                      variables of the host
 *	container_vars, affinity, no_containers and all else of a host in a group
 *	                               the variable of that name, by group
 *	cidr_networks, used_ips, global_overrides and all other keys
 *	                               variables of the label deployment=openstack-ansible, which
 *	                               all hosts carry
 *
 * YAML's merge key "<<" brings in other groups' hosts, as this file uses it.
 */
#include "fleet/formats/ansible/ansible.h"
#include "io/yaml.h"

#include <stdlib.h>
#include <string.h>

#define DEPLOYMENT "deployment=openstack-ansible"

struct config {
	struct ansible *a;
	struct map addresses; /* by host: the struct address it was given first */
	size_t deployment;
};

static int
is_group(const char *key)
{
	size_t len = strlen(key);

	return len > 6 && strcmp(key + len - 6, "_hosts") == 0;
}

static void
bad_node(struct config *c, const struct yaml_node *n, const char *why)
{
	struct fault f;

	yaml_fault(n, &f, "%s", why);
	format_bad_placed(c->a->run, &f);
}

/* The first address stays; OpenStack-Ansible itself refuses to go on with two. */
static void
take_address(struct config *c, size_t host, const char *group, const struct yaml_node *ip)
{
	struct ansible_host *h = &c->a->hosts.v[host];
	int added;
	union map_value *first = map_put(&c->addresses, h->name, &added);
	struct str json = STR_INIT;

	if (added) {
		first->p = (void *)(uintptr_t)ip;
		yaml_to_json(ip, &json);
		ansible_host_var(c->a, host, "ip", (struct jtext){json.text, json.len});
	} else if (strcmp(((const struct yaml_node *)first->p)->text, ip->text) != 0) {
		format_note(c->a->run, "%s: address %s, and in %s %s, which is left out", h->name,
		    ((const struct yaml_node *)first->p)->text, group, ip->text);
	}
	str_done(&json);
}

/* The variable NAME is an object of what each group says. */
static void
take_by_group(struct config *c, size_t host, const char *group, const struct yaml_node *value)
{
	struct str json = STR_INIT, canonical = STR_INIT, with = STR_INIT;
	struct jtext known = jtext_member(c->a->hosts.v[host].vars, value->key);
	struct fault f;

	yaml_to_json(value, &json);
	if (jtext_canonical(json.text, json.len, &canonical, &f) < 0) {
		bad_node(c, value, f.text);
	} else {
		jtext_with(known, group, (struct jtext){canonical.text, canonical.len}, &with);
		ansible_host_var(c->a, host, value->key, (struct jtext){with.text, with.len});
	}
	str_done(&json);
	str_done(&canonical);
	str_done(&with);
}

static void
take_vars(struct config *c, size_t host, const struct yaml_node *vars)
{
	struct str json = STR_INIT;

	for (size_t i = 0; i < vars->n; i++) {
		str_reset(&json);
		yaml_to_json(vars->items[i], &json);
		ansible_host_var(
		    c->a, host, vars->items[i]->key, (struct jtext){json.text, json.len});
	}
	str_done(&json);
}

static void
take_host(struct config *c, const char *group, const struct yaml_node *n)
{
	size_t host = ansible_host(c->a, n->key, n->line);

	ansible_put_in(c->a, host, ansible_group(c->a, group));
	ansible_put_in(c->a, host, c->deployment);
	for (size_t i = 0; i < n->n; i++) {
		const struct yaml_node *field = n->items[i];

		if ((strcmp(field->key, "ip") == 0 || strcmp(field->key, "management_ip") == 0) &&
		    field->text)
			take_address(c, host, group, field);
		else if (strcmp(field->key, "host_vars") == 0 && field->type == YAML_MAP)
			take_vars(c, host, field);
		else
			take_by_group(c, host, group, field);
	}
}

static void
take_hosts(struct config *c, const char *group, const struct yaml_node *hosts)
{
	for (size_t i = 0; i < hosts->n; i++) {
		const struct yaml_node *n = hosts->items[i];

		/* "<<" is not a host, nor is one of several that are merged, which have no key. */
		if (n->key ? !strcmp(n->key, "<<") : n->type == YAML_MAP || n->type == YAML_NULL)
			take_hosts(c, group, n);
		else if (n->type != YAML_MAP && n->type != YAML_NULL)
			bad_node(c, n, "a host has fields such as ip");
		else if (*n->key)
			take_host(c, group, n);
		else
			bad_node(c, n, "a host without a name");
	}
}

static void
take_setting(struct config *c, const struct yaml_node *n)
{
	struct str json = STR_INIT, canonical = STR_INIT;
	struct fault f;

	yaml_to_json(n, &json);
	if (jtext_canonical(json.text, json.len, &canonical, &f) == 0)
		ansible_group_var(
		    c->a, c->deployment, n->key, (struct jtext){canonical.text, canonical.len});
	else
		bad_node(c, n, f.text);
	str_done(&json);
	str_done(&canonical);
}

static void
take_all(struct config *c, const struct yaml_node *root)
{
	static const char item[] = "{\"kind\":\"label\",\"name\":\"" DEPLOYMENT "\"}";

	c->deployment = ansible_group(c->a, "openstack_ansible");
	ansible_group_var(c->a, c->deployment, "craton_item", JTEXT(item));
	for (size_t i = 0; i < root->n; i++) {
		const struct yaml_node *n = root->items[i];

		if (!is_group(n->key)) {
			take_setting(c, n);
		} else if (n->type == YAML_MAP || n->type == YAML_NULL) {
			ansible_group(c->a, n->key);
			take_hosts(c, n->key, n);
		} else {
			bad_node(c, n, "a group is a mapping of hosts");
		}
	}
}

static int
read_all(struct format_run *run, char *text, size_t len, struct fault *f)
{
	struct config c = {.a = run->state};
	struct yaml_file y;

	if (yaml_parse_data(&y, run->input, text, len, f) < 0)
		format_bad_placed(run, f);
	else if (y.root && y.root->type != YAML_MAP)
		bad_node(&c, y.root, "a mapping is wanted: openstack_user_config.yml");
	else if (y.root)
		take_all(&c, y.root);
	map_done(&c.addresses);
	yaml_close(&y);
	return ansible_emit(c.a, f);
}

static const struct field config_rules[] = {
    {"ip", ansible_put_address, NULL, NULL},
    {0},
};

static void
start(struct format_run *run)
{
	struct ansible *a = ansible_new(run);

	a->rules = config_rules;
	run->state = a;
}

const struct format format_openstack_config = {
    .name = "openstack-user-config",
    .about = "openstack_user_config.yml of OpenStack-Ansible",
    .start = start,
    .end = ansible_end,
    .text = read_all,
};
