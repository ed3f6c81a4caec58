/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as YAML: a tree or a message; the JSON of a tree is canonical, and read again it
 * is the same tree.
 */
#include "io/yaml.h"

#include "io/jtext.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

struct thing {
	char *text, *name;
	int64_t count, wait;
	struct num_share share;
	struct words texts;
	int word, truth;
	double real;
};

static const char *const known[] = {"low", "high", NULL};

#define FIELD(k, w, member) .key = (k), .want = (w), .offset = offsetof(struct thing, member)

static const struct yaml_field fields[] = {{FIELD("text", YAML_WANT_TEXT, text)},
    {FIELD("name", YAML_WANT_WORD, name)},
    {FIELD("count", YAML_WANT_INT, count), .min = -5, .max = 500},
    {FIELD("wait", YAML_WANT_DURATION, wait)}, {FIELD("share", YAML_WANT_SHARE, share)},
    {FIELD("texts", YAML_WANT_TEXTS, texts)}, {FIELD("word", YAML_WANT_WORD, word), .words = known},
    {FIELD("truth", YAML_WANT_BOOL, truth)}, {FIELD("real", YAML_WANT_DOUBLE, real)}, {0}};

static void
check_read(const struct yaml_node *root)
{
	struct thing t = {0};
	struct fault f = {0};
	int r = yaml_read(root, fields, &t, &f);

	assert(r == 0 || (f.kind == FAULT_BAD && !strncmp(f.text, "fuzz:", 5)));
	free(t.text);
	free(t.name);
	words_done(&t.texts);
}

/* libyaml reads no raw control characters, which JSON has past U+007E, and no long keys. */
static int
is_yaml_too(const struct str *json)
{
	for (size_t i = 0; i < json->len; i++)
		if ((unsigned char)json->text[i] >= 0x7f)
			return 0;
	return json->len < 1000;
}

static void
check_json(const struct yaml_node *root)
{
	struct str json = STR_INIT, again = STR_INIT;
	struct yaml_file y;
	struct fault f;
	int r;

	yaml_to_json(root, &json);
	r = jtext_canonical(json.text, json.len, &again, &f);
	assert(r == 0 && !strcmp(json.text, again.text));
	if (is_yaml_too(&json)) {
		str_reset(&again);
		r = yaml_parse(&y, "fuzz", json.text, json.len, &f);
		assert(r == 0);
		yaml_to_json(y.root, &again);
		assert(!strcmp(json.text, again.text));
		yaml_close(&y);
	}
	str_done(&json);
	str_done(&again);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct yaml_file y;
	struct fault f = {0};
	int r = yaml_parse(&y, "fuzz", (const char *)data, len, &f);

	assert(r == 0 || (f.kind == FAULT_BAD && !strncmp(f.text, "fuzz:", 5)));
	if (r == 0 && y.root) {
		check_read(y.root);
		check_json(y.root);
	}
	yaml_close(&y);
	return 0;
}
