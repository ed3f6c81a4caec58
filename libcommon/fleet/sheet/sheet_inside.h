/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a sheet: for the files sheet*.c only. */
#ifndef FLEET_SHEET_INSIDE_H
#define FLEET_SHEET_INSIDE_H

#include "fleet/log/blame.h"
#include "fleet/sheet/sheet.h"
#include "io/table.h"

/* A part: a blank line, then its table; nothing at all if it is empty. Releases the table. */
void sheet_part(struct table *t);

/* The last three cells of a row: by whom, when and why. */
void sheet_blame(struct table *t, enum table_tone tone, const struct blame *by);

/* Prints labels and relations; appends them as members of an open object. 0 or -1. */
int sheet_ties(struct session *s, const struct item *i, struct fault *f);
int sheet_ties_to_json(struct session *s, const struct item *i, struct str *out, struct fault *f);

#endif
