/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report: what the audits say of the fleet at one moment, read once from one state of the file,
 * to be written in any form. Changes come first everywhere: what a person wants to know is what
 * is different from last time.
 */
#ifndef FLOW_REPORT_H
#define FLOW_REPORT_H

#include "fleet/select/select.h"
#include "flow/audit/finding.h"
#include "flow/people/repair.h"
#include "flow/shelf.h"

#define REPORT_TREND 30 /* runs of an audit, the newest, that a trend is drawn over */

enum report_change {
	REPORT_STILL, /* was open before, and is */
	REPORT_NEW,   /* seen for the first time since */
	REPORT_BACK,  /* had been resolved, and is open again since */
	REPORT_GONE,  /* resolved since */
	REPORT_CHANGE_COUNT
};
extern const char *const report_changes[]; /* the words: "still", "new", "back", "gone" */

struct report_finding {
	struct finding x;
	char *ref;              /* NULL if it is about no item */
	char *name;             /* for people: of the item, or the subject */
	struct repairs repairs; /* what was tried to put it right */
	char *why_waived;       /* "REASON (OWNER, until TIME)"; NULL if it is not waived */
	enum report_change change;
};

/* A host or network device of the fleet, drawn where it stands. */
struct report_device {
	int64_t id;
	char *name;
	char *place[3];  /* region, cell, and the value of the label asked for; "" if it has none */
	int worst;       /* enum severity of the worst finding that counts; -1: none */
	enum verdict as; /* of that finding */
	int64_t finding; /* its id; where all are waived, that of one of them */
	unsigned open, waived; /* findings */
};

struct report_run {
	int64_t id, started, ended, scope;
	int complete;
	int64_t counts[VERDICT_COUNT];
};

struct report_audit {
	char *name, *title;            /* title: the name where the definition is not found */
	int64_t since;                 /* what is later has changed */
	int64_t found[SEVERITY_COUNT]; /* open, neither waived nor gone */
	int64_t waived;
	VEC(struct report_run) runs; /* over the whole scope, the oldest first */
};

struct report_options {
	const struct ids *items; /* only findings of these and these devices; NULL: all */
	const char *check;       /* pattern, as finding_filter has it */
	enum severity at_least;
	int64_t since;             /* 0: since the complete run before the newest, of each audit */
	const char *by;            /* the label that places devices within a cell */
	const struct shelf *shelf; /* where titles of audits are looked up; NULL: nowhere */
};

struct report {
	char *project;
	int64_t at, since; /* since as asked for; 0: by audit */
	const char *by;
	VEC(struct report_finding) findings; /* the gravest first, then by check and name */
	VEC(struct report_device) devices;   /* by place, then name */
	VEC(struct report_audit) audits;     /* by name */
	int64_t found[SEVERITY_COUNT], changes[REPORT_CHANGE_COUNT];
	int64_t waived, unknown; /* of those open; unknown: neither fail nor waived */
};

/* Reads it all. report_done also after a failure. */
int report_read(
    struct report *r, struct session *s, const struct report_options *o, struct fault *f);
void report_done(struct report *r);

/* Whether it counts: open, and not waived. */
static inline int
report_counts(const struct report_finding *x)
{
	return x->change != REPORT_GONE && finding_status(&x->x) != VERDICT_WAIVED;
}

/* Whether nothing is said of it, not even what is waived. */
static inline int
report_is_clear(const struct report_device *d)
{
	return d->worst < 0 && !d->waived;
}

/* The audit of a check, "os-support" of "os-support/current": never NULL for a finding's. */
const struct report_audit *report_audit_of(const struct report *r, const char *check);

/*
 * The end of the devices from i on that stand in the same region (levels 1), cell (2), and place
 * by label (3).
 */
size_t report_place_end(const struct report *r, size_t i, int levels);

/* The newest run, or NULL: an audit whose runs have been forgotten. */
const struct report_run *report_newest(const struct report_audit *a);

#endif
