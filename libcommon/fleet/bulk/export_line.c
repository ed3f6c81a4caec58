/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/bulk/export_line.h"

#include "base/mem.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
give(struct export_run *e, struct fault *f)
{
	return e->line(e->ctx, (struct jtext){e->out.text, e->out.len}, f);
}

/* ---- sources ---- */

int
export_by_id(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

const char *
export_source_name(const struct export_run *e, int64_t id)
{
	const struct source key = {.id = id};
	const struct source *found =
	    bsearch(&key, e->sources.v, e->sources.n, sizeof(key), export_by_id);

	return found->name;
}

int
export_source(struct export_run *e, const struct source *source, struct fault *f)
{
	str_reset(&e->out);
	jtext_open(&e->out);
	jtext_text(&e->out, "kind", "source");
	jtext_text(&e->out, "name", source->name);
	jtext_int(&e->out, "rank", source->rank);
	jtext_close(&e->out);
	return give(e, f);
}

/* ---- layers ---- */

/*
 * The ref of an item that many are in, looked up once; *out is NULL for one that was removed
 * since it was said.
 */
static int
place_ref(struct export_run *e, int64_t id, const char **out, struct fault *f)
{
	struct item i = {0};
	struct str ref = STR_INIT;
	union map_value *known;
	char key[24];
	int added, status = 0;

	snprintf(key, sizeof(key), "%" PRId64, id);
	known = map_put(&e->places, key, &added);
	if (added)
		status = item_get(e->s, id, &i, f);
	if (status == 1 && (status = ref_text(e->s, &i, &ref, f)) == 0)
		known->p = str_take(&ref);
	item_done(&i);
	str_done(&ref);
	*out = known->p;
	return status;
}

static int
is_key(struct jtext key, const char *name)
{
	return key.len == strlen(name) && memcmp(key.text, name, key.len) == 0;
}

static const char *const places[] = {"cloud", "region", "cell", "parent"};

#define NPLACES (sizeof(places) / sizeof(*places))

/* Items, by their ids in the layer, by their refs in the line. */
static int
put_places(struct export_run *e, struct jtext attributes, struct fault *f)
{
	for (size_t i = 0; i < NPLACES; i++) {
		struct jtext id = jtext_member(attributes, places[i]);
		const char *ref = NULL;

		if (id.text && place_ref(e, strtoll(id.text, NULL, 10), &ref, f) < 0)
			return -1;
		jtext_text(&e->out, places[i], ref);
	}
	return 0;
}

/* Whether an attribute has been written already: the name and the places stand in front. */
static int
is_written(struct jtext key)
{
	return document_is_place(key) || is_key(key, "name");
}

static void
put_others(struct export_run *e, struct jtext attributes)
{
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(attributes, &at, &key, &value)) {
		if (is_written(key))
			continue;
		str_addf(&e->out, ",\"%.*s\":", (int)key.len, key.text);
		str_addn(&e->out, value.text, value.len);
	}
}

/* Texts, each JSON already, sorted: ids would come in another order from another file. */
static void
put_list(struct export_run *e, const char *name, struct words *texts)
{
	words_sort(texts);
	if (texts->n) {
		jtext_key(&e->out, name);
		for (size_t i = 0; i < texts->n; i++) {
			str_addc(&e->out, i ? ',' : '[');
			str_add(&e->out, texts->v[i]);
		}
		str_addc(&e->out, ']');
	}
	words_done(texts);
}

static int
put_labels(struct export_run *e, const struct document *d, struct fault *f)
{
	struct words texts = {0};
	int found = 1;

	for (size_t i = 0; found == 1 && i < d->labels.n; i++) {
		struct str text = STR_INIT;
		char *name = NULL;

		found = item_name(e->s, d->labels.v[i], &name, f);
		if (found == 1) {
			jtext_put_string(&text, name);
			vec_push(&texts, str_take(&text));
		}
		free(name);
	}
	put_list(e, "labels", &texts);
	return found < 0 ? -1 : 0;
}

static int
put_relations(struct export_run *e, const struct document *d, struct fault *f)
{
	struct words texts = {0};
	int status = 0;

	for (size_t i = 0; status == 0 && i < d->edges.n; i++) {
		struct str text = STR_INIT, ref = STR_INIT;

		status = ref_of(e->s, d->edges.v[i].dst, &ref, f);
		jtext_open(&text);
		jtext_text(&text, "type", d->edges.v[i].type);
		jtext_text(&text, "to", ref.text);
		jtext_close(&text);
		vec_push(&texts, str_take(&text));
		str_done(&ref);
	}
	put_list(e, "relations", &texts);
	return status;
}

/* What every line begins with. */
static void
open_line(struct export_run *e, const struct export_item *it, struct jtext name, int64_t source,
    const char *key)
{
	str_reset(&e->out);
	jtext_open(&e->out);
	jtext_text(&e->out, "kind", it->item.kind);
	jtext_rawn(&e->out, "name", name.text, name.len);
	jtext_text(&e->out, "ref", it->ref);
	jtext_text(&e->out, "source", export_source_name(e, source));
	jtext_text(&e->out, "key", key);
}

int
export_layer(struct export_run *e, const struct export_item *it, const struct document *d,
    const char *key, struct fault *f)
{
	struct jtext attributes = JTEXT(d->attributes);

	open_line(e, it, jtext_member(attributes, "name"), d->source, key);
	if (put_places(e, attributes, f) < 0)
		return -1;
	put_others(e, attributes);
	if (put_labels(e, d, f) < 0)
		return -1;
	if (strcmp(d->variables, "{}") != 0)
		jtext_raw(&e->out, "variables", d->variables);
	if (put_relations(e, d, f) < 0)
		return -1;
	jtext_close(&e->out);
	return give(e, f);
}

int
export_key(struct export_run *e, const struct export_item *it, int64_t source, const char *key,
    struct fault *f)
{
	open_line(e, it, (struct jtext){0}, source, key);
	jtext_close(&e->out);
	return give(e, f);
}
