/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jansson judges: what we accept it accepts, and means the same; what it accepts we accept,
 * but for nesting deeper than JTEXT_DEEPEST and for NUL bytes, which end its text. Canonical text
 * is its own canonical text, and reading it finds every member by its plain key.
 */
#include "io/jtext.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STRICT (JSON_DECODE_ANY | JSON_REJECT_DUPLICATES)

static void
same_meaning(const struct str *canonical, const json_t *theirs)
{
	json_t *ours = json_loadb(canonical->text, canonical->len, STRICT, NULL);

	assert(ours && json_equal(ours, theirs));
	json_decref(ours);
}

static void
fixed_point(const struct str *canonical)
{
	struct str again = STR_INIT;
	struct fault f;

	assert(jtext_canonical(canonical->text, canonical->len, &again, &f) == 0);
	assert(again.len == canonical->len);
	assert(!memcmp(again.text, canonical->text, again.len));
	str_done(&again);
}

/* Each member is found by its key, and putting it back changes nothing. */
static void
readable(const struct str *canonical)
{
	struct jtext whole = {canonical->text, canonical->len}, key, value;
	struct str plain = STR_INIT, same = STR_INIT;

	for (size_t at = 0; jtext_each(whole, &at, &key, &value);) {
		if (!key.text)
			continue;
		str_reset(&plain);
		str_reset(&same);
		jtext_plain(key, &plain);
		assert(jtext_same(jtext_member(whole, plain.text), value));
		jtext_with(whole, plain.text, value, &same);
		assert(jtext_same(whole, (struct jtext){same.text, same.len}));
	}
	str_done(&plain);
	str_done(&same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	json_t *theirs = json_loadb(text, size, STRICT, NULL);
	struct str canonical = STR_INIT;
	struct fault f;

	if (jtext_canonical(text, size, &canonical, &f) == 0) {
		assert(theirs);
		assert(canonical.len <= size);
		same_meaning(&canonical, theirs);
		fixed_point(&canonical);
		readable(&canonical);
	} else {
		assert(canonical.len == 0 && f.kind == FAULT_BAD);
		assert(
		    !theirs || strstr(f.text, "nested deeper") || (size && memchr(text, 0, size)));
	}
	str_done(&canonical);
	json_decref(theirs);
	return 0;
}
