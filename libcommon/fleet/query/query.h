/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queries in SQL over the views of craton-query(7), for craton-inv query and for audits: what
 * store/guard.h holds back, this gives: refs, resolved variables and labels by rule.
 */
#ifndef FLEET_QUERY_H
#define FLEET_QUERY_H

#include "fleet/session.h"
#include "store/guard.h"

/* guard_query for the session's project: then guard_next, and query_close at the end, always. */
struct query {
	struct guard_host host;
	struct guard_rows rows;
};
int query_open(
    struct query *q, struct session *s, const char *sql, struct jtext parameters, struct fault *f);
void query_close(struct query *q);

/*
 * Appends a column of the row as a member of an object: nothing for NULL; what JSON functions give
 * as an array or object is one. FAULT_BAD for what JSON cannot hold.
 */
int query_put_column(struct str *out, const struct guard_rows *rows, int col, struct fault *f);

#endif
