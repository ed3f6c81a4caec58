/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/action.h"

#include "base/near.h"
#include "exec/plugin.h"

static int
no_parameter(const struct step *s, const char *name, struct jtext known, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	char hint[NEAR_HINT];
	struct words names = {0};
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(known, &at, &key, &value)) {
		char *text = jtext_plain_dup(key);

		words_add(&names, text);
		free(text);
	}
	for (size_t i = 0; i < names.n; i++)
		near_offer(&near, names.v[i]);
	fault_set(f, FAULT_BAD, "action %s has no parameter %.80s%s", s->action, name,
	    near_hint(&near, hint));
	words_done(&names);
	return -1;
}

static int
check_parameters(const struct step *s, const char *parameters, struct fault *f)
{
	struct jtext known = JTEXT(parameters), key, value;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && s->with && jtext_each(JTEXT(s->with), &at, &key, &value)) {
		char *name = jtext_plain_dup(key);

		if (!jtext_member(known, name).text)
			rc = no_parameter(s, name, known, f);
		free(name);
	}
	return rc;
}

static int
check_step(const struct step *s, struct fault *f)
{
	struct plugin_about about = {0};
	struct fault ignored;
	char *path = NULL;
	int rc = plugin_find("action", s->action, &path, f);

	if (rc == 0 && plugin_describe(path, &about, &ignored) == 0) {
		if (about.parameters)
			rc = check_parameters(s, about.parameters, f);
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
