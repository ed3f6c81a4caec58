/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operands of the form KEY=VALUE, as people type them, made into members of a record: KEY is
 * a variable, item.KEY an attribute. VALUE is JSON where it can be read as JSON (512, true,
 * [1,2], "quoted"), else a text as it stands; attributes that are texts are always texts.
 */
#ifndef FLEET_PAIRS_H
#define FLEET_PAIRS_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

/* What attributes begin with, here and wherever else they stand beside variables. */
#define PAIRS_ATTRIBUTE "item."

/*
 * Whether an operand is a pair and no name: it has an = with no colon before it, since a ref
 * may hold an = (label:cabinet=a12) and always has a colon first.
 */
int pairs_is(const char *operand);

/* Of n operands, how many stand before the first pair. */
int pairs_start(char *const *operands, int n);

/* The attribute that "item.NAME" means, borrowed; NULL for a variable. */
const char *pairs_attribute(const char *key);

/*
 * Appends the attributes, then "variables":{...}, to an object being written; nothing for
 * none. FAULT_USAGE for an operand that is no pair and for an attribute that none can set.
 */
int pairs_put(struct str *out, char *const *pairs, size_t n, struct fault *f);

/* Appends a member that is a list of texts; nothing for none. */
void pairs_put_texts(struct str *out, const char *key, const struct words *texts);

#endif
