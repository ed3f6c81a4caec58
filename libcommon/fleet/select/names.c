/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/inside.h"

#include "base/near.h"
#include "fleet/ref.h"
#include "fleet/select/known.h"
#include "io/hostlist.h"
#include "io/jsonl.h"

#include <stdlib.h>
#include <string.h>

/* ---- stdin ---- */

static int
take_line(struct selection *sel, const struct jsonl *in, const char *line, size_t len,
    struct feed_words *out, struct fault *f)
{
	struct feed_word word;
	struct fault why;
	int found = feed_word(line, len, &word, &why);

	if (found < 0)
		return select_doubt(sel, DOUBT_LINE, f, "stdin:%lu: %s", in->line, why.text);
	if (found)
		vec_push(out, word);
	return 0;
}

int
select_read_stdin(struct selection *sel, struct feed_words *out, struct fault *f)
{
	struct jsonl in;
	struct fault why;
	char *line;
	size_t len;
	int more, status = 0;

	if (jsonl_open(&in, NULL, f) < 0)
		return -1;
	while (status == 0 && (more = jsonl_line(&in, &line, &len, &why)) != 0) {
		if (more == 1) {
			status = take_line(sel, &in, line, len, out, f);
		} else if (why.kind == FAULT_BAD) {
			status = select_doubt(sel, DOUBT_LINE, f, "%s", why.text);
		} else {
			*f = why;
			status = -1;
		}
	}
	jsonl_close(&in);
	return status;
}

/* ---- from words to items ---- */

static int
is_retired(struct session *s, int64_t id, int64_t *retired, struct fault *f)
{
	static const char sql[] = "SELECT retired FROM item WHERE id = $1";

	return db_get_int(s->db, retired, f, sql, "i", id) < 0 ? -1 : 0;
}

int
select_named(
    struct selection *sel, const struct feed_words *words, struct ids *out, struct fault *f)
{
	for (size_t i = 0; i < words->n; i++) {
		int64_t id = 0, retired = 0;
		struct fault why;

		if (ref_want(sel->s, words->v[i].kind, words->v[i].text, &id, &why) < 0) {
			if (why.kind != FAULT_BAD)
				return *f = why, -1;
			if (select_doubt(sel, DOUBT_NAME, f, "%s", why.text) < 0)
				return -1;
			continue;
		}
		if (!sel->o->retired && is_retired(sel->s, id, &retired, f) < 0)
			return -1;
		if (!retired)
			vec_push(out, id);
		else if (select_doubt(sel, DOUBT_NAME, f,
			     "\"%s\": retired; no source reports it any more",
			     words->v[i].text) < 0)
			return -1;
	}
	ids_tidy(out);
	return 0;
}

/* ---- host lists ---- */

struct listed {
	struct selection *sel;
	const char *option;
	struct ids *out;
	struct fault *f;
	int failed;
	unsigned long missing;
};

/*
 * A list is walked name by name, so that those which no item has can be told. One with more of
 * them than this, a[1-999999999], is held against the items instead.
 */
#define MOST_MISSING 10000

static int
note_missing(struct listed *l, const char *name)
{
	if (l->missing++ == MOST_MISSING)
		return 1;
	return select_doubt(l->sel, DOUBT_NAME, l->f, "%s: no item is named %s", l->option, name);
}

/* 0; 1 where too many are missing, -1. */
static int
add_name(const char *name, void *ctx)
{
	/* hot: each name of a host list */
	static const char sql[] =
	    "SELECT id, retired FROM item WHERE project = $1 AND name = $2 AND class <> 'label'";
	struct listed *l = ctx;
	struct db_rows rows;
	size_t before = l->out->n;
	int more = db_query(l->sel->s->db, &rows, l->f, sql, "is", l->sel->s->project, name);

	while (more >= 0 && (more = db_next(&rows, l->f)) == 1)
		if (l->sel->o->retired || !db_int(&rows, 1))
			vec_push(l->out, db_int(&rows, 0));
	db_end(&rows);
	if (more == 0 && l->out->n == before)
		more = note_missing(l, name);
	l->failed = more < 0;
	return more;
}

static int
add_items_on(const struct hostlist *list, struct listed *l, struct fault *f)
{
	static const char sql[] = "SELECT id, retired, name FROM item WHERE project = $1"
				  " AND class <> 'label'";
	struct db_rows rows;
	int more = db_query(l->sel->s->db, &rows, f, sql, "i", l->sel->s->project);

	l->sel->more_names = 1;
	l->out->n = 0;
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if ((l->sel->o->retired || !db_int(&rows, 1)) &&
		    hostlist_has(list, db_text(&rows, 2)))
			vec_push(l->out, db_int(&rows, 0));
	db_end(&rows);
	return more;
}

static int
hold_against_items(struct listed *l, const char *list, struct fault *f)
{
	struct hostlist *compiled = hostlist_new(list, f);
	int status = compiled ? add_items_on(compiled, l, f) : -1;

	hostlist_free(compiled);
	return status;
}

int
select_listed(
    struct selection *sel, const char *option, const char *list, struct ids *out, struct fault *f)
{
	struct listed l = {.sel = sel, .option = option, .out = out, .f = f};
	struct fault why;
	int status = hostlist_each(list, add_name, &l, &why);

	if (status < 0 && !l.failed) {
		*f = why;
		return fault_within(f, "%s", option);
	}
	if (status > 0)
		status = hold_against_items(&l, list, f);
	ids_tidy(out);
	return status;
}
