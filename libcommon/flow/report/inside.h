/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that read a report share. */
#ifndef FLOW_REPORT_INSIDE_H
#define FLOW_REPORT_INSIDE_H

#include "flow/report/report.h"

/* Every audit that ran in the project, its title and its newest runs; since is settled for each. */
int report_read_audits(
    struct report *r, struct session *s, const struct report_options *o, struct fault *f);
void report_done_audits(struct report *r);

/* The living devices, with what the findings, read before, say of them. */
int report_read_devices(
    struct report *r, struct session *s, const struct report_options *o, struct fault *f);
void report_done_devices(struct report *r);

#endif
