/* SPDX-License-Identifier: Apache-2.0 */
/* record_put: which item a record speaks of, and what of it becomes the source's layer. */
#include "fleet/record.h"

#include "base/mem.h"
#include "fleet/label/rule.h"
#include "fleet/pairs.h"
#include "fleet/place.h"
#include "fleet/record_inside.h"
#include "fleet/ref.h"
#include "fleet/relation.h"
#include "fleet/sources/speech.h"

#include <stdlib.h>
#include <string.h>

/* ---- what it says ---- */

static void
put_raw(struct str *out, struct jtext key, struct jtext value)
{
	if (out->text[out->len - 1] != '{')
		str_addc(out, ',');
	str_addf(out, "\"%.*s\":", (int)key.len, key.text);
	str_addn(out, value.text, value.len);
}

static int64_t
place_id(const struct record_place *p, const char *name)
{
	static const struct {
		const char *name;
		size_t offset;
	} table[] = {{"cloud", offsetof(struct record_place, cloud)},
	    {"region", offsetof(struct record_place, region)},
	    {"cell", offsetof(struct record_place, cell)},
	    {"parent", offsetof(struct record_place, parent)}};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].name, name) == 0)
			return *(const int64_t *)((const char *)p + table[i].offset);
	return 0;
}

/* "item." and the attribute; a place is one thing, by the name of its middle. */
static int
may_say(const struct record *r, const char *attribute)
{
	static const char *const place[] = {"cloud", "cell"};
	char *key;
	int may;

	if (!r->speech || !r->speech->keys.n)
		return 1;
	for (size_t i = 0; i < sizeof(place) / sizeof(*place); i++)
		if (strcmp(place[i], attribute) == 0)
			attribute = "region";
	key = mem_printf(PAIRS_ATTRIBUTE "%s", attribute);
	may = speech_says(r->speech, key);
	free(key);
	return may;
}

static int
may_say_key(const struct record *r, struct jtext key)
{
	struct str plain = STR_INIT;
	int may;

	if (!r->speech || !r->speech->keys.n)
		return 1;
	jtext_plain(key, &plain);
	may = may_say(r, plain.text);
	str_done(&plain);
	return may;
}

/* The record's attributes: all but the fields above, names of places as ids. Stays sorted. */
static void
attributes_of(const struct record *r, const struct record_place *p, struct str *out)
{
	struct jtext key, value;
	size_t at = 0;

	jtext_open(out);
	while (jtext_each(r->whole, &at, &key, &value)) {
		const struct record_entry *field = record_entry(key);
		int64_t id = field ? place_id(p, field->name) : 0;

		if (!id && (jtext_type(value) == JTEXT_NULL ||
			       (field && strcmp(field->name, "name") != 0)))
			continue;
		if (!may_say_key(r, key))
			continue;
		if (id)
			jtext_int(out, field->name, id);
		else
			put_raw(out, key, value);
	}
	jtext_close(out);
}

static void
without(char **object, const char *key)
{
	struct str out = STR_INIT;

	jtext_with(JTEXT(*object), key, (struct jtext){0}, &out);
	free(*object);
	*object = str_take(&out);
}

static void
merge_into(char **object, struct jtext with)
{
	struct str out = STR_INIT;

	document_merge(with, JTEXT(*object), &out);
	free(*object);
	*object = str_take(&out);
}

static void
put_attributes(struct document *d, const struct record *r, const struct record_place *p)
{
	static const char *const scopes[] = {"cloud", "region", "cell"};
	struct str own = STR_INIT;

	/* A place that is said anew replaces the old one as a whole: its parts belong together. */
	if (p->cloud || p->region || p->cell)
		for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
			without(&d->attributes, scopes[i]);
	attributes_of(r, p, &own);
	merge_into(&d->attributes, JTEXT(own.text));
	str_done(&own);
}

static void
put_variables(struct document *d, const struct record *r)
{
	struct str own = STR_INIT, plain = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	if (!r->variables.text)
		return;
	if (!r->speech || !r->speech->keys.n) {
		merge_into(&d->variables, r->variables);
		return;
	}
	jtext_open(&own);
	while (jtext_each(r->variables, &at, &key, &value)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		if (speech_says(r->speech, plain.text))
			put_raw(&own, key, value);
	}
	jtext_close(&own);
	merge_into(&d->variables, (struct jtext){own.text, own.len});
	str_done(&own);
	str_done(&plain);
}

static int
put_labels(struct change *c, struct document *d, const struct record *r, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	if (!r->labels.text || !may_say(r, "labels"))
		return 0;
	d->labels.n = 0;
	while (jtext_each(r->labels, &at, &key, &value)) {
		char *text = NULL;
		int64_t id = 0;
		int status = record_text(&text, "labels", value, f);

		if (status == 0)
			status = change_label(c, text, &id, f);
		free(text);
		if (status < 0)
			return -1;
		vec_push(&d->labels, id);
	}
	return 0;
}

static int
put_edge(struct change *c, struct document *d, struct jtext edge, struct fault *f)
{
	char *type = jtext_plain_dup(jtext_member(edge, "type"));
	char *to = jtext_plain_dup(jtext_member(edge, "to"));
	int64_t dst;
	int status = -1;

	if (ref_want(c->s, NULL, to, &dst, f) < 0)
		fault_within(f, "relation %s", type);
	else {
		document_add_edge(d, type, dst);
		status = 0;
	}
	free(type);
	free(to);
	return status;
}

static int
put_edges(struct change *c, struct document *d, const struct record *r, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	if (!r->relations.text || !may_say(r, "relations"))
		return 0;
	for (size_t i = 0; i < d->edges.n; i++)
		free(d->edges.v[i].type);
	d->edges.n = 0;
	while (jtext_each(r->relations, &at, &key, &value))
		if (put_edge(c, d, value, f) < 0)
			return -1;
	return 0;
}

/* The rule of a label has to be an expression; whether its names mean anything shows in use. */
static int
check_rule(const struct record *r, struct fault *f)
{
	struct jtext rule = jtext_member(r->whole, RULE_ATTRIBUTE);
	char *text;
	int status;

	if (!rule.text || jtext_type(rule) == JTEXT_NULL ||
	    !((r->kind && strcmp(r->kind, "label") == 0) ||
		(r->ref && strncmp(r->ref, "label:", 6) == 0)))
		return 0;
	text = jtext_plain_dup(rule);
	status = text
		     ? rule_check_text(RULE_ATTRIBUTE, text, f)
		     : fault_set(f, FAULT_BAD, RULE_ATTRIBUTE ": an expression is wanted, as text");
	free(text);
	return status;
}

static int
fill(struct change *c, struct document *d, const struct record *r, const struct record_place *p,
    int mode, struct fault *f)
{
	if (!(mode & RECORD_EDGES)) {
		if (check_rule(r, f) < 0)
			return -1;
		put_attributes(d, r, p);
		put_variables(d, r);
		if (put_labels(c, d, r, f) < 0)
			return -1;
	}
	if (!(mode & RECORD_NO_EDGES) && put_edges(c, d, r, f) < 0)
		return -1;
	document_tidy(d);
	return 0;
}

/* ---- putting it ---- */

static int
create(struct change *c, const struct record *r, const struct record_place *p, int mode,
    int64_t *id, struct fault *f)
{
	struct document d;
	char *slot;
	int status = -1;

	if (mode & RECORD_EDGES)
		return fault_set(f, FAULT_BAD, "\"%s\": no such item", r->name ? r->name : r->ref);
	if (!r->kind)
		return fault_set(f, FAULT_BAD, "no kind");
	if (!r->name && !r->key)
		return fault_set(f, FAULT_BAD, "%s: neither a name nor a key", r->kind);
	document_init(&d, 0, c->source);
	slot = r->ref ? ref_slot(r->kind, r->ref) : NULL;
	if (fill(c, &d, r, p, mode, f) == 0)
		status = change_create(c, r->kind, r->name, r->key, slot, &d, f);
	free(slot);
	if (id)
		*id = d.item;
	document_done(&d);
	return status < 0 ? -1 : RECORD_CREATED;
}

/* All but the edges, where a second pass brings them: they may well be the same. */
static void
empty(struct document *d, int but_edges)
{
	struct edges edges = d->edges;
	int64_t item = d->item, source = d->source;

	if (but_edges)
		d->edges = (struct edges){0};
	document_done(d);
	document_init(d, item, source);
	if (but_edges)
		d->edges = edges;
}

static int
update(struct change *c, const struct record *r, const struct record_place *p, int mode, int64_t id,
    struct fault *f)
{
	struct document d;
	int known = document_get(c->s, id, c->source, &d, f), changed = -1, tied = 0;

	if (known < 0)
		goto out;
	if ((mode & RECORD_WHOLE) && !(mode & RECORD_EDGES))
		empty(&d, (mode & RECORD_NO_EDGES) && r->relations.text);
	if (fill(c, &d, r, p, mode, f) < 0)
		goto out;
	if (r->key && (tied = change_ident(c, id, c->source, r->key, f)) < 0)
		goto out;
	changed = change_document(c, &d, f);
	if (changed == 0 && tied)
		c->changed += changed = 1;
out:
	document_done(&d);
	return changed < 0 ? -1 : changed ? RECORD_CHANGED : RECORD_SAME;
}

static int
refuse_known(struct session *s, int64_t id, struct fault *f)
{
	struct str ref = STR_INIT;

	if (ref_of(s, id, &ref, f) == 0)
		fault_set(f, FAULT_BAD, "%s: is there already", ref.text);
	str_done(&ref);
	return -1;
}

/* Without a word on its name an item cannot be told from others. */
static int
may_add(const struct record *r)
{
	if (!r->speech || speech_may(r->speech, PAIRS_ATTRIBUTE "name"))
		return 1;
	r->speech->unknown++;
	return 0;
}

int
record_put(struct change *c, const struct record *r, int mode, int64_t *id, struct fault *f)
{
	struct record_place place;
	int64_t item;
	int found;

	if (record_place(c->s, r, &place, f) < 0)
		return -1;
	found = record_find(c, r, &place, mode, &item, f);
	if (found < 0)
		return -1;
	if (!found && !may_add(r))
		return RECORD_PASSED;
	if (!found)
		return create(c, r, &place, mode, id, f);
	if (mode & RECORD_NEW)
		return refuse_known(c->s, item, f);
	if (id)
		*id = item;
	return update(c, r, &place, mode, item, f);
}
