/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terms of an expression that the database can answer by an index. Only those joined by
 * and that are never NULL and never fail, has('...') and item.kind = '...': where one of
 * them is false the whole is false, whatever the other terms are. So narrowing by them never
 * changes what is chosen or which errors are seen.
 */
#ifndef FLEET_EXPR_NARROW_H
#define FLEET_EXPR_NARROW_H

#include "fleet/expr/expr.h"
#include "fleet/select/selector.h"

void expr_narrow(const struct expr *e, struct selector *to);

#endif
