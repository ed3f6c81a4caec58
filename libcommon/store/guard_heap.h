/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much memory a guarded query may take. SQLite's limit is the whole process's, so what others
 * take meanwhile, such as the page cache of the program's own connection while it makes rows, is
 * measured and allowed for; the limit of before is put back at the end.
 */
#ifndef STORE_GUARD_HEAP_H
#define STORE_GUARD_HEAP_H

#include <stdint.h>

struct guard_heap {
	int64_t before; /* the process's limit */
	int64_t limit;  /* 0: not begun */
	int64_t used;   /* when it was lifted */
};

void guard_heap_begin(struct guard_heap *h, int64_t most);
void guard_heap_end(struct guard_heap *h);

/* Around what is not the query's own. */
void guard_heap_lift(struct guard_heap *h);
void guard_heap_lower(struct guard_heap *h);

#endif
