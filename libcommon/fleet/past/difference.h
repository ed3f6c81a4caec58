/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two states of what a source says of an item, value by value. A side is the object that
 * records of kind change have in "old" and "new":
 *
 *	{"attributes":{..},"variables":{..},"labels":["a",..],"relations":[{"type":..,"to":..},..],
 *	 "keys":["a",..]}
 */
#ifndef FLEET_DIFFERENCE_H
#define FLEET_DIFFERENCE_H

#include "base/fault.h"
#include "io/jtext.h"

struct difference {
	const char *what; /* attribute variable label relation key */
	const char
	    *key; /* its name; of a label or a native key the text, of a relation "TYPE REF" */
	struct jtext old, new; /* {NULL,0}: not there; a label or relation that is there: true */
};

/*
 * Calls each for every difference, attributes first, then variables, labels, relations, native
 * keys, each by name. What it points to is good during the call. Either side may be {NULL,0}:
 * nothing is said. Stops when each returns non-zero, and returns that; else 0.
 */
int difference_each(struct jtext old, struct jtext new,
    int (*each)(const struct difference *d, void *ctx), void *ctx);

/* Appends the members of a record that tell it: what, key, old, new. */
void difference_to_json(const struct difference *d, struct str *out);

/* Appends a line for people, ended: "  ~ ntp: \"a\" -> \"b\"". Fit for a terminal. */
void difference_to_text(const struct difference *d, struct str *out);

#endif
