/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/undo.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

static void
put_member(struct str *out, struct jtext key, struct jtext value)
{
	if (out->text[out->len - 1] != '{')
		str_addc(out, ',');
	str_addf(out, "\"%.*s\":", (int)key.len, key.text);
	str_addn(out, value.text, value.len);
}

/* A member by the key as jtext_each gives it, still escaped. */
static struct jtext
member_escaped(struct jtext object, struct jtext wanted)
{
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(object, &at, &key, &value))
		if (key.len == wanted.len && memcmp(key.text, wanted.text, key.len) == 0)
			return value;
	return (struct jtext){0};
}

/* One object's part: the values that new lacks or has otherwise, the keys that it adds. */
static void
write_object(const char *name, const char *old_text, const char *new_text, struct str *out)
{
	struct jtext old = JTEXT(old_text), new = JTEXT(new_text), key, value;
	struct str values = STR_INIT, keys = STR_INIT;
	size_t at = 0;

	if (strcmp(old_text, new_text) == 0)
		return;
	jtext_open(&values);
	while (jtext_each(old, &at, &key, &value))
		if (!jtext_same(member_escaped(new, key), value))
			put_member(&values, key, value);
	jtext_close(&values);
	for (at = 0; jtext_each(new, &at, &key, &value);)
		if (!member_escaped(old, key).text)
			str_addf(&keys, "%s\"%.*s\"", keys.len ? "," : "[", (int)key.len, key.text);
	if (values.len > 2)
		jtext_raw(out, name, values.text);
	if (keys.len) {
		char *gone = mem_printf("-%s", name);

		str_addc(&keys, ']');
		jtext_raw(out, gone, keys.text);
		free(gone);
	}
	str_done(&values);
	str_done(&keys);
}

static void
write_labels(const struct document *old, struct str *out)
{
	struct str list = STR_INIT;

	str_addc(&list, '[');
	for (size_t i = 0; i < old->labels.n; i++)
		str_addf(&list, "%s%" PRId64, i ? "," : "", old->labels.v[i]);
	str_addc(&list, ']');
	jtext_raw(out, "labels", list.text);
	str_done(&list);
}

static void
write_edges(const struct document *old, struct str *out)
{
	struct str list = STR_INIT;

	str_addc(&list, '[');
	for (size_t i = 0; i < old->edges.n; i++) {
		str_add(&list, i ? ",[" : "[");
		jtext_put_string(&list, old->edges.v[i].type);
		str_addf(&list, ",%" PRId64 "]", old->edges.v[i].dst);
	}
	str_addc(&list, ']');
	jtext_raw(out, "edges", list.text);
	str_done(&list);
}

static int
same_labels(const struct document *a, const struct document *b)
{
	return a->labels.n == b->labels.n &&
	       (!a->labels.n ||
		   !memcmp(a->labels.v, b->labels.v, a->labels.n * sizeof(*a->labels.v)));
}

static int
same_edges(const struct document *a, const struct document *b)
{
	if (a->edges.n != b->edges.n)
		return 0;
	for (size_t i = 0; i < a->edges.n; i++)
		if (a->edges.v[i].dst != b->edges.v[i].dst ||
		    strcmp(a->edges.v[i].type, b->edges.v[i].type) != 0)
			return 0;
	return 1;
}

void
undo_write(const struct document *old, const struct document *new, struct str *out)
{
	jtext_open(out);
	write_object("attributes", old->attributes, new->attributes, out);
	write_object("variables", old->variables, new->variables, out);
	if (!same_labels(old, new))
		write_labels(old, out);
	if (!same_edges(old, new))
		write_edges(old, out);
	jtext_close(out);
}

/* ---- applying ---- */

static void
restore_object(char **text, struct jtext values, struct jtext gone)
{
	struct str kept = STR_INIT, merged = STR_INIT;
	struct jtext key, value, name;
	size_t at = 0;

	jtext_open(&kept);
	while (jtext_each(JTEXT(*text), &at, &key, &value)) {
		int drop = 0;

		for (size_t n = 0; gone.text && jtext_each(gone, &n, &(struct jtext){0}, &name);)
			drop |=
			    name.len == key.len + 2 && !memcmp(name.text + 1, key.text, key.len);
		if (!drop)
			put_member(&kept, key, value);
	}
	jtext_close(&kept);
	document_merge(values, JTEXT(kept.text), &merged);
	str_done(&kept);
	free(*text);
	*text = str_take(&merged);
}

static void
restore_labels(struct document *d, struct jtext list)
{
	struct jtext key, value;
	size_t at = 0;

	d->labels.n = 0;
	while (jtext_each(list, &at, &key, &value))
		vec_push(&d->labels, strtoll(value.text, NULL, 10));
}

static void
restore_edges(struct document *d, struct jtext list)
{
	struct jtext key, pair, type, dst;
	size_t at = 0;

	for (size_t i = 0; i < d->edges.n; i++)
		free(d->edges.v[i].type);
	d->edges.n = 0;
	while (jtext_each(list, &at, &key, &pair)) {
		size_t n = 0;
		char *plain;

		if (!jtext_each(pair, &n, &key, &type) || !jtext_each(pair, &n, &key, &dst))
			continue;
		plain = jtext_plain_dup(type);
		document_add_edge(d, plain, strtoll(dst.text, NULL, 10));
		free(plain);
	}
}

int
undo_apply(struct document *d, struct jtext undo, struct fault *f)
{
	struct jtext labels, edges;

	if (!undo.text || jtext_type(undo) != JTEXT_OBJECT)
		return fault_set(f, FAULT_SYSTEM, "the change log is damaged: no undo text");
	labels = jtext_member(undo, "labels");
	edges = jtext_member(undo, "edges");
	restore_object(
	    &d->attributes, jtext_member(undo, "attributes"), jtext_member(undo, "-attributes"));
	restore_object(
	    &d->variables, jtext_member(undo, "variables"), jtext_member(undo, "-variables"));
	if (labels.text)
		restore_labels(d, labels);
	if (edges.text)
		restore_edges(d, edges);
	return 0;
}
