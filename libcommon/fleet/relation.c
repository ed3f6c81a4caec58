/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/relation.h"

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Depth first from an edge's end: reaching its start closes a cycle. path: for the message. */
static int
reaches(struct session *s, const char *type, int64_t from, int64_t to, struct map *seen,
    struct str *path, struct fault *f)
{
	static const char sql[] = "SELECT DISTINCT dst FROM relation WHERE src = $1 AND type = $2";
	struct ids next = {0};
	struct db_rows rows;
	char key[24];
	int added, more, found = from == to;

	snprintf(key, sizeof(key), "%" PRId64, from);
	map_put(seen, key, &added);
	if (found || !added) {
		if (found)
			ref_of(s, from, path, f);
		return found;
	}
	more = db_query(s->db, &rows, f, sql, "is", from, type);
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(&next, db_int(&rows, 0));
	db_end(&rows);
	for (size_t i = 0; more >= 0 && !found && i < next.n; i++)
		more = found = reaches(s, type, next.v[i], to, seen, path, f);
	vec_done(&next);
	if (more < 0)
		return -1;
	if (found) {
		struct str here = STR_INIT;

		ref_of(s, from, &here, f);
		str_addf(&here, " -> %s", path->text);
		str_done(path);
		*path = here;
	}
	return found;
}

int
relation_refuse_cycle(
    struct session *s, int64_t src, const char *type, int64_t dst, struct fault *f)
{
	struct map seen = {0};
	struct str path = STR_INIT, from = STR_INIT;
	int found = reaches(s, type, dst, src, &seen, &path, f);

	if (found == 1 && ref_of(s, src, &from, f) == 0)
		fault_set(f, FAULT_BAD, "relation %s would close a cycle: %s -> %s", type,
		    from.text, path.text);
	map_done(&seen);
	str_done(&path);
	str_done(&from);
	return found ? -1 : 0;
}

int
relation_type_ok(const char *type)
{
	return *type >= 'a' && *type <= 'z' && strlen(type) <= 64 &&
	       !type[strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}
