/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From strings to values: open addressing, FNV-1a, grows at three quarters full, never
 * shrinks. A value is a pointer or an int64_t; the map copies keys and owns no values.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

union map_value {
	void *p;
	int64_t i;
};

struct map_entry {
	char *key; /* NULL in a free place */
	uint64_t hash;
	union map_value value;
};

struct map {
	struct map_entry *entries;
	size_t n, room; /* room is 0 or a power of two */
};

void map_done(struct map *m);

/* The value of a key, or NULL; good until the next map_put. */
union map_value *map_get(const struct map *m, const char *key);

/* The value of a key, made and zeroed if it is new (*added says so; may be NULL). */
union map_value *map_put(struct map *m, const char *key, int *added);

/* The entry at or after *at, which starts at 0, in no order; NULL at the end. */
struct map_entry *map_each(const struct map *m, size_t *at);

#endif
