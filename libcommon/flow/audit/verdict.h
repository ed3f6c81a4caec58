/* SPDX-License-Identifier: Apache-2.0 */
/* What a check says of an item, and how bad that is: the words of findings, counts and options. */
#ifndef FLOW_VERDICT_H
#define FLOW_VERDICT_H

#include "base/fault.h"

/* Only pass is pass. What could not be known is never taken for it. */
enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_ERROR,       /* the check could not be judged: a value is missing, types differ */
	VERDICT_UNREACHABLE, /* the item did not answer */
	VERDICT_TIMEOUT,
	VERDICT_STALE,          /* what is known is too old to judge by */
	VERDICT_NOT_APPLICABLE, /* the check's when: is not true for it */
	VERDICT_WAIVED,         /* not pass, and tolerated for now */
	VERDICT_COUNT
};

enum severity {
	SEVERITY_INFO,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	SEVERITY_COUNT
};

/* Words by value, ended by NULL: tables for yaml_read and for options. */
extern const char *const verdict_words[];
extern const char *const severity_words[];

/* The value of a word, or FAULT_USAGE with the near miss; what names the option. */
int verdict_read(const char *what, const char *word, enum verdict *out, struct fault *f);
int severity_read(const char *what, const char *word, enum severity *out, struct fault *f);

#endif
