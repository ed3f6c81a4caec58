/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of a run say, in the engine's memory: at its start, and after a crash. */
#ifndef FLOW_ENGINE_LOAD_H
#define FLOW_ENGINE_LOAD_H

#include "flow/engine/engine.h"

/* The workflow, its expressions and plug-ins. */
int load_workflow(struct engine *e, struct fault *f);

/* The items that are not over, and what the others count for. */
int load_items(struct engine *e, const struct plan *dry, struct fault *f);

/* The wave that was open, and the items that were in work: once the loop is open. */
int load_active(struct engine *e, struct fault *f);

#endif
