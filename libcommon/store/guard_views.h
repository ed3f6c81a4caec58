/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user's query may see: the views of craton-query(7) and the functions that cannot run
 * for long or reach outside.
 */
#ifndef STORE_GUARD_VIEWS_H
#define STORE_GUARD_VIEWS_H

struct guard_view {
	const char *name;
	const char *sql; /* project() is the project's id */
};

/* Ends with a name of NULL. */
extern const struct guard_view guard_views[];

/* Ends with NULL; lower case. */
extern const char *const guard_functions[];

#endif
