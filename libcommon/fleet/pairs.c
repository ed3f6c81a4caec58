/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/pairs.h"

#include "base/mem.h"
#include "fleet/record.h"
#include "io/jtext.h"

#include <stdlib.h>
#include <string.h>

int
pairs_is(const char *operand)
{
	return operand[strcspn(operand, "=:")] == '=';
}

int
pairs_start(char *const *operands, int n)
{
	int i = 0;

	while (i < n && !pairs_is(operands[i]))
		i++;
	return i;
}

const char *
pairs_attribute(const char *key)
{
	size_t len = strlen(PAIRS_ATTRIBUTE);

	return strncmp(key, PAIRS_ATTRIBUTE, len) == 0 ? key + len : NULL;
}

static void
put_value(struct str *out, const char *value, int is_text)
{
	struct fault no_json;

	if (is_text || jtext_canonical(value, strlen(value), out, &no_json) < 0)
		jtext_put_string(out, value);
}

static int
put_attribute(struct str *out, const char *name, const char *value, struct fault *f)
{
	enum record_field field = record_field(name);

	if (field == RECORD_NO_ATTRIBUTE)
		return fault_set(f, FAULT_USAGE, "item.%s: not an attribute", name);
	jtext_key(out, name);
	put_value(out, value, field == RECORD_TEXT_ATTRIBUTE);
	return 0;
}

/* One pair, if it is of the kind that is being written now. */
static int
put_pair(struct str *out, const char *pair, int attributes, struct fault *f)
{
	const char *equals = strchr(pair, '='), *name;
	char *key;
	int status = 0;

	if (!equals || equals == pair)
		return fault_set(f, FAULT_USAGE, "\"%s\": KEY=VALUE is wanted", pair);
	key = mem_dupn(pair, (size_t)(equals - pair));
	name = pairs_attribute(key);
	if (name && attributes) {
		status = put_attribute(out, name, equals + 1, f);
	} else if (!name && !attributes) {
		jtext_key(out, key);
		put_value(out, equals + 1, 0);
	}
	free(key);
	return status;
}

int
pairs_put(struct str *out, char *const *pairs, size_t n, struct fault *f)
{
	struct str variables = STR_INIT;
	int status = 0;

	jtext_open(&variables);
	for (size_t i = 0; status == 0 && i < n; i++) {
		status = put_pair(out, pairs[i], 1, f);
		if (status == 0)
			status = put_pair(&variables, pairs[i], 0, f);
	}
	jtext_close(&variables);
	if (status == 0 && variables.len > 2)
		jtext_rawn(out, "variables", variables.text, variables.len);
	str_done(&variables);
	return status;
}

void
pairs_put_texts(struct str *out, const char *key, const struct words *texts)
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
