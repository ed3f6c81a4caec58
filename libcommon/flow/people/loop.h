/* SPDX-License-Identifier: Apache-2.0 */
/* The same repair of the same item, again and again: a fault to be found by people. */
#ifndef FLOW_PEOPLE_LOOP_H
#define FLOW_PEOPLE_LOOP_H

#include "fleet/session.h"

/* What an item is labelled that people have to see to. */
#define LOOP_LABEL "needs-human"

/*
 * How often runs of a workflow, but for one (0: none), have begun on an item within a day before
 * now (ms), to *n. 0 or -1.
 */
int loop_count(struct session *s, int64_t item, const char *workflow, int64_t but_run, int64_t now,
    int64_t *n, struct fault *f);

/*
 * Labels the items of a run that its workflow has been begun on as often within a day as the
 * policy lets it: an entry of the change log, in the session's name, that says why. Returns how
 * many carry the label now and did not before, or -1.
 */
int64_t loop_label(struct session *s, int64_t run, const char *workflow, int64_t same_fix_day,
    int64_t now, struct fault *f);

#endif
