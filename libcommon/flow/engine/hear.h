/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What actions say while they run: the newest progress line of each, once a second at most,
 * becomes an event.
 */
#ifndef FLOW_ENGINE_HEAR_H
#define FLOW_ENGINE_HEAR_H

struct engine;

void hear_open(struct engine *e);
void hear_close(struct engine *e);

#endif
