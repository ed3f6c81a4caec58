/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "io/jtext.h"

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
inv_warn(const char *text, void *ctx)
{
	(void)ctx;
	report_warn("%s", text);
}
