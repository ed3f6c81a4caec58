/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

void
words_done(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i]);
	vec_done(w);
}

void
words_add(struct words *w, const char *word)
{
	vec_push(w, mem_dup(word));
}
