/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that the first pass could not put, mostly since the name that they bring belongs to an
 * item that is itself renamed further down: a chain of renames in any order, two that swap
 * their names. When all others are in, the items of the late records step aside, each to a
 * place of its own, and the records are put again. What fails then is bad: all is taken back
 * and done without it, since its item has to keep the old name.
 */
#include "fleet/bulk/import_inside.h"

#include "base/mem.h"
#include "fleet/log/change_inside.h"

#include <inttypes.h>
#include <stdlib.h>

/* A chain that ends at a name that is taken is bad from its end, a record a round. */
#define MOST_ROUNDS 64

static int
read_late(struct import_work *w, const struct import_late *one, unsigned long *line,
    struct jtext *object, struct fault *f)
{
	return spool_seek(&w->spool, one->at, f) < 0 ? -1 : spool_next(&w->spool, line, object, f);
}

/* ---- stepping aside ---- */

/* An item that the source knows by the record's key; who is known by name alone has to keep it. */
static int
park(struct import_work *w, struct import_late *one, struct fault *f)
{
	static const char get[] = "SELECT item FROM ident WHERE source = $1 AND key = $2";
	/* No name has a control character in it. */
	static const char put[] = "UPDATE item SET slot = char(1) || id WHERE id = $1"
				  " AND class IN ('device', 'network', 'cell', 'region', 'cloud',"
				  " 'network-interface', 'label')";
	struct jtext object;
	unsigned long line;
	char *key;
	int found;

	one->parked = 0;
	if (read_late(w, one, &line, &object, f) < 0)
		return -1;
	key = jtext_plain_dup(jtext_member(object, "key"));
	found =
	    key && w->source ? db_get_int(w->s->db, &one->parked, f, get, "is", w->source, key) : 0;
	free(key);
	if (found == 1 && db_run(w->s->db, f, put, "i", one->parked) < 0)
		found = -1;
	return found < 0 ? -1 : 0;
}

/* One that its record did not change after all goes back to its place. */
static int
unpark(struct import_work *w, const struct import_late *one, struct fault *f)
{
	static const char sql[] = "SELECT 1 FROM item WHERE id = $1 AND slot = char(1) || id";
	int64_t still;
	int found = one->parked ? db_get_int(w->s->db, &still, f, sql, "i", one->parked) : 0;

	return found == 1 ? change_settle(&w->c, one->parked, 0, f) : found;
}

/* ---- rounds ---- */

static int
put_one(struct import_work *w, struct import_late *one, struct fault *f)
{
	struct change_mark mark;
	struct fault why = {0};
	struct jtext object;
	unsigned long line;

	if (change_save(&w->c, &mark, f) < 0 || read_late(w, one, &line, &object, f) < 0)
		return -1;
	if (import_put(w, object, RECORD_NO_EDGES, &why) == 0)
		return change_keep(&w->c, f);
	if (why.kind == FAULT_BAD) {
		one->why = mem_dup(why.text);
		return change_undo_to(&w->c, &mark, f);
	}
	*f = why;
	return -1;
}

static size_t
count_bad(const struct import_work *w)
{
	size_t bad = 0;

	for (size_t i = 0; i < w->late.n; i++)
		bad += w->late.v[i].why != NULL;
	return bad;
}

/* All of them, stepped aside: 0 however many failed. */
static int
try_all(struct import_work *w, struct fault *f)
{
	int status = 0;

	for (size_t i = 0; status == 0 && i < w->late.n; i++)
		status = park(w, &w->late.v[i], f);
	for (size_t i = 0; status == 0 && i < w->late.n; i++)
		status = put_one(w, &w->late.v[i], f);
	for (size_t i = 0; status == 0 && !count_bad(w) && i < w->late.n; i++)
		status = unpark(w, &w->late.v[i], f);
	return status;
}

static int
say_bad(struct import_work *w, const struct import_late *one, struct fault *f)
{
	struct jtext object;
	struct fault why;
	unsigned long line;

	if (read_late(w, one, &line, &object, f) < 0)
		return -1;
	fault_set(&why, FAULT_BAD, "%s", one->why);
	import_say_bad(w, one->n, line, &why);
	return 0;
}

/* Those that failed are reported, and are out. */
static int
leave_out_bad(struct import_work *w, struct fault *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->late.n; i++) {
		struct import_late *one = &w->late.v[i];
		int status = one->why ? say_bad(w, one, f) : 0;

		if (status < 0)
			return -1;
		if (!one->why)
			w->late.v[kept++] = *one;
		free(one->why);
		one->why = NULL;
	}
	w->late.n = kept;
	return 0;
}

static int
give_up(struct import_work *w, struct fault *f)
{
	for (size_t i = 0; i < w->late.n; i++)
		w->late.v[i].why = mem_dup("its name waits for one that is not free");
	return leave_out_bad(w, f);
}

int
import_put_late(struct import_work *w, struct fault *f)
{
	int rounds = 0;

	if (!w->late.n)
		return 0;
	if (import_look_keys(w, f) < 0)
		return -1;
	while (w->late.n && rounds++ < MOST_ROUNDS) {
		size_t seen = w->seen.n;
		int64_t same = w->im->same;
		struct change_mark mark;

		if (change_save(&w->c, &mark, f) < 0 || try_all(w, f) < 0)
			return -1;
		if (!count_bad(w))
			return change_keep(&w->c, f);
		w->seen.n = seen;
		w->im->same = same;
		if (change_undo_to(&w->c, &mark, f) < 0 || leave_out_bad(w, f) < 0)
			return -1;
	}
	return give_up(w, f);
}
