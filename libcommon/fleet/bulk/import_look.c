/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is who, where neither key nor ref tells: by serial or mac, if that is one device's here
 * and one record's in the input; and whether a new key is an old object made anew.
 */
#include "fleet/bulk/import_inside.h"

#include "base/mem.h"
#include "fleet/item.h"
#include "fleet/sources/mark.h"

#include <stdlib.h>
#include <string.h>

/* ---- the input ---- */

static void
marks_of(struct jtext record, struct words *out)
{
	mark_of(record, jtext_member(record, "variables"), out);
}

static void
count_marks(struct import_work *w, struct jtext record)
{
	struct words marks = {0};

	marks_of(record, &marks);
	for (size_t i = 0; i < marks.n; i++)
		map_put(&w->marks, marks.v[i], NULL)->i++;
	words_done(&marks);
}

static void
note_key(struct import_work *w, struct jtext record)
{
	char *key = jtext_plain_dup(jtext_member(record, "key"));

	if (key)
		map_put(&w->keys, key, NULL);
	free(key);
}

static int
read_all(struct import_work *w, void (*each)(struct import_work *w, struct jtext record),
    struct fault *f)
{
	struct jtext record;
	unsigned long line;
	int more;

	if (spool_rewind(&w->spool, f) < 0)
		return -1;
	while ((more = spool_next(&w->spool, &line, &record, f)) == 1)
		each(w, record);
	return more;
}

/* ---- by serial or mac ---- */

/*
 * Another object of the source's, as far as it can tell. What has no key has nothing else to be
 * known by when it comes again: it is the same if another source gives the device the mark, too.
 */
static int
is_claimed(struct import_work *w, int64_t item, const char *mark, int has_key, struct fault *f)
{
	/* hot: each record of an import that is recognised */
	static const char sql[] = "SELECT 1 FROM document WHERE id = $1"
				  " UNION ALL SELECT 1 FROM ident WHERE item = $2 AND source = $3"
				  " LIMIT 1";
	/* hot: each record of an import that is recognised and has no key */
	static const char keyless[] =
	    "SELECT 1 WHERE EXISTS (SELECT 1 FROM ident WHERE item = $1 AND source = $2)"
	    " OR NOT EXISTS (SELECT 1 FROM mark WHERE value = $3 AND item = $1 AND source <> $2)";
	int64_t one;

	if (!has_key)
		return db_get_int(w->s->db, &one, f, keyless, "iis", item, w->source, mark);
	return db_get_int(
	    w->s->db, &one, f, sql, "iii", DOCUMENT_ID(item, w->source), item, w->source);
}

/* Two machines may share a card over time: serials that differ say more than a mac. */
static int
has_serial(struct import_work *w, int64_t item, struct fault *f)
{
	struct documents docs = {0};
	struct words marks = {0};
	int status = document_list(w->s, item, &docs, f);

	for (size_t i = 0; status == 0 && i < docs.n; i++)
		mark_of(JTEXT(docs.v[i].attributes), JTEXT(docs.v[i].variables), &marks);
	for (size_t i = 0; status == 0 && i < marks.n; i++)
		status = strncmp(marks.v[i], MARK_SERIAL, strlen(MARK_SERIAL)) == 0;
	documents_done(&docs);
	words_done(&marks);
	return status;
}

/* The one device that has the mark, if the source has claimed it for nothing else: 1, 0 or -1. */
static int
owner_of(struct import_work *w, const char *mark, int has_key, int64_t *id, struct fault *f)
{
	struct ids items = {0};
	union map_value *n = map_get(&w->marks, mark);
	int found = 0;

	if (!n || n->i != 1 || mark_is_placeholder(mark, &w->placeholders))
		return 0;
	if (mark_find(w->s, mark, &items, f) < 0)
		found = -1;
	else if (items.n == 1) {
		*id = items.v[0];
		found = is_claimed(w, *id, mark, has_key, f);
		found = found < 0 ? -1 : !found;
	}
	vec_done(&items);
	return found;
}

static int
recognise(void *ctx, const struct record *r, int64_t *id, struct fault *f)
{
	struct import_work *w = ctx;
	struct words marks = {0};
	int found = 0, serial = 0;

	if (strcmp(item_class(r->kind), "device") != 0)
		return 0;
	marks_of(r->whole, &marks);
	for (size_t i = 0; found == 0 && i < marks.n; i++) {
		int is_serial = strncmp(marks.v[i], MARK_SERIAL, strlen(MARK_SERIAL)) == 0;

		found = owner_of(w, marks.v[i], r->key != NULL, id, f);
		if (found == 1 && !is_serial && serial) {
			int other = has_serial(w, *id, f);

			found = other < 0 ? -1 : !other;
		}
		serial |= is_serial && !mark_is_placeholder(marks.v[i], &w->placeholders);
	}
	words_done(&marks);
	return found;
}

/* ---- a new key for an old object ---- */

/* Only a full input tells that the object known by the other keys is gone. */
static int
replaces(void *ctx, int64_t item, struct fault *f)
{
	static const char sql[] = "SELECT key FROM ident WHERE item = $1 AND source = $2";
	struct import_work *w = ctx;
	struct db_rows rows;
	int more, gone = 1;

	if (!w->im->full || !w->keys_read)
		return 0;
	more = db_query(w->s->db, &rows, f, sql, "ii", item, w->source);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		gone &= !map_get(&w->keys, db_text(&rows, 0));
	db_end(&rows);
	return more < 0 ? -1 : gone;
}

/* ---- the whole ---- */

int
import_look(struct import_work *w, struct fault *f)
{
	static const char sql[] = "SELECT 1 FROM mark WHERE source <> $1 LIMIT 1";
	int64_t one;
	int found;

	w->look = (struct record_input){NULL, replaces, w};
	if (!w->source)
		return 0;
	found = db_get_int(w->s->db, &one, f, sql, "i", w->source);
	if (found != 1)
		return found;
	w->look.recognise = recognise;
	return mark_placeholders(w->s, &w->placeholders, f) < 0 ? -1 : read_all(w, count_marks, f);
}

int
import_look_keys(struct import_work *w, struct fault *f)
{
	w->keys_read = 1;
	return w->im->full ? read_all(w, note_key, f) : 0;
}
