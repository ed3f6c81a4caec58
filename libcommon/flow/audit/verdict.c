/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/verdict.h"

#include "base/near.h"
#include "base/str.h"

#include <string.h>

const char *const verdict_words[] = {
    [VERDICT_PASS] = "pass",
    [VERDICT_FAIL] = "fail",
    [VERDICT_ERROR] = "error",
    [VERDICT_UNREACHABLE] = "unreachable",
    [VERDICT_TIMEOUT] = "timeout",
    [VERDICT_STALE] = "stale",
    [VERDICT_NOT_APPLICABLE] = "not-applicable",
    [VERDICT_WAIVED] = "waived",
    [VERDICT_COUNT] = NULL,
};

const char *const severity_words[] = {
    [SEVERITY_INFO] = "info",
    [SEVERITY_LOW] = "low",
    [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high",
    [SEVERITY_CRITICAL] = "critical",
    [SEVERITY_COUNT] = NULL,
};

static int
read_word(const char *const *words, const char *what, const char *word, struct fault *f)
{
	struct near near = NEAR_INIT(word);
	struct str all = STR_INIT;
	char hint[NEAR_HINT];

	for (int i = 0; words[i]; i++) {
		if (!strcmp(words[i], word)) {
			str_done(&all);
			return i;
		}
		near_offer(&near, words[i]);
		str_addf(&all, "%s%s", i ? ", " : "", words[i]);
	}
	fault_set(f, FAULT_USAGE, "%s: \"%.80s\": not one of %s%s", what, word, all.text,
	    near_hint(&near, hint));
	str_done(&all);
	return -1;
}

int
verdict_read(const char *what, const char *word, enum verdict *out, struct fault *f)
{
	int i = read_word(verdict_words, what, word, f);

	if (i < 0)
		return -1;
	*out = (enum verdict)i;
	return 0;
}

int
severity_read(const char *what, const char *word, enum severity *out, struct fault *f)
{
	int i = read_word(severity_words, what, word, f);

	if (i < 0)
		return -1;
	*out = (enum severity)i;
	return 0;
}
