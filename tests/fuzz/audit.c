/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an audit's definition: refused with a place, or read and its examples tried. */
#include "flow/audit/example.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
try_examples(const struct definition *d, struct judge *judge)
{
	struct str says = STR_INIT;
	struct fault f;

	for (size_t i = 0; i < d->checks.n; i++) {
		const struct check *c = &d->checks.v[i];

		assert(c->name && c->title && !c->expect != !c->query);
		/* A query wants a database of its own for each example: too slow here. */
		for (size_t n = 0; c->expect && n < c->examples.n; n++)
			example_try(c, &c->examples.v[n], judge, &says, &f);
	}
	str_done(&says);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct definition d;
	struct fault f = {0};
	struct judge *judge = judge_new(&f);

	assert(judge);
	if (definition_parse(&d, "a.yaml", (const char *)data, len, &f) == 0)
		try_examples(&d, judge);
	else
		assert(f.kind == FAULT_BAD && !strncmp(f.text, "a.yaml", 6));
	definition_close(&d);
	judge_free(judge);
	return 0;
}
