/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/edit.h"

#include "fleet/record.h"
#include "fleet/ref.h"
#include "fleet/source.h"

#include <stdlib.h>

/* Ends a change as its work ended: how many items it changed, or -1. */
static int64_t
finish(struct change *c, int status, struct fault *f)
{
	if (status < 0) {
		change_rollback(c);
		return -1;
	}
	return change_commit(c, f) < 0 ? -1 : c->changed;
}

/* ---- records ---- */

/* The same record for each item, only the ref is another. */
static int
put_all(struct change *c, struct record *r, const struct ids *items, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = 0;

	for (size_t i = 0; status >= 0 && i < items->n; i++) {
		str_reset(&ref);
		status = ref_of(c->s, items->v[i], &ref, f);
		r->ref = ref.text;
		if (status == 0)
			status = record_put(c, r, RECORD_MERGE, NULL, f);
	}
	r->ref = NULL;
	str_done(&ref);
	return status < 0 ? -1 : 0;
}

int64_t
edit_put(struct session *s, struct jtext record, const struct ids *items, struct fault *f)
{
	struct record r = {0};
	struct change c;
	int64_t changed = -1;

	if (record_read(&r, record, f) < 0)
		return -1;
	if (change_begin(&c, s, s->operator, f) == 0)
		changed = finish(&c, put_all(&c, &r, items, f), f);
	record_done(&r);
	return changed;
}

int
edit_record(struct session *s, struct jtext record, int mode, struct fault *f)
{
	struct record r = {0};
	struct change c;
	int effect = -1;

	if (record_read(&r, record, f) < 0)
		return -1;
	if (change_begin(&c, s, s->operator, f) == 0) {
		effect = record_put(&c, &r, mode, NULL, f);
		if (finish(&c, effect, f) < 0)
			effect = -1;
	}
	record_done(&r);
	return effect;
}

static int
take(struct change *c, int64_t item, const char *attribute, struct fault *f)
{
	struct document d;
	struct str rest = STR_INIT;
	int status = document_get(c->s, item, c->s->operator, & d, f);

	if (status == 1 && !jtext_member(JTEXT(d.attributes), attribute).text)
		status = 0;
	if (status == 1) {
		jtext_with(JTEXT(d.attributes), attribute, (struct jtext){0}, &rest);
		free(d.attributes);
		d.attributes = str_take(&rest);
		status = change_document(c, &d, f);
	}
	document_done(&d);
	return status;
}

int
edit_take(struct session *s, int64_t item, const char *attribute, struct fault *f)
{
	struct change c;

	return change_begin(&c, s, s->operator, f) < 0
		   ? -1
		   : (int)finish(&c, take(&c, item, attribute, f), f);
}

/* ---- labels ---- */

static int
find_labels(struct change *c, enum edit_labels what, const struct words *labels, struct ids *out,
    struct fault *f)
{
	int64_t id;
	int status = 0;

	for (size_t i = 0; status == 0 && i < labels->n; i++) {
		status = what == EDIT_ADD ? change_label(c, labels->v[i], &id, f)
					  : ref_want(c->s, "label", labels->v[i], &id, f);
		vec_push(out, id);
	}
	return status;
}

static void
take_label(struct document *d, int64_t label)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->labels.n; i++)
		if (d->labels.v[i] != label)
			d->labels.v[kept++] = d->labels.v[i];
	d->labels.n = kept;
}

static int
edit_one(struct change *c, enum edit_labels what, const struct ids *labels, int64_t item,
    struct fault *f)
{
	struct document d;
	int status = document_get(c->s, item, c->s->operator, & d, f);

	/* Where the operator says nothing there is nothing to take. */
	if (status == 1 || (status == 0 && what == EDIT_ADD)) {
		for (size_t i = 0; i < labels->n; i++)
			if (what == EDIT_ADD)
				vec_push(&d.labels, labels->v[i]);
			else
				take_label(&d, labels->v[i]);
		document_tidy(&d);
		status = change_document(c, &d, f);
	}
	document_done(&d);
	return status < 0 ? -1 : 0;
}

int64_t
edit_labels(struct session *s, enum edit_labels what, const struct words *labels,
    const struct ids *items, struct fault *f)
{
	struct change c;
	struct ids ids = {0};
	int64_t changed;
	int status;

	if (change_begin(&c, s, s->operator, f) < 0)
		return -1;
	status = find_labels(&c, what, labels, &ids, f);
	for (size_t i = 0; status == 0 && i < items->n; i++)
		status = edit_one(&c, what, &ids, items->v[i], f);
	changed = finish(&c, status, f);
	vec_done(&ids);
	return changed;
}
