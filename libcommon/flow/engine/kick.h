/* SPDX-License-Identifier: Apache-2.0 */
/* An item is handed to people: why, and what they need to know to go on by hand. */
#ifndef FLOW_ENGINE_KICK_H
#define FLOW_ENGINE_KICK_H

#include "flow/engine/work.h"

/* Puts off the row of table kicked, and appends the reason in words. */
void kick(struct work *w, struct str *why);

#endif
