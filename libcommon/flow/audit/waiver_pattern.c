/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a pattern of checks means any: a waiver for a mistyped one would waive nothing. */
#include "flow/audit/waiver.h"

#include "base/near.h"
#include "flow/audit/definition.h"
#include "flow/audit/finding.h"

/* The texts of a query's first column. */
static int
add_texts(struct session *s, const char *sql, struct words *out, struct fault *f)
{
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		words_add(out, db_text(&rows, 0));
	db_end(&rows);
	return more;
}

/* A definition that cannot be read has no checks to waive; lint is for saying why. */
static void
add_checks(const char *path, struct words *out)
{
	struct definition d;
	struct fault ignored;

	if (definition_open(&d, path, &ignored) == 0)
		for (size_t i = 0; i < d.checks.n; i++)
			words_add(out, d.checks.v[i].name);
	definition_close(&d);
}

static int
add_known(struct session *s, const struct shelf *shelf, struct words *out, struct fault *f)
{
	static const char found[] = "SELECT DISTINCT name FROM finding WHERE project = $1";
	static const char ran[] = "SELECT DISTINCT file FROM audit_run WHERE project = $1"
				  " AND file IS NOT NULL";
	struct words paths = {0};
	int status = add_texts(s, found, out, f);

	if (status == 0)
		status = add_texts(s, ran, &paths, f);
	shelf_list(shelf, &paths);
	for (size_t i = 0; status == 0 && i < paths.n; i++)
		add_checks(paths.v[i], out);
	words_done(&paths);
	return status;
}

int
waiver_check_pattern(
    struct session *s, const char *pattern, const struct shelf *shelf, struct fault *f)
{
	struct near near = NEAR_INIT(pattern);
	struct words known = {0};
	char hint[NEAR_HINT];
	int found = 0, status = add_known(s, shelf, &known, f);

	for (size_t i = 0; status == 0 && !found && i < known.n; i++) {
		found = finding_check_matches(pattern, known.v[i]);
		near_offer(&near, known.v[i]);
	}
	if (status == 0 && !found)
		status = fault_set(f, FAULT_BAD, "--check \"%.80s\": no such check%s", pattern,
		    near_hint(&near, hint));
	words_done(&known);
	return status;
}
