/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to numbers, with limits and with reasons. All of the text must be the number: no
 * white space around it, nothing after it. Every failure is a FAULT_BAD that quotes the text.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/fault.h"

#include <stdint.h>

/* A decimal integer from min to max. */
int num_int(const char *text, int64_t min, int64_t max, int64_t *out, struct fault *f);

/* A length of time in milliseconds: 250ms 20s 10m 6h 2d 1w; a bare 0 is allowed. */
int num_duration(const char *text, int64_t *ms, struct fault *f);

/* Prints the shortest of these forms that is exact: 90000 is "90s", 86400000 is "1d". */
const char *num_duration_text(int64_t ms, char buf[24]);

/*
 * A count ("20") or a share of some whole ("5%", "0.5%"), as limits and batch sizes are given.
 * A share is kept in thousandths of a percent: 5% is 5000.
 */
struct num_share {
	int is_percent;
	int64_t value;
};

int num_share(const char *text, struct num_share *out, struct fault *f);

/* How many of a whole that allows: a share is rounded down. */
int64_t num_share_of(const struct num_share *s, int64_t whole);

/* The same, but at least 1: a share of few is not to stop all. */
int64_t num_share_or_one(const struct num_share *s, int64_t whole);

#endif
