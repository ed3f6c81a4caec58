/* SPDX-License-Identifier: Apache-2.0 */
/* What the log tells of sources: that there is one, its rank, what is configured of it. */
#include "fleet/log/change_inside.h"
#include "fleet/log/change_log.h"
#include "fleet/sources/precedence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
change_source_state(const struct source *source, struct str *out)
{
	jtext_open(out);
	jtext_text(out, "name", source->name);
	if (source->removed)
		jtext_bool(out, "removed", 1);
	jtext_raw(out, "settings", source->settings);
	if (source->stale)
		jtext_bool(out, "stale", 1);
	jtext_close(out);
}

/* ---- the first word of it ---- */

static int
tell_source(struct change *c, int64_t id, struct fault *f)
{
	static const char mark[] = "UPDATE source SET logged = 1 WHERE id = $1";
	struct source source = {0};
	struct str state = STR_INIT;
	int status = source_get_id(c->s, id, &source, f) == 1 ? 0 : -1;

	if (status == 0 && db_run(c->s->db, f, mark, "i", id) < 0)
		status = -1;
	if (status == 0) {
		change_source_state(&source, &state);
		status = change_log_row(c, "source", 0, id, NULL, NULL, f);
		change_hash_more(&c->hash, state.text);
	}
	source_done(&source);
	str_done(&state);
	return status;
}

int
change_tell_source(struct change *c, int64_t id, struct fault *f)
{
	static const char sql[] = "SELECT logged FROM source WHERE id = $1";
	int64_t logged = 0;

	for (size_t i = 0; i < c->told.n; i++)
		if (c->told.v[i] == id)
			return 0;
	/* Before it is told: the row that tells comes here, too. */
	vec_push(&c->told, id);
	if (db_get_int(c->s->db, &logged, f, sql, "i", id) < 0)
		return -1;
	return logged == 1 ? 0 : tell_source(c, id, f);
}

/* ---- winners ---- */

/* Items of which this source alone speaks have no order to lose. */
static int
settle_shared(struct change *c, int64_t source, struct fault *f)
{
	static const char sql[] =
	    "SELECT d.id / 4096 FROM document AS d WHERE d.id % 4096 = $1 AND EXISTS"
	    " (SELECT 1 FROM document AS x WHERE x.id BETWEEN d.id - $1 AND d.id - $1 + 4095"
	    " AND x.id <> d.id)";
	struct ids items = {0};
	int status = db_get_ids(c->s->db, &items, f, sql, "i", source);

	precedence_forget(c->s);
	for (size_t i = 0; status >= 0 && i < items.n; i++)
		status = change_settle(c, items.v[i], 0, f);
	vec_done(&items);
	return status < 0 ? -1 : 1;
}

/* ---- what is changed of it ---- */

int
change_rank(struct change *c, int64_t source, int64_t rank, struct fault *f)
{
	static const char get[] = "SELECT rank FROM source WHERE id = $1";
	static const char put[] = "UPDATE source SET rank = $2 WHERE id = $1";
	int64_t was;
	char undo[48], is[24];

	if (db_get_int(c->s->db, &was, f, get, "i", source) < 0)
		return -1;
	if (was == rank)
		return 0;
	snprintf(undo, sizeof(undo), "{\"rank\":%" PRId64 "}", was);
	if (db_run(c->s->db, f, put, "ii", source, rank) < 0 ||
	    change_log_row(c, "rank", 0, source, NULL, undo, f) < 0)
		return -1;
	snprintf(is, sizeof(is), "%" PRId64, rank);
	change_hash_more(&c->hash, is);
	return settle_shared(c, source, f);
}

static int
write_source(struct change *c, const struct source *as, struct fault *f)
{
	static const char sql[] =
	    "UPDATE source SET settings = $2, stale = $3, removed = $4 WHERE id = $1";

	return db_run(c->s->db, f, sql, "isii", as->id, as->settings, (int64_t)as->stale,
		   (int64_t)as->removed) < 0
		   ? -1
		   : 0;
}

/* Whether the order of sources is another one, for any key. */
static int
reorders(const struct source *was, const struct source *is)
{
	return was->stale != is->stale || !jtext_same(jtext_member(JTEXT(was->settings), "ranks"),
					      jtext_member(JTEXT(is->settings), "ranks"));
}

int
change_source(struct change *c, const struct source *as, struct fault *f)
{
	struct source was = {0};
	struct str undo = STR_INIT, state = STR_INIT;
	int status = -1;

	/* Its name is told before what is changed of it. */
	if (source_get_id(c->s, as->id, &was, f) != 1 || change_tell_source(c, as->id, f) < 0)
		goto out;
	change_source_state(&was, &undo);
	change_source_state(as, &state);
	status = 0;
	if (strcmp(undo.text, state.text) == 0)
		goto out;
	if (write_source(c, as, f) < 0 ||
	    change_log_row(c, "source", 0, as->id, NULL, undo.text, f) < 0) {
		status = -1;
		goto out;
	}
	change_hash_more(&c->hash, state.text);
	status = reorders(&was, as) ? settle_shared(c, as->id, f) : 1;
out:
	source_done(&was);
	str_done(&undo);
	str_done(&state);
	return status;
}
