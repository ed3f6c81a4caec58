/* SPDX-License-Identifier: Apache-2.0 */
/* What the past is made of: for the files of this room only. */
#ifndef FLEET_PAST_INSIDE_H
#define FLEET_PAST_INSIDE_H

#include "fleet/past/past.h"

/* The columns of a struct past_point, of entries t. An entry has a row at least. */
#define PAST_POINT                                                                                 \
	"SELECT t.id, t.at, (SELECT c.id FROM chg AS c WHERE c.txn = t.id"                         \
	" ORDER BY c.id DESC LIMIT 1) FROM txn AS t "

/* Each fills temporary tables with what was otherwise; in this order. 0 or -1. */
int past_layers(struct session *s, int64_t row, struct fault *f); /* documents, labels, relations */
int past_sources(struct session *s, int64_t row, struct fault *f); /* ranks */
int past_items(struct session *s, int64_t row, struct fault *f); /* which there were, their keys */

/* Then, behind the views: winners, of the items that any of that touches. */
int past_settle(struct session *s, struct fault *f);

#endif
