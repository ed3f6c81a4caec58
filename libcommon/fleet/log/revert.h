/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entry of the change log taken back: each value that it wrote becomes what it was before,
 * what it made goes, what it removed comes back under its old id. Exactly, or not at all: where
 * a later entry touched the same values, nothing is changed.
 */
#ifndef FLEET_REVERT_H
#define FLEET_REVERT_H

#include "fleet/log/change.h"

/*
 * FAULT_BAD: no such entry of this project, or pruned. FAULT_REFUSED: later entries touched
 * the same; later then has their numbers, ascending. The caller commits, or rolls back in any
 * case of failure. An entry taken back is an entry itself, and can be taken back.
 */
int revert_entry(struct change *c, int64_t entry, struct ids *later, struct fault *f);

#endif
