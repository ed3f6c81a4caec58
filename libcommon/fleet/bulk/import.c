/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/bulk/import.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/when.h"
#include "fleet/bulk/spool.h"
#include "fleet/record.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
	struct session *s;
	struct import *im;
	char *input; /* its name, for messages */
	struct spool spool;
	struct change c;
	int64_t source;  /* 0: by record */
	struct ids seen; /* items reported, in the order of the input */
	struct ids bad;  /* records of the spool that the first pass refused, counted from 0 */
	char *last_ref;  /* of the record before, */
	int64_t last_id; /* and its item */
};

/* ---- before the lock: read, translate, spool ---- */

static int
to_spool(void *ctx, struct jtext record, unsigned long line, struct fault *f)
{
	struct work *w = ctx;

	w->im->read++;
	return spool_put(&w->spool, line, record, f);
}

static int
fill_spool(struct work *w, const char *path, struct fault *f)
{
	const struct format_sink sink = {to_spool, w->im->bad, w->im->note, w};
	struct format_run run = {.format = w->im->format,
	    .map = w->im->map,
	    .source = w->im->source ? w->im->source : "operator",
	    .sink = &sink};
	struct jsonl in;
	int status;

	if (jsonl_open(&in, path, f) < 0)
		return -1;
	w->input = mem_dup(in.name);
	status = format_translate(&run, &in, f);
	w->im->skipped = run.bad;
	jsonl_close(&in);
	return status;
}

/* ---- under the lock: apply ---- */

/* {"kind":"source","name":..,"rank":..}: an export's list of sources. A rank set here stays. */
static int
put_source(struct work *w, struct jtext object, struct fault *f)
{
	struct source known = {0};
	char *name = jtext_plain_dup(jtext_member(object, "name"));
	char *number = jtext_plain_dup(jtext_member(object, "rank"));
	int64_t id, rank;
	int status = -1;

	if (!name || !number) {
		fault_set(f, FAULT_BAD, "source: a name and a rank are wanted");
		goto out;
	}
	if (num_int(number, 0, INT64_MAX, &rank, f) < 0) {
		fault_within(f, "source: rank");
		goto out;
	}
	status = source_get(w->s, name, &known, f);
	/* That of operator is made with the project, not set. */
	if (status == 1 && (known.id != w->s->operator|| known.rank != SOURCE_RANK_OPERATOR))
		goto out;
	if (status >= 0 && source_want(w->s, name, &id, f) == 0)
		status = change_rank(&w->c, id, rank, f);
	else
		status = -1;
out:
	source_done(&known);
	free(name);
	free(number);
	return status < 0 ? -1 : 0;
}

static int
choose_source(struct work *w, const struct record *r, struct fault *f)
{
	if (w->source) {
		w->c.source = w->source;
		return 0;
	}
	return source_want(w->s, r->source ? r->source : "operator", &w->c.source, f);
}

/*
 * Records that follow each other with the same ref are of the same item: an export's lines for
 * one item and several sources, of which the first alone may not make it what its ref says.
 */
static void
recall(struct work *w, struct record *r)
{
	if (r->ref && w->last_ref && strcmp(r->ref, w->last_ref) == 0)
		r->known = w->last_id;
}

static void
remember(struct work *w, const struct record *r, int64_t id)
{
	free(w->last_ref);
	w->last_ref = mem_dup(r->ref);
	w->last_id = id;
}

static int
put_record(struct work *w, struct jtext object, int mode, struct fault *f)
{
	struct record r = {0};
	int64_t id;
	int effect = -1;

	if (jtext_is(jtext_member(object, "kind"), "source"))
		return (mode & RECORD_EDGES) ? 0 : put_source(w, object, f);
	if (record_read(&r, object, f) < 0)
		return -1;
	recall(w, &r);
	if (choose_source(w, &r, f) == 0)
		effect = record_put(&w->c, &r, mode | (w->im->full ? RECORD_WHOLE : 0), &id, f);
	if (effect >= 0 && !(mode & RECORD_EDGES)) {
		w->im->same += effect == RECORD_SAME;
		vec_push(&w->seen, id);
		remember(w, &r, id);
	}
	record_done(&r);
	return effect < 0 ? -1 : 0;
}

/* A bad record is reported with its line and undone; what came before it stands. */
static int
put_one(struct work *w, unsigned long line, struct jtext object, int mode, struct fault *f)
{
	struct change_mark mark;
	struct fault why;

	if (change_save(&w->c, &mark, f) < 0)
		return -1;
	if (put_record(w, object, mode, &why) == 0)
		return change_keep(&w->c, f);
	if (why.kind != FAULT_BAD) {
		*f = why;
		return -1;
	}
	fault_within(&why, "%s:%lu", w->input, line);
	w->im->bad(w->im->ctx, &why);
	w->im->skipped++;
	return change_undo_to(&w->c, &mark, f);
}

/* The second pass leaves out what the first refused, and said so. */
static int
pass(struct work *w, int mode, struct fault *f)
{
	struct jtext object;
	unsigned long line, skipped;
	size_t known = (mode & RECORD_EDGES) ? w->bad.n : 0, next = 0;
	int more;

	free(w->last_ref);
	w->last_ref = NULL;
	if (spool_rewind(&w->spool, f) < 0)
		return -1;
	for (int64_t n = 0; (more = spool_next(&w->spool, &line, &object, f)) == 1; n++) {
		if (next < known && w->bad.v[next] == n) {
			next++;
			continue;
		}
		if ((mode & RECORD_EDGES) && !jtext_member(object, "relations").text)
			continue;
		skipped = w->im->skipped;
		if (put_one(w, line, object, mode, f) < 0)
			return -1;
		if (w->im->skipped > skipped)
			vec_push(&w->bad, n);
	}
	return more;
}

/* ---- --full ---- */

static int
refuse_shrunken(struct work *w, size_t gone, size_t before, struct fault *f)
{
	if (w->im->skipped)
		return fault_set(f, FAULT_REFUSED,
		    "refused: a full import retires what is missing, and %lu records were bad",
		    w->im->skipped);
	if (gone * 100 <= before * IMPORT_SHRINK)
		return 0;
	return fault_set(f, FAULT_REFUSED,
	    "refused: source %s would lose %zu of %zu items (%.1f %%) > %d %%", w->im->source, gone,
	    before, 100.0 * (double)gone / (double)before, IMPORT_SHRINK);
}

/*
 * A label has no record of its own where items merely carry it: an item that is reported
 * reports its labels too.
 */
static int
add_carried(struct work *w, struct fault *f)
{
	static const char sql[] = "SELECT label, item FROM label WHERE source = $1";
	struct ids carried = {0};
	struct db_rows rows;
	int more = db_query(w->s->db, &rows, f, sql, "i", w->source);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (ids_have(&w->seen, db_int(&rows, 1)))
			vec_push(&carried, db_int(&rows, 0));
	db_end(&rows);
	for (size_t i = 0; i < carried.n; i++)
		vec_push(&w->seen, carried.v[i]);
	vec_done(&carried);
	ids_tidy(&w->seen);
	return more;
}

/* What the source no longer reports goes from its layer, and from nothing else. */
static int
retire_missing(struct work *w, const struct ids *before, struct fault *f)
{
	struct ids gone = {0};
	int status;

	ids_tidy(&w->seen);
	if (add_carried(w, f) < 0)
		return -1;
	for (size_t i = 0; i < before->n; i++)
		if (!ids_have(&w->seen, before->v[i]))
			vec_push(&gone, before->v[i]);
	status = refuse_shrunken(w, gone.n, before->n, f);
	for (size_t i = 0; status >= 0 && i < gone.n; i++)
		status = change_drop(&w->c, gone.v[i], w->source, f);
	vec_done(&gone);
	return status < 0 ? -1 : 0;
}

/* ---- the whole ---- */

static int
note_seen(struct work *w, struct fault *f)
{
	static const char sql[] = "UPDATE source SET seen = $2 WHERE id = $1";

	if (!w->source)
		return 0;
	return db_run(w->s->db, f, sql, "ii", w->source, when_now()) < 0 ? -1 : 0;
}

static int
apply(struct work *w, struct fault *f)
{
	static const char layers[] =
	    "SELECT id / 4096 FROM document WHERE id % 4096 = $1 ORDER BY id";
	struct ids before = {0};
	int status = -1;

	if (w->im->source && source_want(w->s, w->im->source, &w->source, f) < 0)
		goto out;
	w->c.source = w->c.entry_source = w->source;
	if (w->im->full && db_get_ids(w->s->db, &before, f, layers, "i", w->source) < 0)
		goto out;
	/* Relations come last: their targets may stand further down in the input. */
	if (pass(w, RECORD_NO_EDGES, f) < 0 || pass(w, RECORD_EDGES, f) < 0)
		goto out;
	if (w->im->full && retire_missing(w, &before, f) < 0)
		goto out;
	if (w->im->atomic && w->im->skipped) {
		fault_set(f, FAULT_BAD, "nothing imported: %lu bad records", w->im->skipped);
		goto out;
	}
	status = note_seen(w, f);
out:
	vec_done(&before);
	return status;
}

static int
change_all(struct work *w, struct fault *f)
{
	int status;

	if (change_begin(&w->c, w->s, 0, f) < 0)
		return -1;
	status = apply(w, f);
	w->im->created = w->c.created;
	w->im->changed = w->c.changed;
	w->im->retired = w->c.retired;
	if (status == 0 && !w->im->dry_run)
		return change_commit(&w->c, f);
	change_rollback(&w->c);
	return status;
}

int
import_run(struct session *s, struct import *im, const char *path, struct fault *f)
{
	struct work w = {.s = s, .im = im};
	int status = -1;

	if (spool_open(&w.spool, db_path(s->db), f) == 0 && fill_spool(&w, path, f) == 0)
		status = change_all(&w, f);
	spool_close(&w.spool);
	vec_done(&w.seen);
	vec_done(&w.bad);
	free(w.input);
	free(w.last_ref);
	return status;
}
