/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard_heap.h"

#include <sqlite3.h>

void
guard_heap_begin(struct guard_heap *h, int64_t most)
{
	h->limit = sqlite3_memory_used() + most;
	h->before = sqlite3_hard_heap_limit64(h->limit);
}

void
guard_heap_end(struct guard_heap *h)
{
	if (h->limit)
		sqlite3_hard_heap_limit64(h->before);
	h->limit = 0;
}

void
guard_heap_lift(struct guard_heap *h)
{
	h->used = sqlite3_memory_used();
	if (h->limit)
		sqlite3_hard_heap_limit64(h->before);
}

void
guard_heap_lower(struct guard_heap *h)
{
	if (!h->limit)
		return;
	h->limit += sqlite3_memory_used() - h->used;
	sqlite3_hard_heap_limit64(h->limit);
}
