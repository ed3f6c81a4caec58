/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a column of a table, or a field of a loose document, means: by its own name, or by what
 * the user says it means (--map FIELD=MEANING).
 *
 *	name, key, ref, kind, cloud, region, cell, parent, ip_address, device_type, note
 *	               that field of the record
 *	active         true or false
 *	labels         labels, semicolons between, or a list
 *	label:KEY      the label KEY=VALUE
 *	rel:TYPE       relations of that type: refs, semicolons between, or a list
 *	item.KEY       an attribute
 *	var:KEY, KEY   a variable
 *	json:MEANING   the text is a JSON value: json:ram_gb gives a number
 *	-              left out
 */
#ifndef FLEET_COLUMN_H
#define FLEET_COLUMN_H

#include "base/vec.h"
#include "fleet/formats/draft.h"

struct column;

typedef int (*column_put)(
    struct draft *d, const struct column *c, struct jtext value, struct fault *f);

struct column {
	column_put put;
	char *word; /* the record's field, the label's key, ... */
	int is_json;
};

void column_done(struct column *c);

/* By a meaning; map (may be NULL) may give FIELD another one. FAULT_BAD: no meaning. */
int column_read(struct column *c, const char *field, const struct words *map, struct fault *f);

/* Puts a value that is not empty. FAULT_BAD: it cannot be what the column means. */
int column_put_value(struct draft *d, const struct column *c, struct jtext value, struct fault *f);

/* The same with a text as it stands in a table. "" puts nothing. */
int column_put_text(struct draft *d, const struct column *c, const char *text, struct fault *f);

#endif
