/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/writers/roster.h"

#include "base/mem.h"
#include "fleet/label/rule.h"
#include "fleet/ref.h"
#include "fleet/writers/roster_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Items of a run: enough that a query's start does not count, and few to hold. */
#define RUN 512

/* A run's ids span at most so many times their number, so that little is read in vain. */
#define SPARSE 4

/* ---- open, close ---- */

static int
find_twice(struct roster *r, struct fault *f)
{
	static const char sql[] = "SELECT name FROM item GROUP BY name HAVING count(*) > 1";
	struct db_rows rows;
	int more = db_query(r->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		map_put(&r->twice, db_text(&rows, 0), NULL);
	db_end(&rows);
	return more;
}

int
roster_open(struct roster *r, struct session *s, int parts, struct fault *f)
{
	const struct rule_list *rules;

	*r = (struct roster){.s = s, .parts = parts};
	if (source_list(s, &r->sources, f) < 0 || rules_get(s, &rules, f) < 0)
		return -1;
	r->has_rules = rules->n > 0;
	return parts & ROSTER_NAME ? find_twice(r, f) : 0;
}

void
roster_close(struct roster *r)
{
	struct map_entry *e;
	size_t at = 0;

	while ((e = map_each(&r->places, &at)))
		free(e->value.p);
	sources_done(&r->sources);
	map_done(&r->twice);
	map_done(&r->places);
}

/* ---- names ---- */

/* "host:us/dfw/web1" to "web1.dfw.us": the ref says as much of the place as is needed. */
static char *
name_of_ref(const char *ref)
{
	struct str out = STR_INIT;
	const char *from = strchr(ref, ':') + 1, *end = ref + strlen(ref), *slash;

	while ((slash = memrchr(from, '/', (size_t)(end - from)))) {
		str_addn(&out, slash + 1, (size_t)(end - slash - 1));
		str_addc(&out, '.');
		end = slash;
	}
	str_addn(&out, from, (size_t)(end - from));
	return str_take(&out);
}

static int
put_name(struct roster *r, struct roster_item *it, struct fault *f)
{
	/* hot: each item that is written and shares its name */
	static const char a_second[] =
	    "SELECT 2 FROM item WHERE name = $1 AND project = $2 AND kind = $3 AND retired = 0"
	    " LIMIT 1 OFFSET 1";
	struct str ref = STR_INIT;
	int64_t n;
	int is_shared = 0;

	if (map_get(&r->twice, it->item.name))
		is_shared = db_get_int(r->s->db, &n, f, a_second, "sis", it->item.name,
		    it->item.project, it->item.kind);
	if (is_shared < 0)
		return -1;
	if (!is_shared) {
		it->name = mem_dup(it->item.name);
		return 0;
	}
	if (ref_text(r->s, &it->item, &ref, f) < 0)
		return -1;
	it->name = name_of_ref(ref.text);
	r->renamed += strcmp(it->name, it->item.name) != 0;
	str_done(&ref);
	return 0;
}

static int
put_place(struct roster *r, int64_t id, const char **out, struct fault *f)
{
	char key[24], *name;
	union map_value *at;
	int added;

	*out = NULL;
	if (!id)
		return 0;
	snprintf(key, sizeof(key), "%lld", (long long)id);
	at = map_put(&r->places, key, &added);
	if (added) {
		if (item_name(r->s, id, &name, f) < 0)
			return -1;
		at->p = name;
	}
	*out = at->p;
	return 0;
}

/* ---- all of it ---- */

static int
finish(struct roster *r, struct roster_item *it, struct fault *f)
{
	if (put_place(r, it->item.cloud, &it->cloud, f) < 0 ||
	    put_place(r, it->item.region, &it->region, f) < 0 ||
	    put_place(r, it->item.cell, &it->cell, f) < 0)
		return -1;
	return r->parts & ROSTER_NAME ? put_name(r, it, f) : 0;
}

/* How many of the ids from at on are one run. */
static size_t
length_of_run(const struct ids *ids, size_t at)
{
	size_t n = 1;

	while (at + n < ids->n && n < RUN &&
	       ids->v[at + n] - ids->v[at] <= (int64_t)(SPARSE * (n + 1)))
		n++;
	return n;
}

int
roster_each(struct roster *r, const struct ids *ids,
    int (*each)(void *ctx, struct roster_item *it, struct fault *f), void *ctx, struct fault *f)
{
	int status = 0;

	for (size_t at = 0, n; status == 0 && at < ids->n; at += n) {
		struct roster_run run = {.r = r, .ids = ids->v + at};

		n = run.n = length_of_run(ids, at);
		status = roster_load(&run, f);
		for (size_t i = 0; i < run.items.n; i++) {
			struct roster_item *it = &run.items.v[i];

			if (status == 0 && (status = finish(r, it, f)) == 0)
				status = each(ctx, it, f);
		}
		roster_run_done(&run);
	}
	return status < 0 ? -1 : 0;
}
