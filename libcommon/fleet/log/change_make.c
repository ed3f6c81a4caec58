/* SPDX-License-Identifier: Apache-2.0 */
/* Items that are new, labels among them, and the keys that they are known by. */
#include "fleet/log/change_inside.h"

#include "base/mem.h"
#include "fleet/log/change_log.h"
#include "fleet/place.h"
#include "fleet/ref.h"
#include "fleet/source.h"

#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

/* 1: the key is new, and tied; 0: it was already; -1: FAULT_BAD if to another item. */
static int
tie_key(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f)
{
	/* hot: each record of an import */
	static const char get[] = "SELECT item FROM ident WHERE source = $1 AND key = $2";
	/* hot: each new record of an import */
	static const char put[] = "INSERT INTO ident (source, key, item) VALUES ($1, $2, $3)";
	struct str ref = STR_INIT;
	int64_t owner;
	int found = db_get_int(c->s->db, &owner, f, get, "is", source, key);

	if (found < 0)
		return -1;
	if (!found)
		return db_run(c->s->db, f, put, "isi", source, key, item) < 0 ? -1 : 1;
	if (owner == item)
		return 0;
	if (ref_of(c->s, owner, &ref, f) == 0)
		fault_set(f, FAULT_BAD, "key \"%s\": belongs to %s already", key, ref.text);
	str_done(&ref);
	return -1;
}

int
change_ident(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f)
{
	struct str undo = STR_INIT;
	int status = tie_key(c, item, source, key, f);

	if (status == 1) {
		jtext_open(&undo);
		jtext_text(&undo, "-key", key);
		jtext_close(&undo);
		if (change_log_row(c, "key", item, source, NULL, undo.text, f) < 0)
			status = -1;
		change_hash_more(&c->hash, key);
	}
	str_done(&undo);
	return status;
}

int
change_untie(struct change *c, int64_t item, int64_t source, const char *key, struct fault *f)
{
	static const char sql[] = "DELETE FROM ident WHERE source = $1 AND key = $2 AND item = $3";
	struct str undo = STR_INIT;
	int64_t gone = db_run(c->s->db, f, sql, "isi", source, key, item);
	int status = gone < 0 ? -1 : gone > 0;

	if (status == 1) {
		jtext_open(&undo);
		jtext_text(&undo, "key", key);
		jtext_close(&undo);
		if (change_log_row(c, "key", item, source, NULL, undo.text, f) < 0)
			status = -1;
		change_hash_more(&c->hash, key);
	}
	str_done(&undo);
	return status;
}

/* ---- items ---- */

static char *
slot_of(struct change *c, const struct item *i, const char *key, struct fault *f)
{
	struct source source = {0};
	char *slot = NULL;

	if (item_scoping(i->class) != ITEM_BY_KEY)
		return mem_dup(i->name);
	if (source_get_id(c->s, c->source, &source, f) == 1)
		slot = mem_printf("%s/%s", source.name, key ? key : i->name);
	source_done(&source);
	return slot;
}

static int
create_row(
    struct change *c, struct item *i, const char *key, const struct document *d, struct fault *f)
{
	struct documents only = {.v = mem_zero(1, sizeof(*d)), .n = 1, .room = 1};
	int status = -1;

	only.v[0] = *d;
	if (place_settle(c->s, i, &only, f) == 0 && change_refuse_descent(c, i, f) == 0 &&
	    place_create(c->s, i, f) == 0)
		status = key && tie_key(c, i->id, c->source, key, f) < 0 ? -1 : 0;
	free(only.v);
	return status;
}

int
change_create(struct change *c, const char *kind, const char *name, const char *key,
    const char *slot, struct document *d, struct fault *f)
{
	struct document nothing;
	struct item i = {0};
	int status = -1;

	document_init(&nothing, 0, c->source);
	if (!item_kind_ok(kind)) {
		fault_set(
		    f, FAULT_BAD, "kind \"%s\": not a word like host, rack or load-balancer", kind);
		goto out;
	}
	if (strcmp(kind, "project") == 0) {
		fault_set(f, FAULT_BAD,
		    "project \"%s\": not this one, which is \"%s\"; see --project",
		    name ? name : key, c->s->project_name);
		goto out;
	}
	if (change_enter(c, f) < 0)
		goto out;
	i.kind = mem_dup(kind);
	i.class = mem_dup(item_class(kind));
	i.name = name ? mem_dup(name) : mem_printf("%s-%s", kind, key);
	i.created = i.updated = c->at;
	i.slot = slot ? mem_dup(slot) : slot_of(c, &i, key, f);
	if (!i.slot || create_row(c, &i, key, d, f) < 0)
		goto out;
	d->item = nothing.item = i.id;
	d->source = c->source;
	if (change_check_edges(c, &nothing, d, f) < 0 || change_write(c, &nothing, d, f) < 0 ||
	    change_log_row(c, "create", i.id, c->source, d, NULL, f) < 0)
		goto out;
	change_hash_more(&c->hash, key ? key : "");
	c->created++;
	status = 0;
out:
	item_done(&i);
	document_done(&nothing);
	return status;
}

/* ---- items that come back ---- */

static int
restore_keys(struct change *c, int64_t item, struct jtext list, struct fault *f)
{
	struct jtext none, pair, source, text;
	size_t at = 0;
	int status = 0;

	while (status >= 0 && jtext_each(list, &at, &none, &pair)) {
		size_t in_pair = 0;
		char *key;

		if (!jtext_each(pair, &in_pair, &none, &source) ||
		    !jtext_each(pair, &in_pair, &none, &text))
			continue;
		key = jtext_plain_dup(text);
		status = change_ident(c, item, strtoll(source.text, NULL, 10), key, f);
		free(key);
	}
	return status < 0 ? -1 : 0;
}

/* The id is the old one: what still points at it points at the same item again. */
static int
restore_row(struct change *c, struct item *i, int64_t id, const struct document *d, struct fault *f)
{
	static const char sql[] =
	    "UPDATE item SET id = $2, retired = $3, updated = $4 WHERE id = $1";

	if (create_row(c, i, NULL, d, f) < 0 ||
	    db_run(c->s->db, f, sql, "iiii", i->id, id, d->source ? (int64_t)0 : c->at, c->at) < 0)
		return -1;
	i->id = id;
	return 0;
}

int
change_restore(
    struct change *c, int64_t id, struct jtext was, const struct document *first, struct fault *f)
{
	struct document nothing;
	struct jtext created = jtext_member(was, "created");
	struct item i = {.kind = jtext_plain_dup(jtext_member(was, "kind")),
	    .name = jtext_plain_dup(jtext_member(was, "name")),
	    .slot = jtext_plain_dup(jtext_member(was, "slot"))};
	int64_t source = first->source ? first->source : c->s->operator;
	int status = -1;

	document_init(&nothing, id, source);
	if (!i.kind || !i.name || !i.slot || !created.text) {
		fault_set(f, FAULT_SYSTEM, "the change log is damaged: a removal without a row");
		goto out;
	}
	if (change_enter(c, f) < 0)
		goto out;
	i.class = mem_dup(item_class(i.kind));
	i.created = strtoll(created.text, NULL, 10);
	i.updated = c->at;
	if (restore_row(c, &i, id, first, f) < 0 || change_check_edges(c, &nothing, first, f) < 0 ||
	    (first->source && change_write(c, &nothing, first, f) < 0) ||
	    change_log_row(c, "create", id, source, first, NULL, f) < 0)
		goto out;
	change_hash_more(&c->hash, "");
	c->created++;
	status = restore_keys(c, id, jtext_member(was, "keys"), f);
out:
	item_done(&i);
	document_done(&nothing);
	return status;
}

/* ---- labels ---- */

static int
create_label(struct change *c, const char *text, int64_t *id, struct fault *f)
{
	struct str attributes = STR_INIT;
	struct document d;
	int status;

	document_init(&d, 0, c->source);
	jtext_open(&attributes);
	jtext_text(&attributes, "name", text);
	jtext_close(&attributes);
	free(d.attributes);
	d.attributes = str_take(&attributes);
	status = change_create(c, "label", text, NULL, NULL, &d, f);
	*id = d.item;
	document_done(&d);
	return status;
}

int
change_label(struct change *c, const char *text, int64_t *id, struct fault *f)
{
	union map_value *known = map_get(&c->known_labels, text);
	int found;

	if (known) {
		*id = known->i;
		return 0;
	}
	if (item_text_ok("label", text, f) < 0)
		return -1;
	found = item_at(c->s, "label", 0, text, id, f);
	if (found < 0 || (!found && create_label(c, text, id, f) < 0))
		return -1;
	map_put(&c->known_labels, text, NULL)->i = *id;
	return 0;
}
