/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms of a report. Each appends to out; texts from the fleet stay texts, whatever they
 * hold. craton-audit(1) says what is in each.
 */
#ifndef FLOW_REPORT_WRITE_H
#define FLOW_REPORT_WRITE_H

#include "flow/report/report.h"

/* Plain text of at most REPORT_COLUMNS columns, fit for a mail from cron. */
#define REPORT_COLUMNS 78
void report_text(const struct report *r, struct str *out);

/* JUnit's XML as build servers read it: a suite an audit, a failure or an error a finding. */
void report_junit(const struct report *r, struct str *out);

/* SARIF 2.1.0 (OASIS): a run an audit, a rule a check, a result a finding. */
void report_sarif(const struct report *r, struct str *out);

/* Prometheus' text format 0.0.4, for node_exporter's textfile collector. */
void report_prometheus(const struct report *r, struct str *out);

/*
 * The fleet as a picture of characters, one a device, folded by place. width: columns of the
 * terminal. colour: with the escape sequences for it; the characters say the same without.
 */
void report_map(const struct report *r, size_t width, int colour, struct str *out);

/* One page without outside resources. Style and script are share/report's. */
int report_html(const struct report *r, struct str *out, struct fault *f);

/* ---- what the forms share ---- */

/* What a person is told: the check's message, else what was expected. Appends. */
void report_message(const struct report_finding *x, struct str *out);

/* "3 critical, 11 high", the gravest first; "nothing" if all are 0. Appends. */
void report_found(const int64_t found[SEVERITY_COUNT], struct str *out);

/* "12 days", "3 hours": how long something lasts. Appends. */
void report_age(int64_t ms, struct str *out);

#endif
