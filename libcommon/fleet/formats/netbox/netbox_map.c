/* SPDX-License-Identifier: Apache-2.0 */
/* What each model of NetBox becomes, and each of its fields: tables. */
#include "fleet/formats/netbox/netbox_put.h"

#include <string.h>

/* ---- fields ---- */

/* Of all models, unless their own table says otherwise. */
static const struct netbox_field common_fields[] = {
    {"name", netbox_put_name, NULL, NULL},
    {"description", netbox_put_text, "note", NULL},
    {"custom_field_data", netbox_put_variables, NULL, NULL},
    {"local_context_data", netbox_put_variables, NULL, NULL},
    {"tenant", netbox_put_label, "tenant", "tenancy.tenant"},
    {"lft", netbox_put_nothing, NULL, NULL},
    {"rght", netbox_put_nothing, NULL, NULL},
    {"tree_id", netbox_put_nothing, NULL, NULL},
    {"level", netbox_put_nothing, NULL, NULL},
    {0},
};

/* The slug is the label's text. */
static const struct netbox_field label_fields[] = {
    {"name", netbox_put_text, "title", NULL},
    {"slug", netbox_put_nothing, NULL, NULL},
    {"manufacturer", netbox_put_label, "manufacturer", "dcim.manufacturer"},
    {0},
};

static const struct netbox_field tenant_label_fields[] = {
    {"custom_field_data", netbox_put_variables, NULL, NULL},
    {"name", netbox_put_text, "title", NULL},
    {"description", netbox_put_nothing, NULL, NULL},
    {0},
};

/* Its custom fields are variables of the label, from which its devices have them. */
static const struct netbox_field tenant_fields[] = {
    {"custom_field_data", netbox_put_nothing, NULL, NULL},
    {0},
};

static const struct netbox_field region_fields[] = {
    {"parent", netbox_put_nothing, NULL, NULL}, /* see netbox_place_region */
    {0},
};

static const struct netbox_field site_fields[] = {
    {"region", netbox_put_nothing, NULL, NULL}, /* see netbox_place_site */
    {"latitude", netbox_put_number, NULL, NULL},
    {"longitude", netbox_put_number, NULL, NULL},
    {0},
};

static const struct netbox_field location_fields[] = {
    {"site", netbox_put_place, "cell", "dcim.site"},
    {"parent", netbox_put_relation, "located-in", "dcim.location"},
    {0},
};

static const struct netbox_field rack_fields[] = {
    {"site", netbox_put_place, "cell", "dcim.site"},
    {"location", netbox_put_relation, "located-in", "dcim.location"},
    {"weight", netbox_put_number, NULL, NULL},
    {0},
};

static const struct netbox_field device_type_fields[] = {
    {"model", netbox_put_name, NULL, NULL},
    {"manufacturer", netbox_put_label, "manufacturer", "dcim.manufacturer"},
    {"u_height", netbox_put_number, NULL, NULL},
    {"weight", netbox_put_number, NULL, NULL},
    {0},
};

static const struct netbox_field device_fields[] = {
    {"device_type", netbox_put_device_type, NULL, NULL},
    {"role", netbox_put_label, "role", "dcim.devicerole"},
    {"device_role", netbox_put_label, "role", "dcim.devicerole"}, /* before 3.6 */
    {"platform", netbox_put_label, "platform", "dcim.platform"},
    {"status", netbox_put_status, NULL, NULL},
    {"site", netbox_put_place, "cell", "dcim.site"},
    {"rack", netbox_put_rack, NULL, NULL},
    {"location", netbox_put_relation, "located-in", "dcim.location"},
    {"position", netbox_put_number, NULL, NULL},
    {"latitude", netbox_put_number, NULL, NULL},
    {"longitude", netbox_put_number, NULL, NULL},
    {"primary_ip4", netbox_put_primary, NULL, NULL},
    {"primary_ip6", netbox_put_primary, NULL, NULL},
    {"cluster", netbox_put_relation, "member-of", "virtualization.cluster"},
    {0},
};

static const struct netbox_field cluster_fields[] = {
    {"type", netbox_put_label, "cluster-type", "virtualization.clustertype"},
    {"status", netbox_put_status, NULL, NULL},
    {"site", netbox_put_place, "cell", "dcim.site"},
    {0},
};

static const struct netbox_field vm_fields[] = {
    {"role", netbox_put_label, "role", "dcim.devicerole"},
    {"platform", netbox_put_label, "platform", "dcim.platform"},
    {"status", netbox_put_status, NULL, NULL},
    {"site", netbox_put_place, "cell", "dcim.site"},
    {"cluster", netbox_put_relation, "runs-on", "virtualization.cluster"},
    {"device", netbox_put_relation, "runs-on", "dcim.device"},
    {"vcpus", netbox_put_variable, NULL, NULL},
    {"memory", netbox_put_variable, NULL, NULL},
    {"disk", netbox_put_variable, NULL, NULL},
    {"primary_ip4", netbox_put_primary, NULL, NULL},
    {"primary_ip6", netbox_put_primary, NULL, NULL},
    {0},
};

static const struct netbox_field interface_fields[] = {
    {"device", netbox_put_device, NULL, "dcim.device"},
    {"lag", netbox_put_relation, "member-of", "dcim.interface"},
    {"parent", netbox_put_relation, "part-of", "dcim.interface"},
    {"bridge", netbox_put_relation, "bridged-to", "dcim.interface"},
    {"cable", netbox_put_cable, NULL, NULL},
    {"cable_end", netbox_put_nothing, NULL, NULL}, /* the cable says it */
    {"untagged_vlan", netbox_put_relation, "untagged-vlan", "ipam.vlan"},
    {"tagged_vlans", netbox_put_relation, "tagged-vlan", "ipam.vlan"},
    {0},
};

static const struct netbox_field vm_interface_fields[] = {
    {"virtual_machine", netbox_put_device, NULL, "virtualization.virtualmachine"},
    {"parent", netbox_put_relation, "part-of", "virtualization.vminterface"},
    {"bridge", netbox_put_relation, "bridged-to", "virtualization.vminterface"},
    {"untagged_vlan", netbox_put_relation, "untagged-vlan", "ipam.vlan"},
    {"tagged_vlans", netbox_put_relation, "tagged-vlan", "ipam.vlan"},
    {0},
};

static const struct netbox_field address_fields[] = {
    {"address", netbox_put_address, NULL, NULL},
    {"assigned_object_type", netbox_put_assigned, NULL, NULL},
    {"assigned_object_id", netbox_put_assigned, NULL, NULL},
    {"nat_inside", netbox_put_relation, "nat-of", "ipam.ipaddress"},
    {0},
};

static const struct netbox_field vlan_fields[] = {
    {"site", netbox_put_place, "cell", "dcim.site"},
    {0},
};

static const struct netbox_field prefix_fields[] = {
    {"prefix", netbox_put_name, NULL, NULL},
    {"site", netbox_put_place, "cell", "dcim.site"},
    {"vlan", netbox_put_relation, "on-vlan", "ipam.vlan"},
    {0},
};

static const struct netbox_field cable_fields[] = {
    {"label", netbox_put_name, NULL, NULL},
    {"length", netbox_put_number, NULL, NULL},
    {0},
};

static const struct netbox_field *
in_table(const struct netbox_field *table, const char *name)
{
	for (; table && table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

const struct netbox_field *
netbox_field_find(const struct netbox_mapping *m, const char *name)
{
	const struct netbox_field *own = in_table(m->fields, name);

	return own || m->other ? own : in_table(common_fields, name);
}

/* ---- models ---- */

#define LABEL_ITEM(model_, label_)                                                                 \
	{                                                                                          \
		.model = (model_), .kind = "label", .label = (label_), .fields = label_fields      \
	}

const struct netbox_mapping netbox_mappings[] = {
    LABEL_ITEM("dcim.manufacturer", "manufacturer"),
    LABEL_ITEM("dcim.platform", "platform"),
    LABEL_ITEM("dcim.devicerole", "role"),
    LABEL_ITEM("virtualization.clustertype", "cluster-type"),
    LABEL_ITEM("extras.tag", ""),
    {.model = "tenancy.tenant",
	.kind = "label",
	.label = "tenant",
	.fields = tenant_label_fields,
	.other = netbox_put_nothing},
    {.model = "tenancy.tenant", .kind = "tenant", .fields = tenant_fields},
    {.model = "dcim.region", .kind = "cloud", .fields = region_fields, .only = netbox_is_top},
    {.model = "dcim.region",
	.kind = "region",
	.fields = region_fields,
	.only = netbox_is_below,
	.more = netbox_place_region},
    {.model = "dcim.region",
	.kind = "region",
	.mark = NETBOX_SITES,
	.fields = region_fields,
	.only = netbox_is_top_with_sites,
	.more = netbox_place_region},
    {.model = "dcim.site", .kind = "cell", .fields = site_fields, .more = netbox_place_site},
    {.model = "dcim.location", .kind = "location", .fields = location_fields},
    {.model = "dcim.rack", .kind = "rack", .fields = rack_fields},
    {.model = "dcim.devicetype", .kind = "device-type", .fields = device_type_fields},
    {.model = "dcim.device", .fields = device_fields, .kind_of = netbox_kind_of_device},
    {.model = "virtualization.cluster", .kind = "cluster", .fields = cluster_fields},
    {.model = "virtualization.virtualmachine", .kind = "vm", .fields = vm_fields},
    {.model = "dcim.interface", .kind = "network-interface", .fields = interface_fields},
    {.model = "virtualization.vminterface",
	.kind = "network-interface",
	.fields = vm_interface_fields},
    {.model = "ipam.ipaddress", .kind = "ip-address", .fields = address_fields},
    {.model = "ipam.vlan", .kind = "vlan", .fields = vlan_fields},
    {.model = "ipam.prefix", .kind = "prefix", .fields = prefix_fields},
    {.model = "dcim.cable", .kind = "cable", .fields = cable_fields, .more = netbox_connect_ends},
    {0},
};
