/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/mem.h"
#include "io/jtext.h"

#include <stdlib.h>
#include <string.h>

/* JSON where it is JSON: 512, true, [1,2], "quoted"; anything else is a text as it stands. */
static void
put_value(struct str *out, const char *value)
{
	struct fault no_json;

	if (jtext_canonical(value, strlen(value), out, &no_json) < 0)
		jtext_put_string(out, value);
}

int
inv_put_pairs(struct str *out, char *const *pairs, size_t n, struct fault *f)
{
	if (!n)
		return 0;
	jtext_key(out, "variables");
	jtext_open(out);
	for (size_t i = 0; i < n; i++) {
		const char *equals = strchr(pairs[i], '=');
		char *key;

		if (!equals || equals == pairs[i])
			return fault_set(f, FAULT_USAGE, "\"%s\": KEY=VALUE is wanted", pairs[i]);
		key = mem_dupn(pairs[i], (size_t)(equals - pairs[i]));
		jtext_key(out, key);
		put_value(out, equals + 1);
		free(key);
	}
	jtext_close(out);
	return 0;
}

void
inv_put_texts(struct str *out, const char *key, const struct words *texts)
{
	if (!texts->n)
		return;
	jtext_key(out, key);
	str_addc(out, '[');
	for (size_t i = 0; i < texts->n; i++) {
		if (i)
			str_addc(out, ',');
		jtext_put_string(out, texts->v[i]);
	}
	str_addc(out, ']');
}
