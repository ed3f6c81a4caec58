/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letting items in: whom admission names, if no other run has it and it is still as it was
 * planned, and no sooner after the last one than the gap.
 */
#ifndef FLOW_ENGINE_ADMIT_H
#define FLOW_ENGINE_ADMIT_H

#include "flow/engine/engine.h"

/* All who may start now; 1 if anybody was looked at. What has tripped closes the run down. */
int admit_items(struct engine *e);

/* Its claim was lost to another run: as if it had not been let in. */
void admit_lose(struct engine *e, struct work *w);

#endif
