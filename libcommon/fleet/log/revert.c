/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/revert.h"

#include "base/mem.h"
#include "fleet/log/change_log.h"
#include "fleet/log/history.h"
#include "fleet/log/merge.h"
#include "fleet/log/revert_inside.h"
#include "fleet/log/undo.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- layers ---- */

/* Elements of a that are not in b come to a, those only in b go: what turns new into old. */
static void
turn_labels(struct ids *is, const struct ids *old, const struct ids *new)
{
	struct ids came = {0}, back = {0};

	for (size_t i = 0; i < new->n; i++)
		if (!ids_have(old, new->v[i]))
			vec_push(&came, new->v[i]);
	for (size_t i = 0; i < old->n; i++)
		if (!ids_have(new, old->v[i]))
			vec_push(&back, old->v[i]);
	ids_subtract(is, &came);
	for (size_t i = 0; i < back.n; i++)
		vec_push(is, back.v[i]);
	vec_done(&came);
	vec_done(&back);
}

static void
turn_edges(struct document *is, const struct document *old, const struct document *new)
{
	size_t kept = 0;

	for (size_t i = 0; i < is->edges.n; i++)
		if (revert_has_edge(new, &is->edges.v[i]) && !revert_has_edge(old, &is->edges.v[i]))
			free(is->edges.v[i].type);
		else
			is->edges.v[kept++] = is->edges.v[i];
	is->edges.n = kept;
	for (size_t i = 0; i < old->edges.n; i++)
		if (!revert_has_edge(new, &old->edges.v[i]))
			document_add_edge(is, old->edges.v[i].type, old->edges.v[i].dst);
}

/* In a layer as it is, what an entry made new of old becomes old again; all else stays. */
static int
turn(struct document *is, const struct document *old, const struct document *new, struct fault *f)
{
	struct str undo = STR_INIT;
	struct ids labels = is->labels;
	struct edges edges = is->edges;
	int status;

	is->labels = (struct ids){0};
	is->edges = (struct edges){0};
	undo_write(old, new, &undo);
	status = undo_apply(is, JTEXT(undo.text), f);
	str_done(&undo);
	vec_done(&is->labels);
	for (size_t i = 0; i < is->edges.n; i++)
		free(is->edges.v[i].type);
	vec_done(&is->edges);
	is->labels = labels;
	is->edges = edges;
	turn_labels(&is->labels, &old->labels, &new->labels);
	turn_edges(is, old, new);
	document_tidy(is);
	return status;
}

static int
is_empty(const struct document *d)
{
	return !strcmp(d->attributes, "{}") && !strcmp(d->variables, "{}") && !d->labels.n &&
	       !d->edges.n;
}

/* A layer that the row made goes, unless something was said in it since. */
static int
put_layer(struct revert *r, const struct history_row *row, int was, const struct document *old,
    const struct document *new, struct fault *f)
{
	struct document is;
	int there = document_get(r->c->s, row->item, row->source, &is, f), status = -1;

	if (there < 0 || turn(&is, old, new, f) < 0)
		goto out;
	if (was || (there && !is_empty(&is)))
		status = change_document(r->c, &is, f);
	else
		status = there ? change_drop(r->c, row->item, row->source, f) : 0;
out:
	document_done(&is);
	return status < 0 ? -1 : 0;
}

/* ---- rows, the newest first ---- */

/* Each row by itself: what it pointed at is there again, what rested on it is gone already. */
static int
undo_layer(struct revert *r, const struct history_row *row, struct fault *f)
{
	struct session *s = r->c->s;
	struct document old, new;
	int was = history_at(s, row->item, row->source, row->id - 1, &old, f), status = -1;

	if (history_at(s, row->item, row->source, row->id, &new, f) >= 0 && was >= 0)
		status = put_layer(r, row, was, &old, &new, f);
	document_done(&old);
	document_done(&new);
	return status;
}

/* An item comes back with the layer that it lost last. */
static int
undo_remove(struct revert *r, const struct history_row *row, struct fault *f)
{
	const struct history_row *last = NULL;
	struct document first;
	int status = 0;

	for (size_t i = 0; i < r->rows.n && r->rows.v[i].id < row->id; i++)
		if (r->rows.v[i].item == row->item && strcmp(r->rows.v[i].op, "drop") == 0)
			last = &r->rows.v[i];
	if (last)
		status = history_at(r->c->s, last->item, last->source, last->id - 1, &first, f);
	else
		document_init(&first, row->item, 0);
	if (status >= 0)
		status = change_restore(r->c, row->item, JTEXT(row->undo), &first, f);
	document_done(&first);
	return status;
}

static int
undo_create(struct revert *r, const struct history_row *row, struct fault *f)
{
	struct ids one = {.v = (int64_t[]){row->item}, .n = 1};

	return change_remove(r->c, &one, f);
}

static int
undo_key(struct revert *r, const struct history_row *row, struct fault *f)
{
	struct jtext undo = JTEXT(row->undo), tied = jtext_member(undo, "-key");
	char *key = jtext_plain_dup(tied.text ? tied : jtext_member(undo, "key"));
	int status;

	if (!key)
		status =
		    fault_set(f, FAULT_SYSTEM, "the change log is damaged: a key without a text");
	else if (tied.text)
		status = change_untie(r->c, row->item, row->source, key, f);
	else
		status = change_ident(r->c, row->item, row->source, key, f);
	free(key);
	return status < 0 ? -1 : 0;
}

static int
undo_rank(struct revert *r, const struct history_row *row, struct fault *f)
{
	struct jtext rank = jtext_member(JTEXT(row->undo), "rank");

	if (!rank.text)
		return fault_set(
		    f, FAULT_SYSTEM, "the change log is damaged: a rank without a number");
	return change_rank(r->c, row->source, strtoll(rank.text, NULL, 10), f) < 0 ? -1 : 0;
}

/*
 * The row that first names a source. One that was added goes; one that an import has named stays,
 * without layers, so that the import can be done again.
 */
static int
undo_first_word(struct revert *r, const struct history_row *row, struct fault *f)
{
	struct source source = {0};
	int status = 0;

	if (!revert_is_of_sources(r))
		return 0;
	if (source_get_id(r->c->s, row->source, &source, f) != 1)
		return -1;
	source.removed = 1;
	status = change_source(r->c, &source, f);
	source_done(&source);
	return status < 0 ? -1 : 0;
}

/* What is configured of it. */
static int
undo_source(struct revert *r, const struct history_row *row, struct fault *f)
{
	struct jtext was = JTEXT(row->undo);
	struct source source = {0};
	int status = 0;

	if (!row->undo)
		return undo_first_word(r, row, f);
	if (source_get_id(r->c->s, row->source, &source, f) != 1)
		return -1;
	free(source.settings);
	source.settings = jtext_plain_dup(jtext_member(was, "settings"));
	source.stale = jtext_member(was, "stale").text != NULL;
	source.removed = jtext_member(was, "removed").text != NULL;
	if (source.settings)
		status = change_source(r->c, &source, f);
	else
		status = fault_set(
		    f, FAULT_SYSTEM, "the change log is damaged: a source without settings");
	source_done(&source);
	return status < 0 ? -1 : 0;
}

static int
undo_apart(struct revert *r, const struct history_row *row, struct fault *f)
{
	return merge_turn(r->c, row->item, row->undo, f);
}

static int
undo_row(struct revert *r, const struct history_row *row, struct fault *f)
{
	static const struct {
		const char *op;
		int (*undo)(struct revert *r, const struct history_row *row, struct fault *f);
	} table[] = {{"layer", undo_layer}, {"drop", undo_layer}, {"create", undo_create},
	    {"remove", undo_remove}, {"key", undo_key}, {"rank", undo_rank},
	    {"source", undo_source}, {"apart", undo_apart}};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].op, row->op) == 0)
			return table[i].undo(r, row, f);
	return fault_set(f, FAULT_SYSTEM, "the change log is damaged: a row that does %s", row->op);
}

/* ---- the whole ---- */

static int
refuse(const struct ids *later, int64_t entry, struct fault *f)
{
	struct str list = STR_INIT;

	for (size_t i = 0; i < later->n && i < 12; i++)
		str_addf(&list, "%s%" PRId64, i ? ", " : "", later->v[i]);
	if (later->n > 12)
		str_addf(&list, " and %zu more", later->n - 12);
	fault_set(f, FAULT_REFUSED,
	    "entry %" PRId64 ": later entries touched the same; undo these first: %s", entry,
	    list.text);
	str_done(&list);
	return -1;
}

/* What was free then may be taken now; that is a later entry's doing, too. */
static int
apply(struct revert *r, int64_t entry, struct fault *f)
{
	int status = 0;

	for (size_t i = r->rows.n; status == 0 && i-- > 0;)
		status = undo_row(r, &r->rows.v[i], f);
	if (status < 0 && f->kind == FAULT_BAD) {
		f->kind = FAULT_REFUSED;
		fault_within(f, "entry %" PRId64, entry);
	}
	return status;
}

static int
find_entry(struct change *c, int64_t entry, struct fault *f)
{
	static const char sql[] =
	    "SELECT coalesce(source, 0) FROM txn WHERE id = $1 AND project = $2";
	static const char pruned[] = "SELECT 1 FROM anchor WHERE entry >= $1 LIMIT 1";
	int64_t one;
	int found = db_get_int(c->s->db, &c->entry_source, f, sql, "ii", entry, c->s->project);

	if (found)
		return found < 0 ? -1 : 0;
	found = db_get_int(c->s->db, &one, f, pruned, "i", entry);
	if (found == 1)
		fault_set(f, FAULT_BAD,
		    "entry %" PRId64 ": pruned; what it changed is not known any more", entry);
	else if (found == 0)
		fault_set(f, FAULT_BAD, "entry %" PRId64 ": no such entry of project %s", entry,
		    c->s->project_name);
	return -1;
}

int
revert_entry(struct change *c, int64_t entry, struct ids *later, struct fault *f)
{
	struct revert r = {.c = c, .entry = entry, .later = later};
	int status = -1;

	if (find_entry(c, entry, f) == 0 && history_rows(c->s, entry, NULL, &r.rows, f) == 0 &&
	    revert_look(&r, f) == 0)
		status = later->n ? refuse(later, entry, f) : apply(&r, entry, f);
	revert_done(&r);
	return status;
}
