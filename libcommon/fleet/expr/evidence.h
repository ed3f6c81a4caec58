/* SPDX-License-Identifier: Apache-2.0 */
/* What an expression looked at: the values behind its names, for people who must believe it. */
#ifndef FLEET_EXPR_EVIDENCE_H
#define FLEET_EXPR_EVIDENCE_H

#include "fleet/expr/expr.h"

/* A longer value, such as all facts of a host, proves nothing to a reader: it is left out. */
#define EVIDENCE_LONGEST 1024

/*
 * Adds to a canonical object the values that the expression names, under the names as they are
 * written: {"facts.os.name":"CentOS","item.active":true,"label.cabinet":"a12"}. What has no
 * value is left out; a label that is carried twice is an array, a bare one "".
 */
void evidence_add(const struct expr *e, const struct expr_subject *subject, struct str *object);

#endif
