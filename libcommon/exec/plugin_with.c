/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/plugin.h"

#include "base/near.h"
#include "io/jtext.h"

#include <stdlib.h>

static int
no_parameter(
    const char *kind, const char *name, const char *given, struct jtext known, struct fault *f)
{
	struct near near = NEAR_INIT(given);
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
	fault_set(f, FAULT_BAD, "%s %s has no parameter %.80s%s", kind, name, given,
	    near_hint(&near, hint));
	words_done(&names);
	return -1;
}

int
plugin_check_with(const char *kind, const char *name, const struct plugin_about *about,
    const char *with, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;
	int rc = 0;

	if (!about->parameters)
		return 0;
	while (rc == 0 && with && jtext_each(JTEXT(with), &at, &key, &value)) {
		char *given = jtext_plain_dup(key);

		if (!jtext_member(JTEXT(about->parameters), given).text)
			rc = no_parameter(kind, name, given, JTEXT(about->parameters), f);
		free(given);
	}
	return rc;
}
