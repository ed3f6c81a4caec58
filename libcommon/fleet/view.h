/* SPDX-License-Identifier: Apache-2.0 */
/* An item as the record that others read: craton-records(5). */
#ifndef FLEET_VIEW_H
#define FLEET_VIEW_H

#include "base/str.h"
#include "fleet/item.h"

/*
 * Appends the record of product.md, keys in fixed order: kind name ref cloud region cell
 * parent ip_address device_type active (if not) note, other attributes, labels, rule_labels,
 * variables (its own, merged over its sources). labels are those that sources give, so that a
 * record that is imported again makes no label by rule a plain one. With resolved, also "resolved".
 * No newline.
 */
enum view_parts { VIEW_PLAIN = 0, VIEW_RESOLVED = 1, VIEW_RELATIONS = 2 };
int view_json(struct session *s, const struct item *i, int parts, struct str *out, struct fault *f);

/* The texts of an item's labels, over all sources and by rule, sorted, each once. */
int view_labels(struct session *s, int64_t id, struct words *out, struct fault *f);

#endif
