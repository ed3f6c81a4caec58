/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/source.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void
source_done(struct source *s)
{
	free(s->name);
	*s = (struct source){0};
}

static int
read_one(struct db_rows *rows, struct source *out, struct fault *f)
{
	int found = db_next(rows, f);

	if (found == 1) {
		out->id = db_int(rows, 0);
		out->name = db_text_dup(rows, 1);
		out->rank = db_int(rows, 2);
		out->seen = db_int(rows, 3);
	}
	return found;
}

int
source_get(struct session *s, const char *name, struct source *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT id, name, rank, seen FROM source WHERE project = $1 AND name = $2";
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
	static const char sql[] = "SELECT id, name, rank, seen FROM source WHERE id = $1";
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
	    "SELECT id, name, rank, seen FROM source WHERE project = $1 ORDER BY rank, id";
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

int
source_want(struct session *s, const char *name, int64_t *id, struct fault *f)
{
	static const char put[] = "INSERT INTO source (project, name, rank) VALUES ($1, $2, $3)";
	int found = source_find(s, name, id, f);

	if (found)
		return found < 0 ? -1 : 0;
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
