/* SPDX-License-Identifier: Apache-2.0 */
/* resolve_attributes: what the sources say of an item's attributes. */
#include "fleet/resolve.h"

#include "base/mem.h"
#include "fleet/document.h"
#include "fleet/log/history.h"
#include "fleet/pairs.h"
#include "fleet/sources/precedence.h"

#include <stdlib.h>
#include <string.h>

static int
value_of(struct session *s, struct jtext key, struct jtext value, struct resolution *to,
    struct jtext *out, struct fault *f)
{
	struct str ref = STR_INIT, json = STR_INIT;
	int status = 0;

	if (document_is_place(key)) {
		status = history_ref(s, strtoll(value.text, NULL, 10), &ref, f);
		jtext_put_string(&json, status == 0 ? ref.text : "");
	} else {
		str_addn(&json, value.text, value.len);
	}
	out->len = json.len;
	vec_push(&to->texts, str_take(&json));
	out->text = to->texts.v[to->texts.n - 1];
	str_done(&ref);
	return status;
}

static struct resolved_key *
entry_of(struct resolution *to, const char *name)
{
	struct resolved_key *entry;

	for (size_t i = 0; i < to->keys.n; i++)
		if (strcmp(to->keys.v[i].key + strlen(PAIRS_ATTRIBUTE), name) == 0)
			return &to->keys.v[i];
	entry = vec_add(&to->keys);
	entry->key = mem_printf(PAIRS_ATTRIBUTE "%s", name);
	return entry;
}

/* To its place: this attribute may have an order of its own. */
static void
insert(const struct precedence *order, const char *name, struct resolved_key *entry,
    const struct candidate *one)
{
	const char *by = strcmp(name, "cloud") == 0 || strcmp(name, "cell") == 0 ? "region" : name;
	size_t i = entry->candidates.n;

	vec_push(&entry->candidates, *one);
	for (; i && precedence_compare(order, PRECEDENCE_ATTRIBUTES, by, one->source,
			entry->candidates.v[i - 1].source) < 0;
	     i--)
		entry->candidates.v[i] = entry->candidates.v[i - 1];
	entry->candidates.v[i] = *one;
}

static int
add_layer(struct session *s, const struct precedence *order, const struct document *d,
    const char *only, struct resolution *out, struct fault *f)
{
	struct candidate one = {.item = d->item, .source = d->source};
	struct jtext key, value;
	size_t at = 0;
	int status = 0;

	while (status == 0 && jtext_each(JTEXT(d->attributes), &at, &key, &value)) {
		struct str name = STR_INIT;

		jtext_plain(key, &name);
		if (!only || strcmp(only, name.text) == 0) {
			status = value_of(s, key, value, out, &one.value, f);
			insert(order, name.text, entry_of(out, name.text), &one);
		}
		str_done(&name);
	}
	return status;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct resolved_key *)a)->key, ((const struct resolved_key *)b)->key);
}

int
resolve_attributes(
    struct session *s, int64_t item, const char *only, struct resolution *out, struct fault *f)
{
	const struct precedence *order = precedence_of(s, f);
	struct documents docs = {0};
	int status = order ? document_list(s, item, &docs, f) : -1;

	*out = (struct resolution){0};
	for (size_t i = 0; status == 0 && i < docs.n; i++)
		status = add_layer(s, order, &docs.v[i], only, out, f);
	vec_sort(&out->keys, by_key);
	documents_done(&docs);
	return status;
}
