/* SPDX-License-Identifier: Apache-2.0 */
/* Two items that are one, on a person's word; and two that look like one and are not. */
#ifndef FLEET_LOG_MERGE_H
#define FLEET_LOG_MERGE_H

#include "fleet/log/change.h"

/*
 * All that sources say of gone, their keys for it, what is on it and what is related to it go to
 * keep; gone is removed. FAULT_BAD, and nothing may be committed: they are of different kinds
 * or of one that others are in, or a source other than people speaks of both.
 */
int merge_items(struct change *c, int64_t keep, int64_t gone, struct fault *f);

/* They are not proposed again as one. 1, 0 they were apart already, -1. */
int merge_refuse(struct change *c, int64_t a, int64_t b, struct fault *f);

/* The other item of such a row of the log; 0: the row is damaged. is_apart: what it said. */
int64_t merge_other(const char *row, int *is_apart);

/*
 * Takes back what merge_refuse said, or says it again: row is its row of the log, or that of an
 * undo. FAULT_REFUSED if it is not as the row left it.
 */
int merge_turn(struct change *c, int64_t item, const char *row, struct fault *f);

#endif
