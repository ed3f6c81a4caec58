/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can become of a field: the puts that the tables of netbox_map.c name. Those with a
 * model leave a reference to something that is not in the input as an attribute, a number.
 */
#ifndef FLEET_NETBOX_PUT_H
#define FLEET_NETBOX_PUT_H

#include "fleet/formats/netbox/netbox.h"

#define NETBOX_PUT(name)                                                                           \
	int name(struct netbox *nb, const struct dump_row *row, const struct netbox_field *field,  \
	    struct jtext value, struct fault *f)

NETBOX_PUT(netbox_put_nothing);
NETBOX_PUT(netbox_put_name);
NETBOX_PUT(netbox_put_text);      /* the record's field word */
NETBOX_PUT(netbox_put_number);    /* "4.0" as 4, as an attribute */
NETBOX_PUT(netbox_put_variables); /* an object's members */
NETBOX_PUT(netbox_put_variable);
NETBOX_PUT(netbox_put_label);       /* label word=SLUG of the model */
NETBOX_PUT(netbox_put_place);       /* the record's field word is the model */
NETBOX_PUT(netbox_put_relation);    /* relation of type word to the model, or to several */
NETBOX_PUT(netbox_put_status);      /* label status=, and active */
NETBOX_PUT(netbox_put_device_type); /* device_type, and its manufacturer's label */
NETBOX_PUT(netbox_put_rack);        /* label cabinet=, relation mounted-in */
NETBOX_PUT(netbox_put_primary);     /* ip_address, of the first; an attribute, of the others */
NETBOX_PUT(netbox_put_address);     /* name and ip_address of an address */
NETBOX_PUT(netbox_put_assigned);    /* relation assigned-to */
NETBOX_PUT(netbox_put_device);      /* the parent; FAULT_BAD without */
NETBOX_PUT(netbox_put_cable);       /* relation cabled-to */

/* ---- what they and the mappings are made of ---- */

/* "cell":"key:SOURCE/site-2", with mark behind the key. */
void netbox_refer(
    struct netbox *nb, const char *field, const struct dump_row *target, const char *mark);
void netbox_relate(struct netbox *nb, const char *type, const struct dump_row *target);

/* Behind the key of the region that a top region is for its sites. */
#define NETBOX_SITES "-sites"

int netbox_is_top(const struct netbox *nb, const struct dump_row *region);
int netbox_is_below(const struct netbox *nb, const struct dump_row *region);
int netbox_is_top_with_sites(const struct netbox *nb, const struct dump_row *region);
const char *netbox_kind_of_device(const struct netbox *nb, const struct dump_row *device);
int netbox_place_region(struct netbox *nb, const struct dump_row *region, struct fault *f);
int netbox_place_site(struct netbox *nb, const struct dump_row *site, struct fault *f);
int netbox_connect_ends(struct netbox *nb, const struct dump_row *cable, struct fault *f);

#endif
