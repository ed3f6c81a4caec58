/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a label selector: refused with a place, or requirements that make sense. */
#include "fleet/select/selector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void
check(const struct selector *sel)
{
	assert(sel->requirements.n > 0);
	for (size_t i = 0; i < sel->requirements.n; i++) {
		const struct requirement *r = &sel->requirements.v[i];

		assert(r->key);
		assert(r->any ? r->values.n == 0 : r->values.n > 0);
		assert(!selector_place(r->about) || strcmp(selector_place(r->about), r->key) == 0);
	}
	selector_kind(sel, "host");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const char context[] = "label selector: ";
	char *text = mem_dupn((const char *)data, len);
	struct fault f = {0};
	struct selector *sel = selector_new(text, &f);

	if (sel)
		check(sel);
	else
		assert(f.kind == FAULT_BAD && strncmp(f.text, context, strlen(context)) == 0);
	selector_free(sel);
	free(text);
	return 0;
}
