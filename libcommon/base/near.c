/* SPDX-License-Identifier: Apache-2.0 */
#include "base/near.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LONGEST 64 /* nobody mistypes a longer word; bounds the table */

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment, three rows; letters compare without case. */
static size_t
distance(const char *a, size_t la, const char *b, size_t lb)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= lb; j++)
		above[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *free_row = before;

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t wrong = strncasecmp(a + i - 1, b + j - 1, 1) != 0;

			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + wrong);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = free_row;
	}
	return above[lb];
}

void
near_offer(struct near *n, const char *candidate)
{
	size_t lw = strlen(n->word), lc = strlen(candidate), d;

	if (!lw || !lc || lw > LONGEST || lc > LONGEST)
		return;
	d = distance(n->word, lw, candidate, lc);
	if (d > (lw + 2) / 3 || d >= lw || (n->best && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}

const char *
near_hint(const struct near *n, char buf[NEAR_HINT])
{
	if (n->best)
		snprintf(buf, NEAR_HINT, "; did you mean \"%s\"?", n->best);
	else
		*buf = '\0';
	return buf;
}
