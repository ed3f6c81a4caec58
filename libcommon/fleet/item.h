/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An item: anything in the inventory, from a project to a network interface. A row of table
 * item, with the winners of all sources; what single sources say is in document.h.
 */
#ifndef FLEET_ITEM_H
#define FLEET_ITEM_H

#include "base/str.h"
#include "base/vec.h"
#include "fleet/session.h"

struct item {
	int64_t id, project;
	char *kind;
	char *class;   /* which kinds share names: see item_class */
	int64_t scope; /* the item in which slot is unique; 0: the project */
	char *slot;
	char *name;
	int named; /* 0: no source gives it a name; made from kind and native key */
	int64_t cloud, region, cell, parent; /* ids; 0: none */
	char *ip_address, *device_type, *note;
	int active;
	char *more;      /* all other attributes, canonical JSON object, or NULL */
	int64_t retired; /* since when; 0: alive */
	int64_t created, updated;
};

void item_done(struct item *i);

/* 1 found, 0 not, -1. Fills the caller's struct; end with item_done. */
int item_get(struct session *s, int64_t id, struct item *out, struct fault *f);

/*
 * The columns of an item for a SELECT of one's own, and the struct from such a row, columns
 * from 0 on: "SELECT " ITEM_COLUMNS " FROM item AS i WHERE ...".
 */
#define ITEM_COLUMNS                                                                               \
	"i.id, i.project, i.kind, i.class, i.scope, i.slot, i.name, i.named, i.cloud, i.region, "  \
	"i.cell, i.parent, i.ip_address, i.device_type, i.note, i.active, i.more, i.retired, "     \
	"i.created, i.updated"
void item_from_row(struct item *out, const struct db_rows *row);

/*
 * What a user or a record calls an item by: a ref (host:dfw/db1), key:SOURCE/NATIVEKEY, or a
 * name that only one living item has (of that kind, if kind is not NULL). 1 found, 0 none,
 * -1: FAULT_BAD when several have the name, with their refs.
 */
int item_find(struct session *s, const char *kind, const char *text, int64_t *id, struct fault *f);

/* item_find that makes "none" a FAULT_BAD with the near miss. 0 or -1. */
int item_want(struct session *s, const char *kind, const char *text, int64_t *id, struct fault *f);

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
int item_ref(struct session *s, const struct item *i, struct str *out, struct fault *f);
int item_ref_of(struct session *s, int64_t id, struct str *out, struct fault *f);

/* "device" for host, network-device and device, which share names in a region; else the kind. */
const char *item_class(const char *kind);

/* Whether a word can be a kind: [a-z][a-z0-9-]*, not a reserved word (key, source, ...). */
int item_kind_ok(const char *kind);

/*
 * Appends the record of product.md, keys in fixed order: kind name ref cloud region cell
 * parent ip_address device_type active (if not) note, other attributes, labels, variables
 * (its own, merged over its sources). With resolved, also "resolved". No newline.
 */
enum item_parts { ITEM_PLAIN = 0, ITEM_RESOLVED = 1, ITEM_RELATIONS = 2 };
int item_to_json(
    struct session *s, const struct item *i, int parts, struct str *out, struct fault *f);

#endif
