/* SPDX-License-Identifier: Apache-2.0 */
/* What a turn decides: who is let in, which wave is open, whether the run is over. */
#ifndef FLOW_ENGINE_STEER_H
#define FLOW_ENGINE_STEER_H

#include "flow/engine/engine.h"

/* All that can be decided now; it is put off to the journal. */
void steer(struct engine *e);

#endif
