/* SPDX-License-Identifier: Apache-2.0 */
/* The near miss: which known word a mistyped one was probably meant to be. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

/*
 * The best candidate so far for a word. Offer each known word in turn, then read best: NULL
 * if none is near. Near means at most a third of the word's letters wrong, missing, too many
 * or swapped (Damerau's distance), and at least one right.
 */
struct near {
	const char *word; /* borrowed */
	const char *best; /* borrowed from the offers */
	size_t distance;  /* of best */
};

#define NEAR_INIT(w) ((struct near){.word = (w)})

void near_offer(struct near *n, const char *candidate);

/* "; did you mean \"region\"?" or "" in buf, to be put behind a message. Returns buf. */
#define NEAR_HINT 96
const char *near_hint(const struct near *n, char buf[NEAR_HINT]);

#endif
