/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose word counts where several sources say something of one key of one item. In this
 * order: a source that is not stale before one that is; the lower rank for that key; the source
 * known for longer. The rank for a key is that of the pattern in the source's settings that
 * fits it: the key itself before any pattern, the longest pattern before shorter ones, of
 * equally long ones the first by bytes; the source's own rank where none fits.
 *
 * Cloud, region and cell are one thing, and go by the rank for item.region.
 */
#ifndef FLEET_SOURCES_PRECEDENCE_H
#define FLEET_SOURCES_PRECEDENCE_H

#include "fleet/session.h"

struct precedence;

/* The order as it is now, in one's own keeping. NULL and a fault if it cannot be read. */
struct precedence *precedence_new(struct session *s, struct fault *f);
void precedence_free(struct precedence *p);

/*
 * The session's, read once and kept until precedence_forget: which every change calls at its
 * begin and whenever it changes a source. NULL and a fault.
 */
const struct precedence *precedence_of(struct session *s, struct fault *f);
void precedence_forget(struct session *s);

enum precedence_part { PRECEDENCE_ATTRIBUTES, PRECEDENCE_VARIABLES };

/* A source's place among all where no key has an order of its own, the best is 1; 0: unknown. */
int precedence_place(const struct precedence *p, int64_t source);

/* Whether any key of that part has an order of its own: else the sources' order holds. */
int precedence_has_exceptions(const struct precedence *p, enum precedence_part part);

/* Negative if a's word counts more for the key, which for an attribute is without "item.". */
int precedence_compare(
    const struct precedence *p, enum precedence_part part, const char *key, int64_t a, int64_t b);

#endif
