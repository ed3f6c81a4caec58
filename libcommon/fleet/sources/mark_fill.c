/* SPDX-License-Identifier: Apache-2.0 */
/* Marks of layers that were written before there were marks. */
#include "fleet/document.h"
#include "fleet/sources/mark.h"

static int
is_due(struct session *s, struct fault *f)
{
	int64_t one;

	return db_get_int(s->db, &one, f, "SELECT 1 FROM due WHERE what = 'marks'", "");
}

static int
fill_one(struct session *s, const struct db_rows *row, struct fault *f)
{
	const struct words none = {0};
	struct words marks = {0};
	int64_t id = db_int(row, 0);
	int status;

	mark_of(db_jtext(row, 1), db_jtext(row, 2), &marks);
	status = mark_write(s, DOCUMENT_ITEM(id), DOCUMENT_SOURCE(id), &none, &marks, f);
	words_done(&marks);
	return status;
}

/* Of every project: the file is one. */
static int
fill_all(struct session *s, struct fault *f)
{
	static const char sql[] = "SELECT d.id, d.attributes, d.variables FROM document AS d"
				  " JOIN item AS i ON i.id = d.id / 4096 WHERE i.class = 'device'";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		more = fill_one(s, &rows, f) < 0 ? -1 : 1;
	db_end(&rows);
	if (more < 0)
		return -1;
	return db_run(s->db, f, "DELETE FROM due WHERE what = 'marks'", "") < 0 ? -1 : 1;
}

int
mark_fill(struct session *s, struct fault *f)
{
	int due = is_due(s, f);

	if (due <= 0)
		return due;
	if (db_begin(s->db, f) < 0)
		return -1;
	/* Another session may have been first. */
	due = is_due(s, f);
	if (due == 1)
		due = fill_all(s, f);
	if (due == 1 && db_commit(s->db, f) == 0)
		return 1;
	db_rollback(s->db);
	return due;
}
