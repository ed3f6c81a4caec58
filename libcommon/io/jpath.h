/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths into JSON and containment, as MySQL has them: nic.ports[0].speed, "odd key".x, a[*].b,
 * a.*; JSON_EXTRACT and JSON_CONTAINS of its manual, section 12.17.3.
 */
#ifndef IO_JPATH_H
#define IO_JPATH_H

#include "base/vec.h"
#include "io/jtext.h"

enum jpath_kind { JPATH_KEY, JPATH_INDEX, JPATH_ANY_KEY, JPATH_ANY_INDEX };

struct jpath_step {
	enum jpath_kind kind;
	char *key;     /* plain */
	int64_t index; /* from 0 */
};

struct jpath {
	VEC(struct jpath_step) steps; /* the first is a key */
};

/*
 * Reads a path up to what cannot be part of it, such as a colon: *end is there. FAULT_BAD names
 * the column.
 */
int jpath_init(struct jpath *p, const char *text, const char **end, struct fault *f);
void jpath_done(struct jpath *p);

/*
 * What the steps from the second on lead to, in value, which is what the first key has: the
 * value itself, or for a path with * an array of all that it leads to. 1 with the canonical
 * text appended, 0: nothing is there.
 */
int jpath_get(const struct jpath *p, struct jtext value, struct str *out);

/*
 * Whether a canonical value is contained in another: a scalar in an equal one (numbers by
 * value); an array in an array, if each element is contained in some element; any other value
 * in an array, if it is in some element; an object in an object, if each key is there with a
 * value that contains its own.
 */
int jpath_contains(struct jtext target, struct jtext candidate);

#endif
