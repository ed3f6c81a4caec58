/* SPDX-License-Identifier: Apache-2.0 */
/* A policy that guards nothing because it is mistyped. */
#ifndef FLOW_POLICY_DOUBT_H
#define FLOW_POLICY_DOUBT_H

#include "fleet/session.h"
#include "flow/policy/policy.h"

/*
 * Calls warn for what the selectors of protect and min_healthy name and the inventory does not
 * know: "policy: protect: ...".
 */
int doubt_policy(struct session *s, const struct policy *p,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f);

#endif
