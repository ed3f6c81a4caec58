/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what the sources say to what an item is: its winning attributes, its place in the
 * hierarchy, and the scope and slot in which its name is unique.
 */
#ifndef FLEET_PLACE_H
#define FLEET_PLACE_H

#include "fleet/document.h"
#include "fleet/item.h"

/*
 * Fills in what follows from an item's documents (the best source first): name, named, cloud,
 * region, cell, parent, ip_address, device_type, note, active, more. For each attribute the
 * best source that has it wins; cloud, region and cell are taken from one source together,
 * since they belong together: a cell decides its region, a region its cloud. A
 * place or parent that was removed since it was said counts as not said.
 *
 * The item comes with id, kind, class and slot (kinds named by key keep it), and, where no
 * source gives a name, with the name it has.
 */
int place_settle(struct session *s, struct item *i, const struct documents *docs, struct fault *f);

/*
 * Reduces a place that a record names to its innermost part, from which the others follow: a
 * layer then stays true when a cell moves to another region. FAULT_BAD if the parts contradict
 * each other.
 */
int place_narrow(struct session *s, int64_t *cloud, int64_t *region, int64_t cell, struct fault *f);

/* Puts the winners into the item's row. FAULT_BAD names the rival if the place is taken. */
int place_store(struct session *s, const struct item *i, struct fault *f);

/* An item's row made anew: sets i->id. FAULT_BAD as above. */
int place_create(struct session *s, struct item *i, struct fault *f);

#endif
