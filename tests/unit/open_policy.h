/* SPDX-License-Identifier: Apache-2.0 */
/* A policy that limits nothing beyond the workflow: for tests of what the workflow says. */
#ifndef OPEN_POLICY_H
#define OPEN_POLICY_H

#include "flow/policy/policy.h"

#include <string.h>

static inline void
open_policy(struct policy *p)
{
	static const char text[] =
	    "{approve_items: 1000000, at_once: 1000000, at_once_share: 100%, canary: 0, gap: 0,"
	    " max_fail: 1000000, max_fail_share: 100%, one_region: false, per_hour_share: 100%,"
	    " soak: 0}";
	struct fault f;

	policy_init(p);
	if (policy_read(p, "open", text, strlen(text), 1, NULL, NULL, &f) < 0)
		abort();
}

#endif
