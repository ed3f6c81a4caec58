/* SPDX-License-Identifier: Apache-2.0 */
/* One check on one item: the verdict, with what it was judged by. */
#ifndef FLOW_ASSESS_H
#define FLOW_ASSESS_H

#include "flow/audit/definition.h"

struct assessment {
	enum verdict verdict;
	char *observed; /* canonical JSON object of what the check names, or NULL */
	char *message;  /* the check's own, or why it is an error; or NULL */
};

void assessment_done(struct assessment *a);

/*
 * Judges an item by a check that has expect: when: decides whether it applies, then expect is
 * pass if true and fail if false; unknown is an error. Evidence and message are made only for
 * what is not pass. FAULT_SYSTEM: it could not be judged at all.
 */
int assess(struct judge *judge, const struct check *c, const struct expr_subject *subject,
    struct assessment *out, struct fault *f);

/*
 * The same, but only whether it is good: 1 with pass or not-applicable, 0 for all else, which
 * assess is to say; -1 FAULT_SYSTEM. names are those of an item: see fleet/expr/stored.h.
 */
struct judge_names;
int assess_good(struct judge *judge, const struct check *c, const struct judge_names *names,
    enum verdict *out, struct fault *f);

/* The same for an item of the inventory as it is now; FAULT_BAD if it is gone. */
int assess_item(struct session *s, struct judge *judge, const struct check *c, int64_t item,
    struct assessment *out, struct fault *f);

/* The value of a check's message: for a subject, or NULL if it has none; "" is none. */
int assess_message(struct judge *judge, const struct check *c, const struct expr_subject *subject,
    char **out, struct fault *f);

#endif
