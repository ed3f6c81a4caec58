/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/precedence.h"

#include "base/mem.h"
#include "fleet/pairs.h"
#include "fleet/sources/settings.h"

#include <stdlib.h>
#include <string.h>

struct exception {
	char *pattern;
	int64_t rank;
};

struct place {
	int64_t source, rank;
	int stale, place;
	VEC(struct exception) exceptions[2]; /* by part, the one that holds first */
};

struct precedence {
	VEC(struct place) places; /* by source */
	int exceptions[2];
};

/* ---- reading ---- */

static int
is_exact(const char *pattern)
{
	return !strpbrk(pattern, "*?[");
}

static int
by_weight(const void *a, const void *b)
{
	const struct exception *x = a, *y = b;
	size_t xlen = strlen(x->pattern), ylen = strlen(y->pattern);

	if (is_exact(x->pattern) != is_exact(y->pattern))
		return is_exact(x->pattern) ? -1 : 1;
	if (xlen != ylen)
		return xlen > ylen ? -1 : 1;
	return strcmp(x->pattern, y->pattern);
}

static int
by_source(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->source > y->source) - (x->source < y->source);
}

static void
read_exceptions(struct precedence *p, struct place *place, const char *settings)
{
	struct jtext ranks = jtext_member(JTEXT(settings), "ranks"), key, value;
	size_t at = 0;

	while (ranks.text && jtext_each(ranks, &at, &key, &value)) {
		struct str pattern = STR_INIT;
		struct exception one = {.rank = strtoll(value.text, NULL, 10)};
		int part;

		jtext_plain(key, &pattern);
		one.pattern = str_take(&pattern);
		part = pairs_attribute(one.pattern) ? PRECEDENCE_ATTRIBUTES : PRECEDENCE_VARIABLES;
		vec_push(&place->exceptions[part], one);
		p->exceptions[part] = 1;
	}
	for (int i = 0; i < 2; i++)
		vec_sort(&place->exceptions[i], by_weight);
}

struct precedence *
precedence_new(struct session *s, struct fault *f)
{
	/* hot: each change, and each process that shows who wins */
	static const char sql[] = "SELECT id, rank, stale, settings FROM source WHERE project = $1"
				  " ORDER BY stale, rank, id";
	struct precedence *p = mem_zero(1, sizeof(*p));
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", s->project);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct place *place = vec_add(&p->places);

		place->source = db_int(&rows, 0);
		place->rank = db_int(&rows, 1);
		place->stale = (int)db_int(&rows, 2);
		place->place = (int)p->places.n;
		read_exceptions(p, place, db_text(&rows, 3));
	}
	db_end(&rows);
	vec_sort(&p->places, by_source);
	if (more == 0)
		return p;
	precedence_free(p);
	return NULL;
}

void
precedence_free(struct precedence *p)
{
	for (size_t i = 0; p && i < p->places.n; i++)
		for (int part = 0; part < 2; part++) {
			for (size_t n = 0; n < p->places.v[i].exceptions[part].n; n++)
				free(p->places.v[i].exceptions[part].v[n].pattern);
			vec_done(&p->places.v[i].exceptions[part]);
		}
	if (p)
		vec_done(&p->places);
	free(p);
}

const struct precedence *
precedence_of(struct session *s, struct fault *f)
{
	if (!s->precedence)
		s->precedence = precedence_new(s, f);
	return s->precedence;
}

void
precedence_forget(struct session *s)
{
	precedence_free(s->precedence);
	s->precedence = NULL;
}

/* ---- asking ---- */

int
precedence_has_exceptions(const struct precedence *p, enum precedence_part part)
{
	return p->exceptions[part];
}

static const struct place *
place_of(const struct precedence *p, int64_t source)
{
	const struct place key = {.source = source};

	return p->places.n ? bsearch(&key, p->places.v, p->places.n, sizeof(key), by_source) : NULL;
}

int
precedence_place(const struct precedence *p, int64_t source)
{
	const struct place *place = place_of(p, source);

	return place ? place->place : 0;
}

static int64_t
rank_of(const struct place *place, enum precedence_part part, const char *key)
{
	for (size_t i = 0; i < place->exceptions[part].n; i++) {
		const struct exception *one = &place->exceptions[part].v[i];

		if (settings_match(JTEXT(one->pattern), key))
			return one->rank;
	}
	return place->rank;
}

/* Patterns are matched against the key as people write it. */
static int
compare_ranks(const struct precedence *p, enum precedence_part part, const char *key,
    const struct place *a, const struct place *b)
{
	char *whole = part == PRECEDENCE_ATTRIBUTES && p->exceptions[part]
			  ? mem_printf(PAIRS_ATTRIBUTE "%s", key)
			  : NULL;
	int64_t x = rank_of(a, part, whole ? whole : key);
	int64_t y = rank_of(b, part, whole ? whole : key);

	free(whole);
	return (x > y) - (x < y);
}

/* A source that is not known, in a file that is damaged, comes last. */
int
precedence_compare(
    const struct precedence *p, enum precedence_part part, const char *key, int64_t a, int64_t b)
{
	const struct place *x = place_of(p, a), *y = place_of(p, b);
	int order;

	if (!x || !y)
		return !x - !y;
	if (x->stale != y->stale)
		return x->stale - y->stale;
	order = compare_ranks(p, part, key, x, y);
	return order ? order : (a > b) - (a < b);
}
