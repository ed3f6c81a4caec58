/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "base/report.h"

const struct shelf audit_shelf = {"CRATON_AUDITS", "audits", "audit"};

int
open_definition(struct definition *d, const char *called, struct fault *f)
{
	char *path = shelf_find(&audit_shelf, called, f);
	int status;

	*d = (struct definition){0};
	if (!path)
		return -1;
	status = definition_open(d, path, f);
	for (size_t i = 0; i < d->file.warnings.n; i++)
		report_warn("%s", d->file.warnings.v[i]);
	free(path);
	return status;
}

void
print_warning(const char *text, void *ctx)
{
	(void)ctx;
	report_warn("%s", text);
}
