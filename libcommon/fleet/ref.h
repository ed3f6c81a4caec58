/* SPDX-License-Identifier: Apache-2.0 */
/* What items are called: refs, native keys and names, read and written. */
#ifndef FLEET_REF_H
#define FLEET_REF_H

#include "base/str.h"
#include "fleet/item.h"

/*
 * What a user or a record calls an item by: a ref (host:dfw/db1), key:SOURCE/NATIVEKEY, or a
 * name that only one living item has (of that kind, if kind is not NULL; a label is passed over
 * where something else has the name). 1 found, 0 none, -1: FAULT_BAD when several have the name,
 * with their refs.
 */
int ref_find(struct session *s, const char *kind, const char *text, int64_t *id, struct fault *f);

/* ref_find that makes "none" a FAULT_BAD with the near miss. 0 or -1. */
int ref_want(struct session *s, const char *kind, const char *text, int64_t *id, struct fault *f);

/*
 * Appends the ref: kind, colon, scope and name with slashes between, other characters than
 * A-Z a-z 0-9 . _ ~ + = @ , - and UTF-8 letters percent-escaped:
 *
 *	cloud:NAME  project:NAME  label:TEXT    region:CLOUD/NAME    cell:REGION/NAME
 *	host:REGION/NAME (all devices and networks; host:NAME without a region)
 *	network-interface:REGION/DEVICE/NAME    any other kind: vm:SOURCE/NATIVEKEY
 *
 * REGION is CLOUD/REGION where two clouds have a region of that name.
 */
int ref_text(struct session *s, const struct item *i, struct str *out, struct fault *f);
int ref_of(struct session *s, int64_t id, struct str *out, struct fault *f);

/*
 * The slot that a ref names, of a kind whose items are known by source and native key:
 * "vm:netbox/vm-361" to "netbox/vm-361". To be freed; NULL for other kinds and other texts.
 */
char *ref_slot(const char *kind, const char *ref);

#endif
