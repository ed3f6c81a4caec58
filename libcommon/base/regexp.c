/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/regexp.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/when.h"

#include <pcre2.h>
#include <stdlib.h>

/*
 * PCRE2 counts steps anew for each place a match could start at, so its limit alone leaves
 * time in the length of the text. We give it a few places at a time and look at the clock in
 * between. A million steps take some 10 ms; an honest match takes some hundred.
 */
#define MATCH_LIMIT 1000000
#define DEPTH_LIMIT 10000
#define HEAP_LIMIT_KIB 8192
#define PLACES 32
#define PATIENCE 1000 /* ms */

struct regexp {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	int anchored; /* can only start at the start */
};

struct regexp *
regexp_new(const char *pattern, size_t len, struct fault *f)
{
	struct regexp *r;
	PCRE2_SIZE at;
	pcre2_code *code;
	uint32_t options = 0;
	int error;

	if (len > REGEXP_LONGEST) {
		fault_set(
		    f, FAULT_BAD, "a regular expression of more than %d bytes", REGEXP_LONGEST);
		return NULL;
	}
	code = pcre2_compile(
	    (PCRE2_SPTR)pattern, len, PCRE2_UTF | PCRE2_USE_OFFSET_LIMIT, &error, &at, NULL);
	if (!code) {
		PCRE2_UCHAR words[128];

		pcre2_get_error_message(error, words, sizeof(words));
		fault_set(f, FAULT_BAD, "regular expression '%.*s': %s at character %zu",
		    (int)(len > 80 ? 80 : len), pattern, (const char *)words, at + 1);
		return NULL;
	}
	r = mem_zero(1, sizeof(*r));
	r->code = code;
	pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
	r->anchored = (options & PCRE2_ANCHORED) != 0;
	r->data = pcre2_match_data_create(1, NULL);
	r->context = pcre2_match_context_create(NULL);
	if (!r->data || !r->context)
		report_no_memory();
	pcre2_set_match_limit(r->context, MATCH_LIMIT);
	pcre2_set_depth_limit(r->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->context, HEAP_LIMIT_KIB);
	return r;
}

void
regexp_free(struct regexp *r)
{
	if (!r)
		return;
	pcre2_match_context_free(r->context);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r);
}

/* 1, 0 or -1 from what PCRE2 says. */
static int
outcome(int found, struct fault *f)
{
	switch (found) {
	case PCRE2_ERROR_NOMATCH: return 0;
	case PCRE2_ERROR_NOMEMORY: report_no_memory();
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
		return fault_set(f, FAULT_BAD, "a regular expression backtracks too much");
	default: break;
	}
	if (found < 0)
		return fault_set(
		    f, FAULT_BAD, "a regular expression cannot be matched (PCRE2 %d)", found);
	return 1;
}

/* Behind the next PLACES characters, or the end. */
static size_t
some_places(const char *text, size_t len, size_t at)
{
	for (int n = 0; n < PLACES && at < len; n++)
		do
			at++;
		while (at < len && ((unsigned char)text[at] & 0xc0) == 0x80);
	return at;
}

int
regexp_match(const struct regexp *r, const char *text, size_t len, struct fault *f)
{
	int64_t deadline = 0;
	uint32_t options = 0;
	size_t at = 0, last;
	int found;

	do {
		last = r->anchored ? len : some_places(text, len, at);
		pcre2_set_offset_limit(r->context, last);
		found = outcome(
		    pcre2_match(r->code, (PCRE2_SPTR)text, len, at, options, r->data, r->context),
		    f);
		if (found || last == len)
			return found;
		options = PCRE2_NO_UTF_CHECK; /* the first call has checked all of it */
		at = last;
		if (!deadline)
			deadline = when_boot() + PATIENCE;
	} while (when_boot() <= deadline);
	return outcome(PCRE2_ERROR_MATCHLIMIT, f);
}
