/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/mem.h"
#include "base/report.h"
#include "fleet/pairs.h"
#include "fleet/record.h"
#include "io/jtext.h"

#include <stdlib.h>
#include <string.h>

void
inv_put_attributes(struct str *out, const struct inv_attributes *a)
{
	jtext_text(out, "cloud", a->cloud);
	jtext_text(out, "region", a->region);
	jtext_text(out, "cell", a->cell);
	jtext_text(out, "parent", a->parent);
	jtext_text(out, "ip_address", a->address);
	jtext_text(out, "device_type", a->type);
	jtext_text(out, "note", a->note);
}

void
inv_note_namesakes(char *const *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *key = mem_dupn(pairs[i], strcspn(pairs[i], "="));

		if (record_field(key) == RECORD_TEXT_ATTRIBUTE)
			report_note("%s is a variable now; " PAIRS_ATTRIBUTE
				    "%s=... sets the attribute",
			    key, key);
		free(key);
	}
}

void
inv_warn(const char *text, void *ctx)
{
	(void)ctx;
	report_warn("%s", text);
}
