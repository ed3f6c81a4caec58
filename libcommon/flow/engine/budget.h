/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all runs of the file share: how many items are in work at once, and how many are begun
 * in any hour. Looked at before items are let in, and made sure of by the claim itself, in the
 * transaction that begins the item: two engines never exceed it together.
 */
#ifndef FLOW_ENGINE_BUDGET_H
#define FLOW_ENGINE_BUDGET_H

#include "flow/engine/engine.h"

#define BUDGET_HOUR ((int64_t)3600 * 1000) /* ms */

/*
 * How many may be begun now, at most; 0 with why: "3 of 3 in work by all runs (at_once)" or the
 * like. In the caller's snapshot. -1: a fault.
 */
int64_t budget_room(struct engine *e, struct str *why, struct fault *f);

/*
 * Whether an item may begin while others are in work: with one_region, only one of their region.
 * 1, with the region (0: none) noted as that of what this run has in work; 0 with why, or with
 * nothing where it waits for its own run's items, as in any order; -1.
 */
int budget_region(struct engine *e, const struct work *w, struct str *why, struct fault *f);

/* The region of what this run has in work already, when it is resumed. */
int budget_resume(struct engine *e, struct fault *f);

/* Puts off the claim of an item, and that it was begun. It is lost where there is no room. */
void budget_claim(const struct work *w);

#endif
