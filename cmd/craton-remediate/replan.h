/* SPDX-License-Identifier: Apache-2.0 */
/* Plans and earlier plans: one made again without some items, and how two differ. */
#ifndef REMEDIATE_REPLAN_H
#define REMEDIATE_REPLAN_H

#include "flow/plan/intake.h"
#include "flow/plan/plan.h"

/*
 * What an old plan was for, but for the names of a host list (NULL: none), to be settled anew.
 * FAULT_BAD: a name that is not in it, since one that is meant to be spared is mistyped.
 */
int replan_intake(const struct plan *old, const char *without, struct intake *in, struct fault *f);

/* Prints what is different in the second, a line each: 0 nothing, 1 something, -1. */
int replan_diff(const char *old_path, const char *new_path, struct fault *f);

#endif
