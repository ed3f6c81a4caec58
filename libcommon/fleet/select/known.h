/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which words the inventory knows, so that a mistyped one is told and not just unmatched.
 * Each returns 1 if it is known; 0 if not, with the near miss (or "") in hint; -1.
 */
#ifndef FLEET_KNOWN_H
#define FLEET_KNOWN_H

#include "base/near.h"
#include "base/vec.h"
#include "fleet/session.h"

/* A variable ever used, or one of those besides (may be NULL). */
int known_variable(struct session *s, const char *key, const struct words *besides,
    char hint[NEAR_HINT], struct fault *f);

/* A label of that key, or of that text: "cabinet", "cabinet=a12", "compute". */
int known_label(struct session *s, const char *key, char hint[NEAR_HINT], struct fault *f);

/* An item.NAME that items have, or some item of the project has. */
int known_attribute(struct session *s, const char *name, char hint[NEAR_HINT], struct fault *f);

/* One of Craton's own kinds, or one that some item has. */
int known_kind(struct session *s, const char *kind, char hint[NEAR_HINT], struct fault *f);

/* The name of an item of that kind: a region, a cell, a cloud. */
int known_place(
    struct session *s, const char *kind, const char *name, char hint[NEAR_HINT], struct fault *f);

/* A type that some relation of the project has. */
int known_relation(struct session *s, const char *type, char hint[NEAR_HINT], struct fault *f);

#endif
