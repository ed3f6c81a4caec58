/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/plugin.h"
#include "flow/gather/probe.h"

#include <string.h>

static int
check_probe(const struct gather *what, struct fault *f)
{
	struct plugin_about about = {0};
	struct fault ignored; /* a plug-in need not describe itself */
	char *path = NULL;
	int status = plugin_find("probe", what->probe, &path, f);

	if (status == 0 && plugin_describe(path, &about, &ignored) == 0)
		status = plugin_check_with("probe", what->probe, &about, what->with, f);
	plugin_about_done(&about);
	free(path);
	return status < 0 ? yaml_fault(what->with_node ? what->with_node : what->node, f, "%s",
				strdupa(f->text))
			  : 0;
}

int
gather_check(const struct definition *d, struct fault *f)
{
	for (size_t i = 0; i < d->gathers.n; i++) {
		const struct gather *what = &d->gathers.v[i];

		if (!probe_way(what->probe)->word && check_probe(what, f) < 0)
			return -1;
	}
	return 0;
}
