/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of a guarded query whose rows C makes: SQLite's eponymous virtual tables. An equality
 * with the first column (an item) asks that item alone, one with the second is handed to the
 * maker; a walk over all items looks at the deadline between two of them.
 */
#ifndef STORE_GUARD_TABLE_H
#define STORE_GUARD_TABLE_H

#include "store/guard.h"
#include "store/guard_heap.h"

struct guard_table_use {
	const struct guard_table *table;
	void *ctx;
	struct guard_heap *heap;
	const int64_t *deadline; /* boot clock, ms; both borrowed until the connection closes */
};

/* native is an sqlite3 *. Returns SQLite's code. */
int guard_table_add(void *native, const struct guard_table_use *use);

#endif
