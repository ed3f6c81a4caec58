/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of Django's dumpdata, {"model":"app.name","pk":...,"fields":{...}}, held in memory
 * and found by model and primary key: what one record says of another can only be told when
 * all have been read. Needs about twice the input's size.
 */
#ifndef FLEET_DUMP_H
#define FLEET_DUMP_H

#include "base/fault.h"
#include "base/map.h"
#include "base/vec.h"
#include "io/jtext.h"

struct dump_row {
	unsigned long line;
	char *text;  /* the canonical record, which fields points into */
	char *model; /* "dcim.device" */
	char *pk;    /* as text; NULL: dumped by natural key */
	struct jtext fields;
	int is_used; /* for the translator: its model has a mapping */
};

struct dump {
	VEC(struct dump_row) rows; /* in the order read */
	struct map index;          /* "MODEL PK" to place in rows */
};

void dump_done(struct dump *d);

/* FAULT_BAD: no such record, or one of this model and key is there already. */
int dump_add(struct dump *d, struct jtext record, unsigned long line, struct fault *f);

/*
 * The row that a value refers to, a primary key as it stands in a field; NULL if there is
 * none. Good until the next dump_add, as are all pointers to rows.
 */
const struct dump_row *dump_find(const struct dump *d, const char *model, struct jtext pk);

/*
 * The model that a content type names: ["dcim","site"], or the key of a
 * contenttypes.contenttype. To be freed; NULL if it is neither.
 */
char *dump_content_type(const struct dump *d, struct jtext type);

/* A field as plain text, to be freed; NULL if it is absent, null or "". row may be NULL. */
char *dump_text(const struct dump_row *row, const char *field);

#endif
