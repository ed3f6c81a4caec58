/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/settings.h"

#include "base/mem.h"
#include "base/pattern.h"
#include "fleet/pairs.h"

#include <stdlib.h>
#include <string.h>

int64_t
settings_int(const char *settings, const char *name, int64_t fallback)
{
	struct jtext value = jtext_member(JTEXT(settings), name);

	return value.text ? strtoll(value.text, NULL, 10) : fallback;
}

int
settings_true(const char *settings, const char *name)
{
	struct jtext value = jtext_member(JTEXT(settings), name);

	return value.text && jtext_type(value) == JTEXT_TRUE;
}

char *
settings_text(const char *settings, const char *name)
{
	return jtext_plain_dup(jtext_member(JTEXT(settings), name));
}

void
settings_words(const char *settings, const char *name, struct words *out)
{
	struct jtext list = jtext_member(JTEXT(settings), name), none, word;
	size_t at = 0;

	while (list.text && jtext_each(list, &at, &none, &word))
		vec_push(out, jtext_plain_dup(word));
}

void
settings_put(char **settings, const char *name, const char *json)
{
	struct str out = STR_INIT;

	jtext_with(JTEXT(*settings), name, json ? JTEXT(json) : (struct jtext){0}, &out);
	free(*settings);
	*settings = str_take(&out);
}

static int
is_attribute(const char *text, size_t len)
{
	static const char prefix[] = PAIRS_ATTRIBUTE;

	return len >= sizeof(prefix) - 1 && memcmp(text, prefix, sizeof(prefix) - 1) == 0;
}

int
settings_match(struct jtext pattern, const char *key)
{
	size_t len = strlen(key);

	return is_attribute(pattern.text, pattern.len) == is_attribute(key, len) &&
	       pattern_glob(pattern.text, pattern.len, key, len);
}

/* ---- what comes from outside ---- */

enum type { TYPE_NUMBER, TYPE_TRUE, TYPE_TEXT, TYPE_TEXTS, TYPE_NUMBERS };

static const struct {
	const char *name;
	enum type type;
} members[] = {
    {"command", TYPE_TEXTS},
    {"every", TYPE_NUMBER},
    {"format", TYPE_TEXT},
    {"keys", TYPE_TEXTS},
    {"kinds", TYPE_TEXTS},
    {"partial", TYPE_TRUE},
    {"placeholders", TYPE_TEXTS},
    {"plugin", TYPE_TEXT},
    {"ranks", TYPE_NUMBERS},
    {"shrink", TYPE_NUMBER},
    {"stale_after", TYPE_NUMBER},
    {"timeout", TYPE_NUMBER},
};

/* A whole number of at most 18 digits, which is below 2^63; no sign: none of them has one. */
static int
is_number(struct jtext value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.text[i] < '0' || value.text[i] > '9')
			return 0;
	return value.len > 0 && value.len <= 18;
}

static int
is_of(struct jtext value, enum type type)
{
	struct jtext key, inner;
	size_t at = 0;

	switch (type) {
	case TYPE_NUMBER: return is_number(value);
	case TYPE_TRUE: return jtext_type(value) == JTEXT_TRUE;
	case TYPE_TEXT: return jtext_type(value) == JTEXT_STRING;
	case TYPE_TEXTS:
	case TYPE_NUMBERS: break;
	}
	if (jtext_type(value) != (type == TYPE_TEXTS ? JTEXT_ARRAY : JTEXT_OBJECT))
		return 0;
	while (jtext_each(value, &at, &key, &inner))
		if (!is_of(inner, type == TYPE_TEXTS ? TYPE_TEXT : TYPE_NUMBER))
			return 0;
	return 1;
}

int
settings_check(struct jtext settings, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	if (jtext_type(settings) != JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "settings: an object is wanted");
	while (jtext_each(settings, &at, &key, &value)) {
		size_t i = 0, n = sizeof(members) / sizeof(*members);

		while (i < n && (strlen(members[i].name) != key.len ||
				    memcmp(members[i].name, key.text, key.len) != 0))
			i++;
		if (i == n || !is_of(value, members[i].type))
			return fault_set(f, FAULT_BAD, "settings: %.*s: not a setting of that type",
			    key.len > 40 ? 40 : (int)key.len, key.text);
	}
	return 0;
}
