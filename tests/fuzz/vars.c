/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as --vars, over values of each type: it is refused with a place, or has an answer. */
#include "fleet/select/vars.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
every_type(void *ctx, const char *key, struct jtext *out, struct fault *f)
{
	static const char *const values[] = {"null", "true", "-1.5e3", "\"a, \\\"b\\\": c\"",
	    "[1,[2,{\"k\":[]}],\"x\"]", "{\"a\":{\"b\":[{\"s\":25},{\"s\":10}]},\"odd key\":1}"};

	(void)ctx, (void)f;
	*out = *key ? JTEXT(values[(unsigned char)*key % 6]) : (struct jtext){0};
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct judge_names names = {.variable = every_type};
	char *text = mem_dupn((const char *)data, size);
	struct fault f;
	struct vars *v = vars_new(text, &f);

	if (v) {
		int holds = vars_hold(v, &names, &f);

		assert(holds == 0 || holds == 1);
		assert(vars_key(v, 0));
	} else {
		assert(f.kind == FAULT_BAD && strncmp(f.text, "--vars: ", 8) == 0);
	}
	vars_free(v);
	free(text);
	return 0;
}
