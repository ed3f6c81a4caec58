/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of an audit: chooses its scope, gathers, judges every item by every check, and keeps
 * the books. See craton-audit(1).
 */
#ifndef FLOW_AUDIT_H
#define FLOW_AUDIT_H

#include "fleet/select/select.h"
#include "flow/audit/ledger.h"
#include "flow/gather/gather.h"

struct audit_options {
	struct select_options narrow; /* of the command line: only these of the scope */
	char *const *names;           /* operands that narrow; see select_items */
	int nnames;
	struct gather_options gather;
	const char *only; /* the id of the one check to judge; NULL: all */
	int (*show)(const struct finding *x, void *ctx); /* once it is stored; may be NULL */
	void (*warn)(const char *text, void *ctx);       /* near misses of selectors */
	int (*stopping)(void); /* asked between items; true: end early. May be NULL */
	void *ctx;
};

struct audit_report {
	int64_t run, at, scope;
	int complete, narrowed;
	char *doubt; /* what it rests on shrank or fell silent: no plan is made of it; or NULL */
	int passed_over; /* names of the command line that no item has, and the like */
	int64_t counts[VERDICT_COUNT]; /* verdicts: items times checks */
	int64_t found[SEVERITY_COUNT]; /* neither pass nor waived */
};

/*
 * Returns 0 for a run that ended by itself and for one that was stopped: see complete. FAULT_BUSY:
 * another whole run of it is at work. audit_report_done also after a failure.
 */
int audit_run(struct session *s, struct definition *d, const struct audit_options *o,
    struct audit_report *out, struct fault *f);
void audit_report_done(struct audit_report *r);

/*
 * Appends the record that closes a stream of findings: kind run audit definition complete
 * narrowed (if so) doubt (if there is one) scope counts at.
 */
void audit_to_json(const struct definition *d, const struct audit_report *r, struct str *out);

#endif
