/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard_rights.h"

#include "store/guard_views.h"

#include <sqlite3.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

int
guard_rights_init(struct guard_rights *r)
{
	uint64_t random;

	*r = (struct guard_rights){0};
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -1;
	sqlite3_snprintf(sizeof(r->secret), r->secret, "q%016llx_", random);
	return 0;
}

void
guard_rights_done(struct guard_rights *r)
{
	words_done(&r->tables);
	words_done(&r->views);
}

static int
deny(struct guard_rights *r, const char *what, const char *name)
{
	sqlite3_snprintf(sizeof(r->denied), r->denied, "%s%s%.80s", what, *name ? " " : "", name);
	return SQLITE_DENY;
}

static int
is_among(const struct words *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcasecmp(names->v[i], name) == 0)
			return 1;
	return 0;
}

static int
may_call(const char *name)
{
	for (const char *const *known = guard_functions; *known; known++)
		if (strcasecmp(*known, name) == 0)
			return SQLITE_OK;
	return SQLITE_DENY; /* SQLite says which function */
}

static int
is_inner(const struct guard_rights *r, const char *name)
{
	return name && strncmp(name, r->secret, strlen(r->secret)) == 0;
}

/*
 * A view by anybody; an inner view by its outer one; a table by an inner view. No column at
 * all ("") of what is no table is a count of a CTE's rows.
 */
static int
may_read(struct guard_rights *r, const char *table, const char *column, const char *reader)
{
	if (is_among(&r->views, table) || strcmp(table, "json_each") == 0 ||
	    strcmp(table, "json_tree") == 0)
		return SQLITE_OK;
	if (is_inner(r, reader) || (is_inner(r, table) && reader && is_among(&r->views, reader)))
		return SQLITE_OK;
	if (!*column && !is_among(&r->tables, table))
		return SQLITE_OK;
	return deny(r, "not a view for queries:", table);
}

int
guard_authorize(
    void *ctx, int action, const char *a, const char *b, const char *database, const char *reader)
{
	struct guard_rights *r = ctx;

	(void)database;
	switch (action) {
	case SQLITE_SELECT: return SQLITE_OK;
	case SQLITE_READ: return may_read(r, a, b, reader);
	case SQLITE_FUNCTION: return may_call(b);
	case SQLITE_RECURSIVE: return deny(r, "no recursive queries", "");
	default: return deny(r, "only SELECT", "");
	}
}
