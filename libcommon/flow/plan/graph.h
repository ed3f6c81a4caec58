/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directed acyclic graph over 0..n-1: what needs what, an order that keeps it, and whether
 * there is one. Built once, then read: who waits for how many, and who is let go by whom.
 */
#ifndef FLOW_GRAPH_H
#define FLOW_GRAPH_H

#include "base/fault.h"
#include "base/vec.h"

struct graph_node {
	VEC(size_t) needs; /* what this one needs */
	VEC(size_t) next;  /* who needs this one */
};

struct graph {
	size_t n;
	struct graph_node *nodes;
	size_t *order; /* after graph_sort: each after all that it needs, else as numbered */
};

void graph_init(struct graph *g, size_t n);
void graph_done(struct graph *g);

/* node cannot start before need has ended. The same pair twice counts once. */
void graph_need(struct graph *g, size_t node, size_t need);

/*
 * Fills order. FAULT_BAD on a cycle, with its path by the names of the nodes: "a needs b needs
 * a". Call once, after the last graph_need.
 */
int graph_sort(struct graph *g, const char *const *names, struct fault *f);

#endif
