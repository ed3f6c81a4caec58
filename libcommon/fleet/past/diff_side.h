/* SPDX-License-Identifier: Apache-2.0 */
/* Export lines on their way into a diff, and out of it as layers: for diff*.c only. */
#ifndef FLEET_PAST_DIFF_SIDE_H
#define FLEET_PAST_DIFF_SIDE_H

#include "fleet/past/diff.h"

/* What the lines of one source of one item say together. Zeroed to begin with. */
struct diff_layer {
	struct str attributes, variables, labels, relations, keys;
};

/* Adds the line that was spooled there. */
int diff_layer_add(struct diff_layer *l, struct diff *d, int64_t at, struct fault *f);

/* The side for difference_each, or nothing where no line was added; frees the layer. */
void diff_layer_end(struct diff_layer *l, struct str *out);

#endif
