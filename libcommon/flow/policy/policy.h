/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy in force: what no plan and no workflow may go beyond. The built-in limits, then
 * the site's file, then the user's, then the command line; each later word may only be
 * stricter, but for the site's, which is the owner's, and a loosening that is asked for by
 * name. Frozen into each plan. craton-policy(5)
 */
#ifndef FLOW_POLICY_H
#define FLOW_POLICY_H

#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "flow/policy/calendar.h"
#include "flow/policy/limit.h"
#include "io/jtext.h"

struct policy_value {
	int64_t is;
	char *from;      /* "default", a file, or "--limit" */
	int is_loosened; /* by --loosen: was is what it would else be */
	int64_t was;
};

/* Of the active items that a label selector chooses, so many are to stay untouched and whole. */
struct policy_floor {
	char *selector;
	struct num_share healthy; /* a share is of all that it chooses */
};

struct policy {
	struct policy_value values[LIMITS];
	struct words protect; /* label selectors: items that are in no plan */
	VEC(struct policy_floor)
	floors;                /* min_healthy; of no copy and in no plan, as the next two */
	struct words notify;   /* plug-ins */
	struct calendar hours; /* as the files say now */
};

/* The built-in limits. */
void policy_init(struct policy *p);
void policy_done(struct policy *p);
void policy_copy(struct policy *to, const struct policy *from);

/*
 * All that is in force for a database: policy_init, DB.policy, or where that is not there
 * /etc/craton/policy.yaml, and the user's. FAULT_REFUSED if a file is there and cannot be read
 * or says what it may not: a guard that cannot be told lets nothing through. warn (may be NULL)
 * is told what the user's file would loosen.
 */
int policy_open(struct policy *p, const char *db, void (*warn)(const char *text, void *ctx),
    void *ctx, struct fault *f);

/* One file's text, called name in messages; may_loosen: it is the site's. FAULT_BAD. */
int policy_read(struct policy *p, const char *name, const char *text, size_t len, int may_loosen,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f);

/*
 * "at_once=5" of the command line. FAULT_REFUSED to tighten what would loosen; FAULT_USAGE to
 * loosen what would not.
 */
int policy_tighten(struct policy *p, const char *text, struct fault *f);
int policy_loosen(struct policy *p, const char *text, struct fault *f);

int64_t policy_number(const struct policy *p, enum limit l);
struct num_share policy_share(const struct policy *p, enum limit l);

/* How many of a whole a share allows: rounded down; at least 1; of 100 % any number. */
int64_t policy_of(const struct policy *p, enum limit l, int64_t whole);

/* As it stands in a plan: {"at_once":"10",...,"loosened":{"gap":"2s"},"protect":[...]}. */
void policy_json(const struct policy *p, struct str *out);
int policy_from_json(struct policy *p, struct jtext json, struct fault *f);

/* FAULT_REFUSED "plan void: ..." if what is in force now is stricter than what was frozen. */
int policy_check(const struct policy *frozen, const struct policy *now, struct fault *f);

#endif
