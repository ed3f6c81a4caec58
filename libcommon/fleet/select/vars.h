/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choosing by variables as the original API did: PATH:VALUE with commas between, all of which
 * must hold. A path begins with a variable's name and goes on as io/jpath.h says; the variable
 * is what the item sees, inherited ones too. A value is JSON, or else a text as it stands; it must
 * be contained in what the path leads to.
 *
 *	os:"debian-12",nics[*].speed:25,"odd key".x:{"a":1}
 */
#ifndef FLEET_VARS_H
#define FLEET_VARS_H

#include "fleet/expr/judge.h"
#include "fleet/session.h"

struct vars;

/* FAULT_BAD with the column. */
struct vars *vars_new(const char *text, struct fault *f);
void vars_free(struct vars *v);

/* The names of the variables, borrowed: the nth, or NULL. */
const char *vars_key(const struct vars *v, size_t nth);

/* Whether they hold for the item whose names these are: 1, 0, -1. */
int vars_hold(const struct vars *v, const struct judge_names *names, struct fault *f);

/* The same for one item of the store. */
int vars_has(struct session *s, const struct vars *v, int64_t item, struct fault *f);

#endif
