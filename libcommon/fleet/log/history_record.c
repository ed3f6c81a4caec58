/* SPDX-License-Identifier: Apache-2.0 */
/* history_to_json: a row of the change log as a record. */
#include "fleet/log/history.h"
#include "fleet/log/merge.h"

#include "base/mem.h"
#include "fleet/item.h"
#include "fleet/log/undo.h"
#include "fleet/source.h"

#include <stdlib.h>
#include <string.h>

static int
put_ref(struct session *s, struct str *out, int64_t id, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = history_ref(s, id, &ref, f);

	if (status == 0)
		jtext_put_string(out, ref.text);
	str_done(&ref);
	return status;
}

/* Attributes hold ids of other items; a record has their refs. */
static int
put_attributes(struct session *s, struct jtext object, struct str *out, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;
	int status = 0;

	jtext_key(out, "attributes");
	jtext_open(out);
	while (status == 0 && jtext_each(object, &at, &key, &value)) {
		struct str plain = STR_INIT;

		jtext_plain(key, &plain);
		jtext_key(out, plain.text);
		if (document_is_place(key))
			status = put_ref(s, out, strtoll(value.text, NULL, 10), f);
		else
			str_addn(out, value.text, value.len);
		str_done(&plain);
	}
	jtext_close(out);
	return status;
}

static int
put_labels(struct session *s, struct jtext list, struct str *out, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;
	int found = 0, n = 0;

	jtext_key(out, "labels");
	str_addc(out, '[');
	while (found >= 0 && jtext_each(list, &at, &key, &value)) {
		int64_t id = strtoll(value.text, NULL, 10);
		char *name = NULL;

		if (n++)
			str_addc(out, ',');
		found = item_name(s, id, &name, f);
		if (found == 1)
			jtext_put_string(out, name);
		else if (found == 0)
			found = put_ref(s, out, id, f);
		free(name);
	}
	str_addc(out, ']');
	return found < 0 ? -1 : 0;
}

static int
put_relations(struct session *s, struct jtext list, struct str *out, struct fault *f)
{
	struct jtext key, pair, type, dst;
	size_t at = 0;
	int status = 0, n = 0;

	jtext_key(out, "relations");
	str_addc(out, '[');
	while (status == 0 && jtext_each(list, &at, &key, &pair)) {
		size_t in_pair = 0;

		if (!jtext_each(pair, &in_pair, &key, &type) ||
		    !jtext_each(pair, &in_pair, &key, &dst))
			continue;
		if (n++)
			str_addc(out, ',');
		jtext_open(out);
		jtext_rawn(out, "type", type.text, type.len);
		jtext_key(out, "to");
		status = put_ref(s, out, strtoll(dst.text, NULL, 10), f);
		jtext_close(out);
	}
	str_addc(out, ']');
	return status;
}

/* The values that an undo text brings back: one side of a change. */
static int
put_side(struct session *s, const char *side, struct jtext undo, struct str *out, struct fault *f)
{
	struct jtext attributes = jtext_member(undo, "attributes");
	struct jtext variables = jtext_member(undo, "variables");
	struct jtext labels = jtext_member(undo, "labels"), edges = jtext_member(undo, "edges");

	if (!attributes.text && !variables.text && !labels.text && !edges.text)
		return 0;
	jtext_key(out, side);
	jtext_open(out);
	if (attributes.text && put_attributes(s, attributes, out, f) < 0)
		return -1;
	jtext_rawn(out, "variables", variables.text, variables.len);
	if (labels.text && put_labels(s, labels, out, f) < 0)
		return -1;
	if (edges.text && put_relations(s, edges, out, f) < 0)
		return -1;
	jtext_close(out);
	return 0;
}

/*
 * The other side is found by turning the layer back and writing the undo of that: what
 * brings the new values back.
 */
static int
put_sides(struct session *s, const struct history_row *row, struct str *out, struct fault *f)
{
	struct document new, old;
	struct history_row before = *row;
	struct str redo = STR_INIT, undo = STR_INIT;
	int status = -1;

	document_init(&old, row->item, row->source);
	if (history_after(s, row, &new, f) < 0)
		goto out;
	before.id--;
	document_done(&old);
	if (history_after(s, &before, &old, f) < 0)
		goto out;
	undo_write(&old, &new, &undo);
	undo_write(&new, &old, &redo);
	if (put_side(s, "old", JTEXT(undo.text), out, f) == 0)
		status = put_side(s, "new", JTEXT(redo.text), out, f);
out:
	document_done(&old);
	document_done(&new);
	str_done(&undo);
	str_done(&redo);
	return status;
}

static int
put_rank(struct session *s, const struct history_row *row, struct str *out, struct fault *f)
{
	struct jtext was = jtext_member(JTEXT(row->undo), "rank");
	int64_t rank;

	if (history_rank_after(s, row, &rank, f) < 0)
		return -1;
	jtext_rawn(out, "old_rank", was.text, was.len);
	jtext_int(out, "rank", rank);
	return 0;
}

static int
put_source(struct session *s, const struct history_row *row, struct str *out, struct fault *f)
{
	struct str state = STR_INIT;
	int status = history_source_after(s, row, &state, f);

	jtext_raw(out, "old", row->undo);
	if (status == 0)
		jtext_raw(out, "new", state.text);
	str_done(&state);
	return status;
}

static int
put_other(struct session *s, const struct history_row *row, struct str *out, struct fault *f)
{
	int is_apart;
	int64_t other = merge_other(row->undo, &is_apart);

	jtext_key(out, is_apart ? "other" : "old_other");
	return put_ref(s, out, other, f);
}

static int
put_what(struct session *s, const struct history_row *row, struct str *out, struct fault *f)
{
	struct jtext undo = JTEXT(row->undo), key = jtext_member(undo, "-key");
	struct jtext untied = jtext_member(undo, "key");

	if (strcmp(row->op, "rank") == 0)
		return put_rank(s, row, out, f);
	if (strcmp(row->op, "source") == 0)
		return put_source(s, row, out, f);
	jtext_key(out, "item");
	if (put_ref(s, out, row->item, f) < 0)
		return -1;
	if (strcmp(row->op, "key") == 0) {
		jtext_rawn(out, "key", key.text, key.len);
		jtext_rawn(out, "old_key", untied.text, untied.len);
		return 0;
	}
	if (strcmp(row->op, "apart") == 0)
		return put_other(s, row, out, f);
	if (strcmp(row->op, "remove") != 0)
		return put_sides(s, row, out, f);
	return 0;
}

int
history_to_json(struct session *s, const struct history_entry *e, const struct history_row *row,
    struct str *out, struct fault *f)
{
	struct source source = {0};
	int status;

	if (source_get_id(s, row->source, &source, f) < 0)
		return -1;
	jtext_open(out);
	jtext_text(out, "kind", "change");
	jtext_int(out, "entry", e->id);
	jtext_time(out, "at", e->at);
	jtext_text(out, "actor", e->actor);
	jtext_text(out, "source", source.name);
	jtext_text(out, "reason", e->reason);
	jtext_text(out, "op", row->op);
	status = put_what(s, row, out, f);
	jtext_close(out);
	source_done(&source);
	return status;
}
