/* SPDX-License-Identifier: Apache-2.0 */
/* What a user's query may do: an authorizer for SQLite, for guard.c. */
#ifndef STORE_GUARD_RIGHTS_H
#define STORE_GUARD_RIGHTS_H

#include "base/vec.h"

struct guard_rights {
	/*
	 * What the inner views are called by. SQLite tells by the name of a view who reads a
	 * table, but a common table expression of the user's with that name passes for the view.
	 * So tables are read only by views whose names nobody can guess.
	 */
	char secret[24];
	struct words tables; /* of the file */
	struct words views;  /* what anybody may read, and tables that C makes */
	char denied[160];    /* why the authorizer last said no; "" where SQLite says it better */
};

/* 0, or -1: there is no random number. */
int guard_rights_init(struct guard_rights *r);
void guard_rights_done(struct guard_rights *r);

/* ctx is a struct guard_rights. */
int guard_authorize(
    void *ctx, int action, const char *a, const char *b, const char *database, const char *reader);

#endif
