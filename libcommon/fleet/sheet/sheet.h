/* SPDX-License-Identifier: Apache-2.0 */
/* An item on a sheet for people: what it is, and who says so. */
#ifndef FLEET_SHEET_H
#define FLEET_SHEET_H

#include "fleet/resolve.h"

/* Prints an item: its attributes, labels, relations and resolved variables, each with blame. */
int sheet_print(struct session *s, const struct item *i, struct fault *f);

/*
 * Prints how one variable is found: every level in order with what each source says there,
 * the winner first; levels that say nothing, too. r is the resolution of that key.
 */
int sheet_explain(
    struct session *s, const struct item *i, const struct resolution *r, struct fault *f);

/* The same for one attribute, from resolve_attributes. */
int sheet_explain_attribute(
    struct session *s, const struct item *i, const struct resolution *r, struct fault *f);

/*
 * The same for what ties it to others, the attributes labels and relations; with json it is
 * appended there, see blame_ties.h. 1 told, 0 another attribute, -1.
 */
int sheet_explain_ties(
    struct session *s, const struct item *i, const char *name, struct str *json, struct fault *f);

/*
 * Appends an item's record with its resolved variables and relations, and "blame": for each
 * variable, and each attribute as item.KEY, the candidates, the winner first, as in blame_to_json;
 * for item.labels and item.relations the arrays of blame_ties.h.
 */
int sheet_to_json(struct session *s, const struct item *i, struct str *out, struct fault *f);

#endif
