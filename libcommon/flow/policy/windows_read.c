/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/windows_read.h"

#include <string.h>

static int
read_one(const struct yaml_node *n, struct windows *out, struct fault *f)
{
	struct window w;

	if (!n->text || !*n->text)
		return yaml_fault(
		    n, f, "a window like \"Mon-Thu 22:00-05:00 Europe/Berlin\" is wanted");
	if (window_read(&w, n->text, f) < 0)
		return yaml_fault(n, f, "%s", strdupa(f->text));
	vec_push(out, w);
	return 0;
}

int
windows_read(const struct yaml_node *n, struct windows *out, struct fault *f)
{
	/* An empty list would be taken for always by one, and for never by another. */
	if (n->type != YAML_LIST || !n->n)
		return read_one(n, out, f);
	for (size_t i = 0; i < n->n; i++)
		if (read_one(n->items[i], out, f) < 0)
			return -1;
	return 0;
}
