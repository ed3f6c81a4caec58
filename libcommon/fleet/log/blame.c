/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/blame.h"

#include "base/mem.h"
#include "fleet/pairs.h"
#include "fleet/ref.h"
#include "fleet/source.h"

#include <stdlib.h>
#include <string.h>

void
blame_done(struct blame *b)
{
	free(b->actor);
	free(b->reason);
	*b = (struct blame){0};
}

/* What is looked for in the undo of a row; the row that touched it is to blame. */
struct what {
	int (*touched)(struct jtext undo, const struct what *what);
	const char *part, *absent; /* "variables", and the same with "-" before it: see undo.h */
	const char *key;           /* of a variable or attribute; the type of a relation */
	int64_t id;                /* a label, or where a relation leads */
};

/* Whether it has the key among the values it brings back or takes away. */
static int
touched_key(struct jtext undo, const struct what *w)
{
	struct jtext list = jtext_member(undo, w->absent), none, name;
	size_t at = 0;

	if (jtext_member(jtext_member(undo, w->part), w->key).text)
		return 1;
	while (list.text && jtext_each(list, &at, &none, &name))
		if (jtext_is(name, w->key))
			return 1;
	return 0;
}

/* Whether it brings back a list of labels in which this one was not. */
static int
touched_label(struct jtext undo, const struct what *w)
{
	struct jtext list = jtext_member(undo, "labels"), none, id;
	size_t at = 0;

	while (list.text && jtext_each(list, &at, &none, &id))
		if (strtoll(id.text, NULL, 10) == w->id)
			return 0;
	return list.text != NULL;
}

static int
touched_relation(struct jtext undo, const struct what *w)
{
	struct jtext list = jtext_member(undo, "edges"), none, pair, type, id;
	size_t at = 0;

	while (list.text && jtext_each(list, &at, &none, &pair)) {
		size_t in_pair = 0;

		if (jtext_each(pair, &in_pair, &none, &type) &&
		    jtext_each(pair, &in_pair, &none, &id) && jtext_is(type, w->key) &&
		    strtoll(id.text, NULL, 10) == w->id)
			return 0;
	}
	return list.text != NULL;
}

static int
find(struct session *s, int64_t item, int64_t source, const struct what *what, struct blame *b,
    struct fault *f)
{
	/* hot: each value that is shown with blame */
	static const char sql[] = "SELECT t.id, t.at, t.actor, t.reason, c.undo"
				  " FROM chg AS c JOIN txn AS t ON t.id = c.txn"
				  " WHERE c.item = $1 AND c.source = $2"
				  " AND c.op IN ('create', 'layer', 'drop') ORDER BY c.id DESC";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", item, source), found = 0;

	*b = (struct blame){0};
	while (!found && more >= 0 && (more = db_next(&rows, f)) == 1)
		found = db_is_null(&rows, 4) || what->touched(db_jtext(&rows, 4), what);
	if (found)
		*b = (struct blame){db_int(&rows, 0), db_int(&rows, 1), db_text_dup(&rows, 2),
		    db_text_dup(&rows, 3)};
	db_end(&rows);
	return more < 0 ? -1 : found;
}

int
blame_variable(struct session *s, int64_t item, int64_t source, const char *key, struct blame *b,
    struct fault *f)
{
	const struct what what = {touched_key, "variables", "-variables", key, 0};

	return find(s, item, source, &what, b, f);
}

int
blame_attribute(struct session *s, int64_t item, int64_t source, const char *name, struct blame *b,
    struct fault *f)
{
	const struct what what = {touched_key, "attributes", "-attributes", name, 0};

	return find(s, item, source, &what, b, f);
}

int
blame_label(struct session *s, int64_t item, int64_t source, int64_t label, struct blame *b,
    struct fault *f)
{
	const struct what what = {.touched = touched_label, .id = label};

	return find(s, item, source, &what, b, f);
}

int
blame_relation(struct session *s, int64_t src, int64_t source, const char *type, int64_t dst,
    struct blame *b, struct fault *f)
{
	const struct what what = {.touched = touched_relation, .key = type, .id = dst};

	return find(s, src, source, &what, b, f);
}

int
blame_candidate(struct session *s, const char *key, const struct candidate *one, struct blamed *out,
    struct fault *f)
{
	const char *attribute = pairs_attribute(key);
	struct str level = STR_INIT;
	struct source source = {0};
	int status = -1;

	*out = (struct blamed){.value = one->value};
	if (ref_of(s, one->item, &level, f) == 0 && source_get_id(s, one->source, &source, f) >= 0)
		status = attribute
			     ? blame_attribute(s, one->item, one->source, attribute, &out->by, f)
			     : blame_variable(s, one->item, one->source, key, &out->by, f);
	out->level = str_take(&level);
	out->source = source.name;
	source.name = NULL;
	source_done(&source);
	return status < 0 ? -1 : 0;
}

void
blamed_done(struct blamed *b)
{
	free(b->level);
	free(b->source);
	blame_done(&b->by);
}

void
blame_put(const struct blame *by, struct str *out)
{
	if (!by->entry)
		return;
	jtext_text(out, "actor", by->actor);
	jtext_time(out, "at", by->at);
	jtext_text(out, "reason", by->reason);
	jtext_int(out, "entry", by->entry);
}

static void
put_blamed(struct str *out, const struct blamed *b)
{
	jtext_open(out);
	jtext_rawn(out, "value", b->value.text, b->value.len);
	jtext_text(out, "level", b->level);
	jtext_text(out, "source", b->source);
	blame_put(&b->by, out);
	jtext_close(out);
}

int
blame_to_json(struct session *s, const struct resolved_key *key, struct str *out, struct fault *f)
{
	int status = 0;

	str_addc(out, '[');
	for (size_t i = 0; status == 0 && i < key->candidates.n; i++) {
		struct blamed b;

		status = blame_candidate(s, key->key, &key->candidates.v[i], &b, f);
		if (i)
			str_addc(out, ',');
		put_blamed(out, &b);
		blamed_done(&b);
	}
	str_addc(out, ']');
	return status;
}
