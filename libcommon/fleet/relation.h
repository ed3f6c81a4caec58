/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed edges between items: a vm runs-on a host, a service depends-on another. Each type is
 * a directed acyclic graph of its own. Edges are parts of documents; see document.h.
 */
#ifndef FLEET_RELATION_H
#define FLEET_RELATION_H

#include "fleet/session.h"

/* FAULT_BAD with the path if an edge from src to dst would close a cycle. 0 or -1. */
int relation_refuse_cycle(
    struct session *s, int64_t src, const char *type, int64_t dst, struct fault *f);

/* Whether a word can be a type: [a-z][a-z0-9-]*. */
int relation_type_ok(const char *type);

#endif
