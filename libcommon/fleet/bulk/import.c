/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/bulk/import.h"

#include "base/mem.h"
#include "fleet/bulk/import_inside.h"
#include "fleet/log/history.h"
#include "fleet/source.h"
#include "fleet/sources/staleness.h"

#include <stdlib.h>
#include <string.h>

/* ---- before the lock: read, translate, spool ---- */

static int
to_spool(void *ctx, struct jtext record, unsigned long line, struct fault *f)
{
	struct import_work *w = ctx;

	w->im->read++;
	return spool_put(&w->spool, line, record, f);
}

static int
fill_spool(struct import_work *w, const char *path, struct fault *f)
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
	if (w->im->input)
		in.name = w->im->input;
	w->input = mem_dup(in.name);
	status = format_translate(&run, &in, f);
	w->im->skipped = run.bad;
	jsonl_close(&in);
	return status;
}

/* ---- the whole ---- */

/* The source by whose settings the records are read. */
static int
want_source(struct import_work *w, struct fault *f)
{
	struct source source = {0};
	int status = -1;

	if (!w->im->source)
		return 0;
	if (source_want(w->s, w->im->source, &w->source, f) == 0 &&
	    source_get_id(w->s, w->source, &source, f) == 1) {
		w->settings = mem_dup(source.settings);
		speech_init(&w->speech, source.name, source.settings);
		status = 0;
	}
	source_done(&source);
	w->c.source = w->c.entry_source = w->source;
	return status;
}

/* Relations come last: their targets may stand further down in the input. */
static int
put_all(struct import_work *w, struct fault *f)
{
	if (import_look(w, f) < 0 || import_pass(w, RECORD_NO_EDGES, f) < 0 ||
	    import_put_late(w, f) < 0)
		return -1;
	ids_sort(&w->bad);
	return import_pass(w, RECORD_EDGES, f);
}

static int
apply(struct import_work *w, struct fault *f)
{
	static const char layers[] =
	    "SELECT id / 4096 FROM document WHERE id % 4096 = $1 ORDER BY id";
	struct ids before = {0};
	int status = -1;

	if (want_source(w, f) < 0)
		goto out;
	if (w->im->full && db_get_ids(w->s->db, &before, f, layers, "i", w->source) < 0)
		goto out;
	if (put_all(w, f) < 0 || (w->im->full && import_retire(w, &before, f) < 0))
		goto out;
	if (w->im->atomic && w->im->skipped) {
		fault_set(f, FAULT_BAD, "nothing imported: %lu bad records", w->im->skipped);
		goto out;
	}
	status = w->source ? staleness_reported(&w->c, w->source, f) : 0;
out:
	vec_done(&before);
	return status;
}

/* The entry as it would be, read before it is rolled back. */
static int
tell_all(struct import_work *w, struct fault *f)
{
	struct history_entry e = {.id = w->c.txn,
	    .at = w->c.at,
	    .actor = w->s->actor,
	    .source = w->im->source,
	    .reason = w->s->reason};
	struct history_rows rows = {0};
	struct str json = STR_INIT;
	int status = w->c.txn ? history_rows(w->s, e.id, NULL, &rows, f) : 0;

	for (size_t i = 0; status == 0 && i < rows.n; i++) {
		str_reset(&json);
		status = history_to_json(w->s, &e, &rows.v[i], &json, f);
		if (status == 0)
			w->im->would(w->im->ctx, (struct jtext){json.text, json.len});
	}
	history_rows_done(&rows);
	str_done(&json);
	return status;
}

static int
change_all(struct import_work *w, struct fault *f)
{
	int status;

	if (change_begin(&w->c, w->s, 0, f) < 0)
		return -1;
	status = apply(w, f);
	if (w->source)
		speech_tell(&w->speech, w->im->note, w->im->ctx);
	w->im->created = w->c.created;
	w->im->changed = w->c.changed;
	w->im->retired = w->c.retired;
	if (status == 0 && w->im->dry_run && w->im->would)
		status = tell_all(w, f);
	if (status == 0 && !w->im->dry_run) {
		if (change_commit(&w->c, f) < 0)
			return -1;
		return staleness_judge(w->s, f) < 0
			   ? fault_within(f, "imported, but not noted which sources are stale")
			   : 0;
	}
	change_rollback(&w->c);
	return status;
}

static void
work_done(struct import_work *w)
{
	vec_done(&w->seen);
	vec_done(&w->bad);
	for (size_t i = 0; i < w->late.n; i++)
		free(w->late.v[i].why);
	vec_done(&w->late);
	map_done(&w->marks);
	map_done(&w->keys);
	words_done(&w->placeholders);
	speech_done(&w->speech);
	free(w->settings);
	free(w->input);
	free(w->last_ref);
}

int
import_run(struct session *s, struct import *im, const char *path, struct fault *f)
{
	struct import_work w = {.s = s, .im = im};
	int status = -1;

	if (spool_open(&w.spool, db_path(s->db), f) == 0 && fill_spool(&w, path, f) == 0)
		status = change_all(&w, f);
	spool_close(&w.spool);
	work_done(&w);
	return status;
}
