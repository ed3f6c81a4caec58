/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of the page, each appended whole. */
#ifndef FLOW_REPORT_HTML_H
#define FLOW_REPORT_HTML_H

#include "flow/report/write.h"

void html_changes(const struct report *r, struct str *out);
void html_fleet(const struct report *r, struct str *out);
void html_trends(const struct report *r, struct str *out);
void html_findings(const struct report *r, struct str *out);

/* <time datetime="...">2026-11-23 12:00</time> */
void html_time(int64_t at, struct str *out);

/* A severity's badge, the word in it. */
void html_badge(enum severity severity, struct str *out);

/* What a person is told of a finding. */
void html_message(const struct report_finding *x, struct str *out);

/* A link that fills the page's filter with a text. */
void html_find(const char *text, struct str *out);

#endif
