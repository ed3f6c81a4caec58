/* SPDX-License-Identifier: Apache-2.0 */
/* The actions of a workflow, held against what their plug-ins say of themselves. */
#ifndef FLOW_ACTION_H
#define FLOW_ACTION_H

#include "flow/plan/workflow.h"

/*
 * FAULT_BAD: an action that there is not, a parameter that it does not have (both with the near
 * miss), or a step that is called idempotent and is not. One that does not describe itself may
 * have any parameters. file is what messages call the workflow.
 */
int actions_check(const struct workflow *w, const char *file, struct fault *f);

#endif
