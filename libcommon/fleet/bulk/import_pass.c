/* SPDX-License-Identifier: Apache-2.0 */
/* The records of an import, in two passes: items, then what relates them. */
#include "fleet/bulk/import_inside.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/when.h"
#include "fleet/source.h"
#include "fleet/sources/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- sources ---- */

/* What is configured of a source that is new here, and when it last reported elsewhere. */
static int
configure(struct import_work *w, int64_t id, struct jtext object, struct fault *f)
{
	static const char sql[] = "UPDATE source SET seen = $2 WHERE id = $1";
	struct jtext settings = jtext_member(object, "settings");
	struct jtext stale = jtext_member(object, "stale");
	char *seen = jtext_plain_dup(jtext_member(object, "seen"));
	struct source source = {0};
	int64_t at = 0;
	int status = settings.text ? settings_check(settings, f) : 0;

	if (status == 0 && seen && (status = when_parse(seen, 0, &at, f)) == 0)
		status = db_run(w->s->db, f, sql, "ii", id, at) < 0 ? -1 : 0;
	if (status == 0 && source_get_id(w->s, id, &source, f) != 1)
		status = -1;
	if (status == 0 && (settings.text || stale.text)) {
		if (settings.text) {
			free(source.settings);
			source.settings = mem_dupn(settings.text, settings.len);
		}
		source.stale = stale.text && jtext_type(stale) == JTEXT_TRUE;
		status = change_source(&w->c, &source, f) < 0 ? -1 : 0;
	}
	source_done(&source);
	free(seen);
	return status;
}

/*
 * {"kind":"source","name":..,"rank":..}: an export's list of sources. What was set here stays:
 * that of operator is made with the project, not set.
 */
static int
put_source(struct import_work *w, struct jtext object, struct fault *f)
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
	if (status == 1 && (known.id !=
			       w->s->operator|| known.rank != SOURCE_RANK_OPERATOR ||
			       strcmp(known.settings, "{}") != 0))
		goto out;
	if (status >= 0 && source_want(w->s, name, &id, f) == 0 &&
	    change_rank(&w->c, id, rank, f) >= 0)
		status = configure(w, id, object, f);
	else
		status = -1;
out:
	source_done(&known);
	free(name);
	free(number);
	return status < 0 ? -1 : 0;
}

static int
choose_source(struct import_work *w, const struct record *r, struct fault *f)
{
	if (w->source) {
		w->c.source = w->source;
		return 0;
	}
	return source_want(w->s, r->source ? r->source : "operator", &w->c.source, f);
}

/* ---- records ---- */

/*
 * Records that follow each other with the same ref are of the same item: an export's lines for
 * one item and several sources, of which the first alone may not make it what its ref says.
 */
static void
recall(struct import_work *w, struct record *r)
{
	if (r->ref && w->last_ref && strcmp(r->ref, w->last_ref) == 0)
		r->known = w->last_id;
}

static void
remember(struct import_work *w, const struct record *r, int64_t id)
{
	free(w->last_ref);
	w->last_ref = mem_dup(r->ref);
	w->last_id = id;
}

static int
put_record(struct import_work *w, struct record *r, int mode, struct fault *f)
{
	int64_t id;
	int effect = -1;

	if (r->kind && w->source && !speech_of_kind(&w->speech, r->kind))
		return 0;
	recall(w, r);
	r->speech = w->source ? &w->speech : NULL;
	r->input = &w->look;
	if (choose_source(w, r, f) == 0)
		effect = record_put(&w->c, r, mode | (w->im->full ? RECORD_WHOLE : 0), &id, f);
	if (effect >= 0 && effect != RECORD_PASSED && !(mode & RECORD_EDGES)) {
		w->im->same += effect == RECORD_SAME;
		vec_push(&w->seen, id);
		remember(w, r, id);
	}
	return effect < 0 ? -1 : 0;
}

int
import_put(struct import_work *w, struct jtext object, int mode, struct fault *f)
{
	struct record r = {0};
	int status;

	if (jtext_is(jtext_member(object, "kind"), "source"))
		return (mode & RECORD_EDGES) ? 0 : put_source(w, object, f);
	if (record_read(&r, object, f) < 0)
		return -1;
	status = put_record(w, &r, mode, f);
	record_done(&r);
	return status;
}

void
import_say_bad(struct import_work *w, int64_t n, unsigned long line, const struct fault *why)
{
	struct fault told = *why;

	fault_within(&told, "%s:%lu", w->input, line);
	w->im->bad(w->im->ctx, &told);
	w->im->skipped++;
	vec_push(&w->bad, n);
}

/* ---- a pass ---- */

struct place {
	int64_t n, at;
	unsigned long line;
};

/* A bad record is undone; what came before it stands. In the first pass it gets another try. */
static int
put_one(struct import_work *w, const struct place *place, struct jtext object, int mode,
    struct fault *f)
{
	struct change_mark mark;
	struct fault why = {0};

	if (change_save(&w->c, &mark, f) < 0)
		return -1;
	if (import_put(w, object, mode, &why) == 0)
		return change_keep(&w->c, f);
	if (why.kind != FAULT_BAD) {
		*f = why;
		return -1;
	}
	if (mode & RECORD_EDGES)
		import_say_bad(w, place->n, place->line, &why);
	else
		vec_push(&w->late, ((struct import_late){.n = place->n, .at = place->at}));
	return change_undo_to(&w->c, &mark, f);
}

static int
next(struct import_work *w, struct place *place, struct jtext *object, struct fault *f)
{
	return spool_tell(&w->spool, &place->at, f) < 0
		   ? -1
		   : spool_next(&w->spool, &place->line, object, f);
}

/* The second pass leaves out what the first refused, and said so. */
int
import_pass(struct import_work *w, int mode, struct fault *f)
{
	struct jtext object;
	struct place place = {0};
	size_t known = (mode & RECORD_EDGES) ? w->bad.n : 0, next_bad = 0;
	int more;

	free(w->last_ref);
	w->last_ref = NULL;
	if (spool_rewind(&w->spool, f) < 0)
		return -1;
	for (; (more = next(w, &place, &object, f)) == 1; place.n++) {
		if (next_bad < known && w->bad.v[next_bad] == place.n) {
			next_bad++;
			continue;
		}
		if ((mode & RECORD_EDGES) && !jtext_member(object, "relations").text)
			continue;
		if (put_one(w, &place, object, mode, f) < 0)
			return -1;
	}
	return more;
}
