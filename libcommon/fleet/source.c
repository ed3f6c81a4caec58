/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/source.h"

#include "base/mem.h"
#include "base/near.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void
source_done(struct source *s)
{
	free(s->name);
	free(s->settings);
	free(s->trouble);
	*s = (struct source){0};
}

#define COLUMNS "id, name, rank, seen, stale, removed, settings, tried, trouble"

static int
read_one(struct db_rows *rows, struct source *out, struct fault *f)
{
	int found = db_next(rows, f);

	if (found == 1) {
		out->id = db_int(rows, 0);
		out->name = db_text_dup(rows, 1);
		out->rank = db_int(rows, 2);
		out->seen = db_int(rows, 3);
		out->stale = (int)db_int(rows, 4);
		out->removed = (int)db_int(rows, 5);
		out->settings = db_text_dup(rows, 6);
		out->tried = db_int(rows, 7);
		out->trouble = db_text_dup(rows, 8);
	}
	return found;
}

int
source_get(struct session *s, const char *name, struct source *out, struct fault *f)
{
	static const char sql[] = "SELECT " COLUMNS " FROM source WHERE project = $1 AND name = $2";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "is", s->project, name);

	if (found == 0)
		found = read_one(&rows, out, f);
	db_end(&rows);
	return found;
}

int
source_get_id(struct session *s, int64_t id, struct source *out, struct fault *f)
{
	static const char sql[] = "SELECT " COLUMNS " FROM source WHERE id = $1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "i", id);

	if (found == 0)
		found = read_one(&rows, out, f);
	db_end(&rows);
	return found;
}

int
source_list(struct session *s, struct sources *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT " COLUMNS
	    " FROM source WHERE project = $1 AND removed = 0 ORDER BY stale, rank, id";
	struct db_rows rows;
	struct source one = {0};
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = read_one(&rows, &one, f)) == 1)
		vec_push(out, one);
	db_end(&rows);
	return more;
}

void
sources_done(struct sources *list)
{
	for (size_t i = 0; i < list->n; i++)
		source_done(&list->v[i]);
	vec_done(list);
}

int
source_need(struct session *s, const char *name, struct source *out, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	struct sources all = {0};
	char hint[NEAR_HINT];
	int found = source_get(s, name, out, f);

	if (found == 1 && !out->removed)
		return 0;
	source_done(out);
	if (found < 0 || source_list(s, &all, f) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		near_offer(&near, all.v[i].name);
	fault_set(f, FAULT_BAD, "source \"%s\": no such source%s", name, near_hint(&near, hint));
	sources_done(&all);
	return -1;
}

static int
name_ok(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._/-", name[i]))
			return 0;
	return n > 0 && n <= 64;
}

int
source_find(struct session *s, const char *name, int64_t *id, struct fault *f)
{
	static const char sql[] = "SELECT id FROM source WHERE project = $1 AND name = $2";

	return db_get_int(s->db, id, f, sql, "is", s->project, name);
}

int64_t
source_default_rank(const char *name)
{
	if (strcmp(name, "operator") == 0)
		return SOURCE_RANK_OPERATOR;
	return strncmp(name, "audit/", 6) == 0 ? SOURCE_RANK_AUDIT : SOURCE_RANK_DEFAULT;
}

static int
refuse_removed(struct session *s, const char *name, int64_t id, struct fault *f)
{
	/* hot: each record of an import that names its source */
	static const char sql[] = "SELECT removed FROM source WHERE id = $1";
	int64_t removed = 0;

	if (db_get_int(s->db, &removed, f, sql, "i", id) < 0)
		return -1;
	return removed ? fault_set(f, FAULT_BAD,
			     "source \"%s\": was removed; source add brings it back", name)
		       : 0;
}

int
source_want(struct session *s, const char *name, int64_t *id, struct fault *f)
{
	static const char put[] = "INSERT INTO source (project, name, rank) VALUES ($1, $2, $3)";
	int found = source_find(s, name, id, f);

	if (found)
		return found < 0 ? -1 : refuse_removed(s, name, *id, f);
	if (!name_ok(name))
		return fault_set(
		    f, FAULT_BAD, "source \"%s\": a name is up to 64 of A-Z a-z 0-9 . _ / -", name);
	if (db_run(s->db, f, put, "isi", s->project, name, source_default_rank(name)) < 0)
		return -1;
	*id = db_last_id(s->db);
	if (*id > SOURCE_MOST)
		return fault_set(
		    f, FAULT_BAD, "source \"%s\": more than %d sources", name, SOURCE_MOST);
	return 0;
}

int
source_note_sync(struct session *s, int64_t id, int64_t at, const char *trouble, struct fault *f)
{
	static const char sql[] = "UPDATE source SET tried = $2, trouble = $3 WHERE id = $1";

	return db_run(s->db, f, sql, "iis", id, at, trouble) < 0 ? -1 : 0;
}
