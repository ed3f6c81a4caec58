/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include <string.h>

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

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
words_sort(struct words *w)
{
	vec_sort(w, by_bytes);
}

int
words_have(const struct words *w, const char *word)
{
	for (size_t i = 0; w && i < w->n; i++)
		if (strcmp(w->v[i], word) == 0)
			return 1;
	return 0;
}

/* ---- sets of ids ---- */

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
ids_sort(struct ids *ids)
{
	vec_sort(ids, ascending);
}

void
ids_tidy(struct ids *ids)
{
	size_t kept = 0;

	ids_sort(ids);
	for (size_t i = 0; i < ids->n; i++)
		if (!kept || ids->v[kept - 1] != ids->v[i])
			ids->v[kept++] = ids->v[i];
	ids->n = kept;
}

int
ids_have(const struct ids *ids, int64_t id)
{
	return ids->n && bsearch(&id, ids->v, ids->n, sizeof(id), ascending);
}

static void
keep(struct ids *a, const struct ids *b, int wanted)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < a->n; i++) {
		while (j < b->n && b->v[j] < a->v[i])
			j++;
		if ((j < b->n && b->v[j] == a->v[i]) == wanted)
			a->v[kept++] = a->v[i];
	}
	a->n = kept;
}

void
ids_intersect(struct ids *a, const struct ids *b)
{
	keep(a, b, 1);
}

void
ids_subtract(struct ids *a, const struct ids *b)
{
	keep(a, b, 0);
}
