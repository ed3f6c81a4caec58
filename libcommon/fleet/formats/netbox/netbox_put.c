/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/netbox/netbox_put.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

NETBOX_PUT(netbox_put_nothing)
{
	(void)nb, (void)row, (void)field, (void)value, (void)f;
	return 0;
}

NETBOX_PUT(netbox_put_name)
{
	char *name = jtext_plain_dup(value);

	(void)field, (void)f;
	netbox_put_unique_name(nb, row, name);
	free(name);
	return 0;
}

NETBOX_PUT(netbox_put_text)
{
	char *text = jtext_plain_dup(value);

	(void)row, (void)f;
	draft_text(&nb->draft, field->word, text);
	free(text);
	return 0;
}

/* Django prints decimals as strings: "4.0", "0.5", "1.00". */
static int
is_decimal(const char *text)
{
	size_t whole = strspn(text, "0123456789"), part;

	if (!whole || (whole > 1 && *text == '0'))
		return 0;
	if (!text[whole])
		return 1;
	part = strspn(text + whole + 1, "0123456789");
	return text[whole] == '.' && part && !text[whole + 1 + part];
}

static void
trim_zeros(char *decimal)
{
	size_t len = strlen(decimal);

	if (!strchr(decimal, '.'))
		return;
	while (decimal[len - 1] == '0')
		decimal[--len] = '\0';
	if (decimal[len - 1] == '.')
		decimal[len - 1] = '\0';
}

NETBOX_PUT(netbox_put_number)
{
	char *text = jtext_plain_dup(value);

	(void)row, (void)f;
	if (is_decimal(text)) {
		trim_zeros(text);
		value = JTEXT(text);
	}
	draft_attribute(&nb->draft, "netbox", field->name, value);
	free(text);
	return 0;
}

NETBOX_PUT(netbox_put_variables)
{
	if (jtext_type(value) != JTEXT_OBJECT)
		return netbox_put_attribute(nb, row, field, value, f);
	draft_variables(&nb->draft, value);
	return 0;
}

NETBOX_PUT(netbox_put_variable)
{
	char *text = jtext_plain_dup(value);

	(void)row, (void)f;
	if (is_decimal(text)) {
		trim_zeros(text);
		value = JTEXT(text);
	}
	draft_variable(&nb->draft, field->name, value);
	free(text);
	return 0;
}

NETBOX_PUT(netbox_put_label)
{
	char *slug = dump_text(dump_find(&nb->dump, field->model, value), "slug");

	if (!slug)
		return netbox_put_attribute(nb, row, field, value, f);
	draft_label(&nb->draft, field->word, slug);
	free(slug);
	return 0;
}

void
netbox_refer(struct netbox *nb, const char *field, const struct dump_row *target, const char *mark)
{
	char *key = netbox_key(target), *marked = mem_printf("%s%s", key, mark);

	draft_refer(&nb->draft, field, nb->run->source, marked);
	free(key);
	free(marked);
}

void
netbox_relate(struct netbox *nb, const char *type, const struct dump_row *target)
{
	char *key = netbox_key(target);

	draft_relate(&nb->draft, type, nb->run->source, key);
	free(key);
}

NETBOX_PUT(netbox_put_place)
{
	const struct dump_row *target = dump_find(&nb->dump, field->model, value);

	if (!target)
		return netbox_put_attribute(nb, row, field, value, f);
	netbox_refer(nb, field->word, target, "");
	return 0;
}

static int
all_found(const struct netbox *nb, const char *model, struct jtext list)
{
	struct jtext key, each;
	size_t at = 0;

	while (jtext_each(list, &at, &key, &each))
		if (!dump_find(&nb->dump, model, each))
			return 0;
	return 1;
}

NETBOX_PUT(netbox_put_relation)
{
	int is_list = jtext_type(value) == JTEXT_ARRAY;
	const struct dump_row *target = is_list ? NULL : dump_find(&nb->dump, field->model, value);
	struct jtext key, each;
	size_t at = 0;

	if (is_list ? !all_found(nb, field->model, value) : !target)
		return netbox_put_attribute(nb, row, field, value, f);
	if (target)
		netbox_relate(nb, field->word, target);
	else
		while (jtext_each(value, &at, &key, &each))
			netbox_relate(nb, field->word, dump_find(&nb->dump, field->model, each));
	return 0;
}

NETBOX_PUT(netbox_put_status)
{
	/* Not in service, though in the inventory; "failed" ought to be, so it counts as active. */
	static const char *const out[] = {
	    "offline", "planned", "staged", "inventory", "decommissioning", "paused"};
	char *status = jtext_plain_dup(value);

	(void)row, (void)field, (void)f;
	draft_label(&nb->draft, "status", status);
	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++)
		if (strcmp(status, out[i]) == 0)
			draft_bool(&nb->draft, "active", 0);
	free(status);
	return 0;
}

NETBOX_PUT(netbox_put_device_type)
{
	const struct dump_row *type = dump_find(&nb->dump, "dcim.devicetype", value), *maker;
	char *slug = dump_text(type, "slug"), *by;

	if (!slug)
		return netbox_put_attribute(nb, row, field, value, f);
	draft_text(&nb->draft, "device_type", slug);
	maker =
	    dump_find(&nb->dump, "dcim.manufacturer", jtext_member(type->fields, "manufacturer"));
	by = dump_text(maker, "slug");
	if (by)
		draft_label(&nb->draft, "manufacturer", by);
	free(slug);
	free(by);
	return 0;
}

NETBOX_PUT(netbox_put_rack)
{
	const struct dump_row *rack = dump_find(&nb->dump, "dcim.rack", value);
	char *name = dump_text(rack, "name"), *cabinet;

	if (!rack)
		return netbox_put_attribute(nb, row, field, value, f);
	if (name) {
		cabinet = netbox_unique_name(nb, rack, name);
		draft_label(&nb->draft, "cabinet", cabinet);
		free(cabinet);
	}
	netbox_relate(nb, "mounted-in", rack);
	free(name);
	return 0;
}

/* "192.0.2.1/24" without its mask. To be freed; NULL for NULL. */
static char *
without_mask(char *address)
{
	if (address)
		address[strcspn(address, "/")] = '\0';
	return address;
}

/* IPv4 before IPv6, as NetBox prefers it unless told otherwise. */
static int
is_first_address(const struct dump_row *row, const char *name)
{
	return strcmp(name, "primary_ip4") == 0 ||
	       draft_is_empty(jtext_member(row->fields, "primary_ip4"));
}

NETBOX_PUT(netbox_put_primary)
{
	char *address =
	    without_mask(dump_text(dump_find(&nb->dump, "ipam.ipaddress", value), "address"));

	if (!address)
		return netbox_put_attribute(nb, row, field, value, f);
	draft_text(
	    &nb->draft, is_first_address(row, field->name) ? "ip_address" : field->name, address);
	free(address);
	return 0;
}

NETBOX_PUT(netbox_put_address)
{
	char *address = jtext_plain_dup(value);

	(void)row, (void)field, (void)f;
	draft_text(&nb->draft, "name", address);
	draft_text(&nb->draft, "ip_address", without_mask(address));
	free(address);
	return 0;
}

NETBOX_PUT(netbox_put_assigned)
{
	char *model =
	    dump_content_type(&nb->dump, jtext_member(row->fields, "assigned_object_type"));
	const struct dump_row *target =
	    model ? dump_find(&nb->dump, model, jtext_member(row->fields, "assigned_object_id"))
		  : NULL;

	free(model);
	if (!target)
		return netbox_put_attribute(nb, row, field, value, f);
	/* Both halves of the reference come here; the id speaks for both. */
	if (strcmp(field->name, "assigned_object_id") == 0)
		netbox_relate(nb, "assigned-to", target);
	return 0;
}

NETBOX_PUT(netbox_put_device)
{
	const struct dump_row *target = dump_find(&nb->dump, field->model, value);
	char *pk;

	if (target) {
		netbox_refer(nb, "parent", target, "");
		return 0;
	}
	(void)row;
	pk = jtext_plain_dup(value);
	fault_set(
	    f, FAULT_BAD, "its %s, %s %s, is not in the input", field->name, field->model, pk);
	free(pk);
	return -1;
}
