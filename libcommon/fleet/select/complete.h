/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of the inventory that begin with a prefix, for shells that complete them. Each is found
 * by an index, so that a million items take no longer than ten.
 */
#ifndef FLEET_COMPLETE_H
#define FLEET_COMPLETE_H

#include "base/vec.h"
#include "fleet/session.h"

/* No shell shows more of them. */
#define COMPLETE_MOST 200

/*
 * Appends the words, sorted, each once:
 *
 *	names       of living items, but labels
 *	labels      of labels: keys with their "=" as long as the prefix has none
 *	variables   keys ever used
 *	kinds, sources
 *
 * FAULT_USAGE with the near miss if what is none of these.
 */
int complete_words(
    struct session *s, const char *what, const char *prefix, struct words *out, struct fault *f);

#endif
