/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a record that are not attributes: for record.c and record_put.c only. */
#ifndef FLEET_RECORD_INSIDE_H
#define FLEET_RECORD_INSIDE_H

#include "fleet/record.h"

#include <stddef.h>

enum field_type { FIELD_TEXT, FIELD_LIST, FIELD_OBJECT, FIELD_PASSED };

struct record_entry {
	const char *name;
	enum field_type type;
	size_t offset; /* in struct record */
};

/* The entry of a field; NULL for what is an attribute. key as jtext_each gives it. */
const struct record_entry *record_entry(struct jtext key);

/* A text of a record, checked, to be freed. name is what messages call it. */
int record_text(char **to, const char *name, struct jtext value, struct fault *f);

#endif
