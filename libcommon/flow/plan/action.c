/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/action.h"

#include "exec/plugin.h"

static int
check_step(const struct step *s, struct fault *f)
{
	struct plugin_about about = {0};
	struct fault ignored;
	char *path = NULL;
	int rc = plugin_find("action", s->action, &path, f);

	if (rc == 0 && plugin_describe(path, &about, &ignored) == 0) {
		rc = plugin_check_with("action", s->action, &about, s->with, f);
		if (rc == 0 && s->idempotent && !about.idempotent)
			rc = fault_set(f, FAULT_BAD,
			    "action %s says that it is not idempotent, and the step that it is",
			    s->action);
	}
	plugin_about_done(&about);
	free(path);
	return rc;
}

int
actions_check(const struct workflow *w, const char *file, struct fault *f)
{
	for (size_t i = 0; i < w->steps.n; i++) {
		const struct step *s = &w->steps.v[i];

		if (s->action && !step_is_none(s) && check_step(s, f) < 0)
			return fault_within(f, "%s: steps.%s", file, s->name);
	}
	return 0;
}
