/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How well a workflow works, by what its runs have come to on items that were proved wrong
 * before their first step:
 *
 *	fixed      proved right after the last step
 *	not-fixed  all steps went well, and it is still wrong
 *	worse      it could be judged before, and after the last step not any more
 *	failed     a step failed for good, or its end is not known
 */
#ifndef FLOW_REMEDY_H
#define FLOW_REMEDY_H

#include "fleet/session.h"

enum remedy_outcome { REMEDY_NONE, REMEDY_FIXED, REMEDY_NOT_FIXED, REMEDY_WORSE, REMEDY_FAILED };

#define REMEDY_OUTCOMES (REMEDY_FAILED + 1)

/* The words of run_item.outcome, by value; NULL for none. */
extern const char *const remedy_words[REMEDY_OUTCOMES];

#define REMEDY_DAYS 90 /* what is longer ago says little of what the workflow is now */

struct remedy {
	int64_t items; /* of which an outcome is known */
	int64_t counts[REMEDY_OUTCOMES];
};

/* Of the project's runs that were made within REMEDY_DAYS before now. */
int remedy_read(
    struct session *s, const char *workflow, int64_t now, struct remedy *out, struct fault *f);

/* Appends "180 of 212 items fixed in 90 days (84.9 %), 20 not fixed, 2 worse, 10 failed". */
void remedy_text(const struct remedy *r, struct str *out);

/* {"days":90,"items":212,"fixed":180,"not-fixed":20,"worse":2,"failed":10} */
void remedy_to_json(const struct remedy *r, struct str *out);

#endif
