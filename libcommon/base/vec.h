/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An array that grows, of any type:
 *
 *	VEC(int64_t) ids = {0};
 *	vec_push(&ids, 7);
 *	for (size_t i = 0; i < ids.n; i++) ... ids.v[i] ...
 *	vec_done(&ids);
 *
 * Elements are moved when it grows: keep indexes, not pointers. What elements own is the
 * caller's to free before vec_done. A type that crosses a function takes a named struct:
 * struct ids VEC_BODY(int64_t);
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

#define VEC_BODY(type)                                                                             \
	{                                                                                          \
		type *v;                                                                           \
		size_t n, room;                                                                    \
	}
#define VEC(type) struct VEC_BODY(type)

/* One more element, zeroed: a pointer to it, good until the next growth. */
#define vec_add(vec)                                                                               \
	((vec)->n == (vec)->room                                                                   \
		? (void)((vec)->room = (vec)->room ? (vec)->room * 2 : 8,                          \
		      (vec)->v = mem_resize((vec)->v, (vec)->room, sizeof(*(vec)->v)))             \
		: (void)0,                                                                         \
	    (vec)->v[(vec)->n] = (__typeof__(*(vec)->v)){0}, &(vec)->v[(vec)->n++])

#define vec_push(vec, value) ((void)(*vec_add(vec) = (value)))

#define vec_done(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->room = 0)

#define vec_sort(vec, compare)                                                                     \
	((vec)->n ? qsort((vec)->v, (vec)->n, sizeof(*(vec)->v), compare) : (void)0)

/* The two kinds that cross functions most often. */
struct ids VEC_BODY(int64_t);
struct words VEC_BODY(char *);

/* Frees each word, then the array. */
void words_done(struct words *w);

/* Adds a copy. */
void words_add(struct words *w, const char *word);

/* By bytes. */
void words_sort(struct words *w);

/* Whether the word is one of them; w may be NULL. */
int words_have(const struct words *w, const char *word);

/*
 * Sets of ids: ascending, each once. What is sorted only may hold one twice, and is searched
 * all the same.
 */
void ids_sort(struct ids *ids);
void ids_tidy(struct ids *ids); /* sorted, then each once */
int ids_have(const struct ids *ids, int64_t id);

/* Keeps in a what is in b too, or what is not. */
void ids_intersect(struct ids *a, const struct ids *b);
void ids_subtract(struct ids *a, const struct ids *b);

#endif
