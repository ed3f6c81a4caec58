/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items that no repair touches, whatever is asked for: those labelled so, those that the policy
 * names, and the machine that this runs on.
 */
#ifndef FLOW_PROTECT_H
#define FLOW_PROTECT_H

#include "fleet/item.h"
#include "fleet/session.h"

struct protect;

/* selectors: of labels, borrowed. FAULT_BAD for one that is none. */
struct protect *protect_new(struct session *s, const struct words *selectors, struct fault *f);
void protect_free(struct protect *p);

/*
 * 1 if it is protected, with why: "protected by policy: service=dns" or "protected: this
 * machine"; 0; -1. The machine is known by its host name, with or without the domain.
 */
int protect_has(struct protect *p, const struct item *i, struct str *why, struct fault *f);

#endif
