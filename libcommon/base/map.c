/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static uint64_t
hash_of(const char *key)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 0x100000001b3u;
	return h;
}

static struct map_entry *
place_of(const struct map *m, const char *key, uint64_t hash)
{
	size_t i = hash & (m->room - 1);

	while (m->entries[i].key &&
	       (m->entries[i].hash != hash || strcmp(m->entries[i].key, key) != 0))
		i = (i + 1) & (m->room - 1);
	return &m->entries[i];
}

static void
grow(struct map *m)
{
	struct map bigger = {.room = m->room ? m->room * 2 : 16, .n = m->n};

	bigger.entries = mem_zero(bigger.room, sizeof(*bigger.entries));
	for (size_t i = 0; i < m->room; i++)
		if (m->entries[i].key)
			*place_of(&bigger, m->entries[i].key, m->entries[i].hash) = m->entries[i];
	free(m->entries);
	*m = bigger;
}

void
map_done(struct map *m)
{
	for (size_t i = 0; i < m->room; i++)
		free(m->entries[i].key);
	free(m->entries);
	*m = (struct map){0};
}

union map_value *
map_get(const struct map *m, const char *key)
{
	struct map_entry *e;

	if (!m->room)
		return NULL;
	e = place_of(m, key, hash_of(key));
	return e->key ? &e->value : NULL;
}

union map_value *
map_put(struct map *m, const char *key, int *added)
{
	uint64_t hash = hash_of(key);
	struct map_entry *e;

	if (m->n >= m->room / 4 * 3)
		grow(m);
	e = place_of(m, key, hash);
	if (added)
		*added = !e->key;
	if (!e->key) {
		*e = (struct map_entry){.key = mem_dup(key), .hash = hash};
		m->n++;
	}
	return &e->value;
}

struct map_entry *
map_each(const struct map *m, size_t *at)
{
	while (*at < m->room) {
		struct map_entry *e = &m->entries[(*at)++];

		if (e->key)
			return e;
	}
	return NULL;
}
