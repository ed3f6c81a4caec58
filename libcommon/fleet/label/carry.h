/* SPDX-License-Identifier: Apache-2.0 */
/* Which labels an item carries: those that sources put on it, and those whose rules hold for it. */
#ifndef FLEET_LABEL_CARRY_H
#define FLEET_LABEL_CARRY_H

#include "base/vec.h"
#include "fleet/session.h"

enum carry { CARRY_PLAIN = 1, CARRY_BY_RULE = 2, CARRY_ALL = 3 };

/* Texts, and ids, each once, in the order of texts. A rule that cannot be told: see rule_shows. */
int carry_texts(
    struct session *s, int64_t item, enum carry which, struct words *out, struct fault *f);
int carry_ids(struct session *s, int64_t item, enum carry which, struct ids *out, struct fault *f);

/* Those of the labels given (ascending); FAULT_BAD where the rule of one cannot be told. */
int carry_ids_among(
    struct session *s, int64_t item, const struct ids *labels, struct ids *out, struct fault *f);

/*
 * Texts among which are all those of a key ("cabinet", "cabinet=a12"), for who decides by them:
 * FAULT_BAD where the rule of one cannot be told.
 */
int carry_texts_of(
    struct session *s, int64_t item, const char *key, struct words *out, struct fault *f);

/* Whether a label's text is of a key: "cabinet" of cabinet=a12, either of itself. */
int carry_is_of(const char *text, const char *key);

#endif
