/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a template: parts or a message. A text without braces expands to itself, and one
 * whose braces are doubled to what it was before.
 */
#include "flow/plan/template.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static struct jtext
nothing(const char *step, void *ctx)
{
	(void)step;
	(void)ctx;
	return JTEXT("{\"a\":{\"b\":1}}");
}

static const struct template_values values = {
    .uses =
	{"{\"attributes\":{\"name\":\"-x\"},\"labels\":{\"a\":[\"1\"]},\"variables\":{\"a\":[1]}}",
	    72},
    .key = "1/x/y",
    .output = nothing,
};

static void
expand(const char *text)
{
	struct template t = {0};
	struct templates argv = {.v = &t, .n = 1};
	struct str out = STR_INIT;
	struct words words = {0};
	struct fault f = {0};

	if (template_parse(&t, text, &f) == 0) {
		template_expand(&t, &values, &out, &f);
		templates_expand(&argv, &values, &words, &f);
	} else {
		assert(f.kind == FAULT_BAD && *f.text);
	}
	template_done(&t);
	str_done(&out);
	words_done(&words);
}

static void
check_doubled(const char *text)
{
	struct template t = {0};
	struct str doubled = STR_INIT, out = STR_INIT;
	struct fault f;
	int rc;

	str_reset(&doubled);
	str_reset(&out);
	for (const char *p = text; *p; p++) {
		str_addc(&doubled, *p);
		if (*p == '{' || *p == '}')
			str_addc(&doubled, *p);
	}
	rc = template_parse(&t, doubled.text, &f);
	assert(rc == 0);
	rc = template_expand(&t, &values, &out, &f);
	assert(rc == 0 && !strcmp(out.text, text));
	template_done(&t);
	str_done(&doubled);
	str_done(&out);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = mem_dupn((const char *)data, len);

	expand(text);
	check_doubled(text);
	free(text);
	return 0;
}
