/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An item: anything in the inventory, from a project to a network interface. A row of table
 * item, with the winners of all sources; what single sources say is in document.h.
 */
#ifndef FLEET_ITEM_H
#define FLEET_ITEM_H

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

/* Single columns: 1 found, 0 no such item, -1. A name is to be freed; parent 0 is none. */
int item_name(struct session *s, int64_t id, char **out, struct fault *f);
int item_parent(struct session *s, int64_t id, int64_t *out, struct fault *f);

/* The project's item of a class in a scope with a slot, retired or not: 1 found, 0, -1. */
int item_at(struct session *s, const char *class, int64_t scope, const char *slot, int64_t *id,
    struct fault *f);

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
 * A ladder of parents longer than this is a fault of the data, not a rack of racks; it is
 * climbed for each value that is asked for.
 */
#define ITEM_MOST_PARENTS 64

/* "device" for host, network-device and device, which share names in a region; else the kind. */
const char *item_class(const char *kind);

/* In what a name of this class is unique: the rule of data.md. */
enum item_scoping { ITEM_IN_PROJECT, ITEM_IN_CLOUD, ITEM_IN_REGION, ITEM_IN_DEVICE, ITEM_BY_KEY };
enum item_scoping item_scoping(const char *class);

/* Whether a word can be a kind: [a-z][a-z0-9-]*, not a reserved word (key, source, ...). */
int item_kind_ok(const char *kind);

/*
 * Whether a text can be a name or a label: not blank, and nothing in it that utf8_controls.
 * FAULT_BAD names what ("name", "label") and the text.
 */
int item_text_ok(const char *what, const char *text, struct fault *f);

#endif
