/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/relation.h"

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fleet/ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * A walk from an edge's end along its type: ids as they are met, each with where it was come
 * from. A list and no recursion: a chain may be as long as the fleet.
 */
struct walk {
	struct ids met;
	VEC(size_t) from; /* the place in met before it */
	struct map seen;
};

static void
meet(struct walk *w, int64_t id, size_t from)
{
	char key[24];
	int added;

	snprintf(key, sizeof(key), "%" PRId64, id);
	map_put(&w->seen, key, &added);
	if (!added)
		return;
	vec_push(&w->met, id);
	vec_push(&w->from, from);
}

/* 1 where the walk gets to an item, which is then the last one met; 0, -1. */
static int
reaches(struct session *s, const char *type, int64_t to, struct walk *w, struct fault *f)
{
	/* hot: each step of the walk along each new edge */
	static const char sql[] = "SELECT DISTINCT dst FROM relation WHERE src = $1 AND type = $2";
	struct db_rows rows;
	int more = 0;

	for (size_t at = 0; more >= 0 && at < w->met.n; at++) {
		more = db_query(s->db, &rows, f, sql, "is", w->met.v[at], type);
		while (more >= 0 && w->met.v[w->met.n - 1] != to && (more = db_next(&rows, f)) == 1)
			meet(w, db_int(&rows, 0), at);
		db_end(&rows);
		if (w->met.v[w->met.n - 1] == to)
			return 1;
	}
	return more;
}

/* From the start of the walk to its end, a few at either end where the way is long. */
#define TOLD 4

static int
refuse(struct session *s, const char *type, int64_t src, const struct walk *w, struct fault *f)
{
	struct ids way = {0};
	struct str path = STR_INIT;
	int status;

	for (size_t at = w->met.n - 1; at; at = w->from.v[at])
		vec_push(&way, w->met.v[at]);
	vec_push(&way, w->met.v[0]);
	status = ref_of(s, src, &path, f);
	for (size_t i = way.n; status == 0 && i-- > 0;) {
		str_add(&path, " -> ");
		if (i >= TOLD && way.n - i > TOLD) {
			str_addf(&path, "(%zu more)", i - TOLD + 1);
			i = TOLD;
			continue;
		}
		status = ref_of(s, way.v[i], &path, f);
	}
	if (status == 0)
		fault_set(f, FAULT_BAD, "relation %s would close a cycle: %s", type, path.text);
	vec_done(&way);
	str_done(&path);
	return -1;
}

int
relation_refuse_cycle(
    struct session *s, int64_t src, const char *type, int64_t dst, struct fault *f)
{
	struct walk w = {0};
	int found;

	meet(&w, dst, 0);
	found = reaches(s, type, src, &w, f);
	if (found == 1)
		refuse(s, type, src, &w, f);
	vec_done(&w.met);
	vec_done(&w.from);
	map_done(&w.seen);
	return found ? -1 : 0;
}

int
relation_type_ok(const char *type)
{
	return *type >= 'a' && *type <= 'z' && strlen(type) <= 64 &&
	       !type[strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}
