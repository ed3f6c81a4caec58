/* SPDX-License-Identifier: Apache-2.0 */
/* In which order items are exported: what an item needs to be made comes before it. */
#ifndef FLEET_EXPORT_ORDER_H
#define FLEET_EXPORT_ORDER_H

#include "base/vec.h"
#include "fleet/session.h"

/*
 * Appends the ids of a project's items: the project, labels, clouds, regions, cells, then all
 * others; within these an item after its parent and a label after the labels it carries;
 * among equals the older first.
 */
int export_order(struct session *s, struct ids *out, struct fault *f);

#endif
