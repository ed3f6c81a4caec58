/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan: a workflow and the items it is to be run on, frozen, as a file of JSON lines that
 * people read, compare and approve. The head holds the workflow itself and says how many lines
 * follow and what their hash is; then a line an item, in the order of admission. craton-plan(5)
 */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include "fleet/session.h"
#include "flow/plan/uses.h"
#include "flow/plan/workflow.h"
#include "flow/policy/policy.h"

#define PLAN_LIFE ((int64_t)24 * 3600 * 1000) /* ms, where nobody says another */
#define PLAN_FORMAT 2           /* of the file; one that is read differently has another number */
#define PLAN_CHANGED_PERCENT 10 /* more changed items than this share: the run refuses */

struct plan_item {
	int64_t item;
	char *ref, *name;
	int64_t wave;
	int64_t finding; /* id, or 0 */
	char *check;     /* its check's full name, or NULL */
	char *spread;    /* canonical object: label to value; "{}" */
	char *uses;      /* see flow/plan/uses.h */
	struct ids
	    after; /* places of the items that come before this one, all smaller than its own */
};

struct plan_items VEC_BODY(struct plan_item);

/*
 * The limits of the batch in items: worked out once, shown to people, held to. Wave 0 is the
 * canary, also where there is none: the others are numbered from 1. waves is the last number.
 */
struct plan_limits {
	int64_t items, canary, waves, in_flight, max_fail, max_fail_in_a_row, wait, gap;
	int64_t together; /* items in work at once by all runs; 0: no limit */
	int64_t per_hour; /* items begun in any hour by all runs; 0: no limit */
	int one_region;   /* by all runs, no two are in work at once */
	int strict;
};

struct plan {
	struct workflow workflow;
	char *file;    /* the workflow's, absolute; re-read when the plan is checked */
	char *project; /* its name */
	int64_t made;  /* ms since 1970 */
	int64_t life;  /* ms */
	char *actor, *reason;
	char *audit; /* the audit's closing record, canonical, or NULL */
	char *
	    selection; /* canonical object of what chose the items (labels, vars, where), or NULL */
	char *sources; /* canonical object: the sources it rests on and their number of layers */
	struct policy policy; /* what was in force when it was made */
	int64_t fleet;        /* active items of the kinds in it: what shares of the fleet are of */
	struct plan_limits limits;
	struct plan_items items;
	char body_hash[HASH_TEXT];
	char hash[HASH_TEXT]; /* of the head's line, which holds the body's: table run's plan */
};

void plan_done(struct plan *p);
void plan_item_done(struct plan_item *item);

/*
 * Sorts the items into waves, in the order they are in, and works out the limits: of the batch
 * and the policy the stricter ones.
 */
void plan_arrange(struct plan *p);

/*
 * Puts each item behind those it comes after, else as they are. after holds ids until then. One
 * that comes after what is not in the plan is left out: returns how many. FAULT_BAD: a cycle,
 * with its path.
 */
int64_t plan_order(struct plan *p, struct fault *f);

/* Items of a region stand together, regions in the order of their first items; else as they are. */
void plan_by_region(struct plan *p);

/* Fills body_hash and hash, and appends the whole file's text. */
void plan_write(struct plan *p, struct str *out);

/*
 * path NULL or "-" is standard input. FAULT_BAD: empty, no head, not a plan. FAULT_REFUSED:
 * the body is not what the head says, the workflow in it not the one that was hashed.
 */
int plan_read(struct plan *p, const char *path, struct fault *f);

/*
 * Whether the plan may still be carried out, as a whole: FAULT_REFUSED "plan void: ..." when
 * it is older than its life, the workflow's file says something else now, a source shrank, the
 * policy is stricter, it was made for another project, or before the breaker of its workflow was
 * closed; and while that is open.
 */
int plan_check(struct session *s, const struct plan *p, int64_t now, struct fault *f);

/*
 * Appends, for people, where the policy holds the plan to less than its workflow would:
 * "in_flight 10, not 50: at_once, /etc/craton/policy.yaml". Nothing where it does not.
 */
void plan_held(const struct plan *p, struct words *out);

/* limits as a JSON object, as in the head and in table run. */
void plan_limits_json(const struct plan_limits *l, struct str *out);

/*
 * How many items of one value of a spread label may be in work or broken at once. with_value:
 * the plan's items that have it.
 */
int64_t plan_spread_limit(const struct spread *s, int64_t with_value);

/*
 * Appends the present number of layers of sources, as an object by name. Of those that speak
 * of the items (ids), but for the operator, who does not report.
 */
int plan_sources(struct session *s, const struct ids *items, struct str *out, struct fault *f);

#endif
