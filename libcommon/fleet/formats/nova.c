/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nova's pages: {"hypervisors":[..]} of /os-hypervisors/detail and {"servers":[..]} of
 * /servers/detail, any number of them, one after the other.
 *
 *	hypervisor   host, key hypervisor_hostname, which servers name it by; its name is that of
 *	             its service, short as other sources have it, else the key
 *	server       vm, key id, runs-on the hypervisor it is on
 *	host_ip, the first address of a server (fixed and IPv4 first)   ip_address
 *	tags, tenant_id, OS-EXT-AZ:availability_zone   labels
 *	cpu_info (a text before 2.28) and all others   variables; before 2.88 capacities too
 *
 * Left out are "links" and, of a hypervisor, "servers", which say themselves where they run.
 */
#include "fleet/formats/draft.h"
#include "fleet/formats/fields.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define ON_HYPERVISOR "OS-EXT-SRV-ATTR:hypervisor_hostname"

struct nova {
	struct draft draft;
	int hypervisors_go_on, servers_go_on; /* the last page names a next one */
};

static int
is_page(struct jtext first)
{
	struct jtext key, each, servers = jtext_member(first, "servers");
	size_t at = 0;

	if (jtext_member(first, "hypervisors").text)
		return 1;
	return servers.text && jtext_type(servers) == JTEXT_ARRAY &&
	       jtext_each(servers, &at, &key, &each) && jtext_member(each, "hostId").text;
}

/* ---- hypervisors ---- */

static const struct field hypervisor_rules[] = {
    {"hypervisor_hostname", field_text, "key", NULL},
    {"id", field_variable, "hypervisor_id", NULL},
    {"host_ip", field_address, NULL, NULL},
    {"cpu_info", field_decoded, NULL, NULL},
    {"servers", field_nothing, NULL, NULL},
    {"links", field_nothing, NULL, NULL},
    {0},
};

static int
emit_hypervisor(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	struct draft *d = &((struct nova *)run->state)->draft;
	struct jtext hostname = jtext_member(record, "hypervisor_hostname");
	struct jtext service = jtext_member(jtext_member(record, "service"), "host");
	char *name;

	if (draft_is_empty(hostname) || jtext_type(hostname) != JTEXT_STRING)
		return fault_set(f, FAULT_BAD, "a hypervisor without hypervisor_hostname");
	name = jtext_plain_dup(draft_is_empty(service) ? hostname : service);
	draft_start(d, "host");
	draft_text(d, "name", name);
	free(name);
	fields_apply(d, hypervisor_rules, field_variable, record);
	return draft_emit(d, run, line, f);
}

/* ---- servers ---- */

/* How much an address is the one to reach a server by. */
static int
worth(struct jtext address)
{
	return 1 + (jtext_is(jtext_member(address, "OS-EXT-IPS:type"), "fixed") ? 2 : 0) +
	       (jtext_same(jtext_member(address, "version"), JTEXT("4")) ? 1 : 0);
}

static void
put_addresses(struct draft *d, const struct field *rule, struct jtext networks)
{
	struct jtext key, network, none, address, best = {0};
	size_t at = 0;

	while (jtext_type(networks) == JTEXT_OBJECT && jtext_each(networks, &at, &key, &network)) {
		size_t within = 0;

		while (jtext_type(network) == JTEXT_ARRAY &&
		       jtext_each(network, &within, &none, &address))
			if (jtext_member(address, "addr").text &&
			    (!best.text || worth(address) > worth(best)))
				best = address;
	}
	if (best.text)
		field_address(d, &(struct field){.part = "addr"}, best);
	field_variable(d, rule, networks);
}

static const struct field server_rules[] = {
    {"id", field_text, "key", NULL},
    {"name", field_text, NULL, NULL},
    {"addresses", put_addresses, NULL, NULL},
    {"tags", field_tag, NULL, NULL},
    {"tenant_id", field_label, "tenant", NULL},
    {"OS-EXT-AZ:availability_zone", field_label, "availability-zone", NULL},
    {"links", field_nothing, NULL, NULL},
    {0},
};

static int
emit_server(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	struct draft *d = &((struct nova *)run->state)->draft;
	struct jtext id = jtext_member(record, "id"), on = jtext_member(record, ON_HYPERVISOR);

	if (draft_is_empty(id))
		return fault_set(f, FAULT_BAD, "a server without id");
	draft_start(d, "vm");
	fields_apply(d, server_rules, field_variable, record);
	if (!draft_is_empty(on) && jtext_type(on) == JTEXT_STRING) {
		char *key = jtext_plain_dup(on);

		draft_relate(d, "runs-on", run->source, key);
		free(key);
	}
	return draft_emit(d, run, line, f);
}

/* ---- pages ---- */

static int
each_of(struct format_run *run, struct jtext list, unsigned long line,
    int (*emit)(struct format_run *run, struct jtext record, unsigned long line, struct fault *f),
    struct fault *f)
{
	struct jtext key, each;
	size_t at = 0;

	while (list.text && jtext_type(list) == JTEXT_ARRAY && jtext_each(list, &at, &key, &each)) {
		if (emit(run, each, line, f) == 0)
			continue;
		if (f->kind != FAULT_BAD)
			return -1;
		format_bad(run, line, f);
	}
	return 0;
}

/* Whether the links of a page are to a next one. */
static int
goes_on(struct jtext links)
{
	struct jtext key, link;
	size_t at = 0;

	while (
	    links.text && jtext_type(links) == JTEXT_ARRAY && jtext_each(links, &at, &key, &link))
		if (jtext_is(jtext_member(link, "rel"), "next"))
			return 1;
	return 0;
}

static int
translate(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {
	    "hypervisors", "hypervisors_links", "servers", "servers_links", NULL};
	struct nova *n = run->state;
	struct jtext hypervisors = jtext_member(record, "hypervisors");
	struct jtext servers = jtext_member(record, "servers");

	if (!hypervisors.text && !servers.text)
		return fault_set(f, FAULT_BAD, "neither \"hypervisors\" nor \"servers\"");
	if (hypervisors.text)
		n->hypervisors_go_on = goes_on(jtext_member(record, "hypervisors_links"));
	if (servers.text)
		n->servers_go_on = goes_on(jtext_member(record, "servers_links"));
	format_left_others(run, "a page", record, known);
	if (each_of(run, hypervisors, line, emit_hypervisor, f) < 0)
		return -1;
	return each_of(run, servers, line, emit_server, f);
}

static int
finish(struct format_run *run, struct fault *f)
{
	const struct nova *n = run->state;

	(void)f;
	if (n->hypervisors_go_on)
		format_note(run, "the last page of hypervisors names a next one, not in the input");
	if (n->servers_go_on)
		format_note(run, "the last page of servers names a next one, not in the input");
	return 0;
}

static void
start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct nova));
}

static void
end(struct format_run *run)
{
	struct nova *n = run->state;

	draft_done(&n->draft);
	free(n);
}

const struct format format_nova = {
    .name = "nova",
    .about = "Nova's hypervisors and servers, pages of its API",
    .detect = is_page,
    .start = start,
    .end = end,
    .record = translate,
    .finish = finish,
};
