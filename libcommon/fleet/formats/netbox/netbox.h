/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NetBox (3.3 and later) from Django's dumpdata, a record a line:
 *
 *	manage.py dumpdata --format jsonl --natural-foreign dcim ipam tenancy virtualization extras
 *
 * What becomes what; the key of each is the model's last word and the primary key, device-13:
 *
 *	region without a parent      cloud
 *	other regions                region of that cloud; the regions between in "path"
 *	top region with sites        also a region of the same name (key region-N-sites)
 *	site                         cell
 *	device                       host, network-device or device, by its role; cell by site
 *	virtual machine, cluster     vm, cluster; vm runs-on cluster (and device)
 *	interface                    network-interface with its device or vm as parent
 *	cable                        cable, connects its ends; interface cabled-to interface, A to B
 *	address, prefix, vlan        ip-address (assigned-to its interface), prefix, vlan
 *	rack, location               rack, location; device mounted-in rack
 *	tenant, device type          tenant, device-type; label tenant=, attribute device_type
 *	role, platform, manufacturer, cluster type   labels role=SLUG, ...: label items with
 *	                             the fields
 *	tag                          bare label SLUG, a label item with colour and description
 *	other models                 kind APP-MODEL, key APP-MODEL-PK, all fields
 *
 * status and rack of a device are labels (status=, cabinet=), custom fields and local context
 * are variables, the custom fields of a tenant are variables of its label. Names that are
 * unique in a site but not in its region get "@SITE"; the plain one stays in "short_name".
 *
 * Left out, besides empty values: fields that begin with an underscore, and lft, rght, tree_id
 * and level, which are what NetBox computed from the others. A reference to something that
 * is not in the input stays as the number it is.
 */
#ifndef FLEET_NETBOX_H
#define FLEET_NETBOX_H

#include "fleet/formats/draft.h"
#include "fleet/formats/netbox/dump.h"

/* A record that only ties two others together: which one it belongs to. */
struct netbox_join {
	const struct dump_row *owner, *row;
};

struct netbox_joins VEC_BODY(struct netbox_join);

struct netbox {
	struct format_run *run;
	struct dump dump;
	struct draft draft;
	struct map names;                 /* "SCOPE\nNAME" to how many have it: see netbox_name.c */
	struct netbox_joins tags, cables; /* sorted by owner */
	VEC(struct netbox_count {
		char *kind;
		unsigned long n;
	})
	counts;
};

struct netbox_mapping;
struct netbox_field;

/* Writes what one field says into the draft. FAULT_BAD: the record cannot be an item. */
typedef int (*netbox_put)(struct netbox *nb, const struct dump_row *row,
    const struct netbox_field *field, struct jtext value, struct fault *f);

struct netbox_field {
	const char *name;
	netbox_put put;
	const char *word;  /* the label's key, the relation's type, ...: see the put */
	const char *model; /* what the field refers to */
};

/* How a model becomes a kind of item. */
struct netbox_mapping {
	const char *model;
	const char *kind;
	const char *label; /* it becomes the label item LABEL=SLUG; "": SLUG */
	const char *mark;  /* behind the key: where one record gives two items */
	const struct netbox_field *fields;
	netbox_put other; /* fields that are in no table; NULL: attributes */
	/* Which records; NULL: all. */
	int (*only)(const struct netbox *nb, const struct dump_row *row);
	/* Instead of kind, where it depends; may be NULL. */
	const char *(*kind_of)(const struct netbox *nb, const struct dump_row *row);
	/* What no single field says; may be NULL. */
	int (*more)(struct netbox *nb, const struct dump_row *row, struct fault *f);
};

/* Parents before children; ends with a model of NULL. */
extern const struct netbox_mapping netbox_mappings[];

/* The rule for a field, from the mapping's own table, then those of all models, or NULL. */
const struct netbox_field *netbox_field_find(const struct netbox_mapping *m, const char *name);

/* The default put: an attribute of the same name. */
int netbox_put_attribute(struct netbox *nb, const struct dump_row *row,
    const struct netbox_field *field, struct jtext value, struct fault *f);

/*
 * The native key: "device-13", or with the app's name, "circuits-circuit-4", where the model
 * has no mapping, since another app's models may be called alike. To be freed.
 */
char *netbox_key(const struct dump_row *row);

/* "circuits.circuit" to the kind "circuits-circuit". To be freed. */
char *netbox_kind_of_model(const char *model);

/* A device's kind by the slug of its role, which may be NULL. */
const char *netbox_kind_of_role(const char *slug);

/* Whether a model is one whose records only tie others together. */
int netbox_is_join(const char *model);

/* Finds the owners of all joins; says how many have none in the input. */
void netbox_join_all(struct netbox *nb);

/* The joins of an owner: *n of them. */
const struct netbox_join *netbox_joins_of(
    const struct netbox_joins *all, const struct dump_row *owner, size_t *n);

/* The region of a site, and that above a region; NULL if it has none in the input. */
const struct dump_row *netbox_region_of(const struct netbox *nb, const struct dump_row *site);
const struct dump_row *netbox_parent_region(const struct netbox *nb, const struct dump_row *region);

/* The topmost region above a region, itself if it is one; NULL: its parents form a circle. */
const struct dump_row *netbox_top_region(const struct netbox *nb, const struct dump_row *region);

/* Counts the names that have to be unique in a region or a cloud. */
void netbox_name_all(struct netbox *nb);

/* A name made unique where it must be; to be freed. */
char *netbox_unique_name(struct netbox *nb, const struct dump_row *row, const char *name);

/* Writes "name", made unique where it must be. */
void netbox_put_unique_name(struct netbox *nb, const struct dump_row *row, const char *name);

#endif
